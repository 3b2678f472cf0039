"""Where the link of an invitation leads: a form for who is new, the log-in for who has one."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts
from core.accounts import InvitationOver
from core.clock import utcnow
from core.errors import Conflict, Forbidden, Invalid
from core.i18n import known_language
from core.models import Site
from service.context import service
from service.dashboard import forms
from service.dashboard.access import needs, spoken, visitor
from service.dashboard.rendering import page


def register(blueprint: Blueprint) -> None:
    """The address of an invitation."""
    blueprint.get("/join/<secret>")(join)
    blueprint.post("/join/<secret>")(do_join)
    blueprint.register_error_handler(InvitationOver, lambda _over: over())


@needs("anyone")
def join(secret: str) -> Response:
    """What the invitation asks of this person; only the form below takes it up."""
    return _door(secret, 200)


@needs("anyone")
def do_join(secret: str) -> Response:
    """Become a user, and the log-in follows; who has come in already gains the role."""
    here, form, now = visitor(), request.form, utcnow()
    language = known_language(form.get("language")) or spoken().language
    name = form.get("name", "").replace("\0", "")
    try:
        with service().db.write() as session:
            if here and "own" in form:
                accounts.gain(session, secret, here.user.id, now)
                return redirect(url_for("desk.queue"), 303)
            accounts.accept(session, secret, name, form.get("password", ""), language, now)
    except Invalid as wrong:
        return _door(secret, 422, wrong=wrong.errors[0].field, typed=name)
    except Forbidden:
        return _door(secret, 403)
    except Conflict:
        return _door(secret, 409)
    return redirect(url_for("desk.log_in", lang=language, told="joined"), 303)


def over() -> Response:
    """The link does not work, or no more, and what to do now."""
    return forms.keep_door(page("desk/join_over.html", 404))


def _door(secret: str, status: int, **values: object) -> Response:
    with service().db.read() as session:
        found = accounts.get_invitation(session, secret, utcnow())
        person = accounts.invited_person(session, found)
        site = session.get(Site, found.site_id) if found.site_id else None
    here, provider = visitor(), service().settings.provider
    known = {"person": person, "mine": person and here and here.user.id == person.id}
    values = {"wrong": None, "typed": "", "provider": provider, "site": site, **known, **values}
    return forms.keep_door(
        page("desk/join.html", status, invitation=found, secret=secret, **values)
    )
