"""Making an account of a chat known: whose buttons are pressed by it from then on."""

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response

from core import chatlinks
from core.clock import utcnow
from core.errors import NotFound
from core.models import ChatPerson
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.faults import fault
from service.dashboard.rendering import page


def register(blueprint: Blueprint) -> None:
    """Hang the room into the desk."""
    blueprint.get("/chat/link/<token>")(show_chat_link)
    blueprint.post("/chat/link/<token>")(link_chat)


@needs("viewer")
def show_chat_link(token: str) -> Response:
    """Which account it is, and one button."""
    account = _account(token)
    return _page(account, linked=False) if account else fault(404, "link")


@needs("viewer")
def link_chat(token: str) -> Response:
    """From now on buttons that this account presses are pressed by the person who is logged in."""
    account = _account(token)
    if account is None:
        return fault(404, "link")
    with service().db.write() as session:
        known = session.scalar(
            select(ChatPerson).where(
                ChatPerson.kind == account.kind,
                ChatPerson.place == account.place,
                ChatPerson.name == account.name,
            )
        )
        if known is None:
            known = ChatPerson(
                kind=account.kind, place=account.place, name=account.name, created_at=utcnow()
            )
            session.add(known)
        known.user_id = visit().user.id
    return _page(account, linked=True)


def _account(token: str) -> chatlinks.Account | None:
    try:
        return chatlinks.read(service().settings, token, utcnow())
    except NotFound:
        return None


def _page(account: chatlinks.Account, linked: bool) -> Response:
    email = visit().user.email
    return page("desk/chatlink.html", account=account, linked=linked, email=email)
