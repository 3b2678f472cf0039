"""Whose mail a reply answers, in whose name, and what it says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import recipients
from core.errors import FieldError, Forbidden, Invalid, NotFound
from core.history import Actor
from core.mailbox.bodies import lines_of, read_mail
from core.mailbox.quotation import typed
from core.mailbox.sent import ours_of
from core.models import Channel, Delivery, Event, User
from core.rights import rights_of
from core.settings import Settings

LONGEST = 2_000
_KEY = re.compile(r"<([0-9a-f]{32})@[^<>\s]{1,255}>")


@dataclass(frozen=True)
class Reply:
    """A note to be made: on which case, in whose name, and what.

    `sent_to` is the address that the mail went to, where somebody else seems to have answered it.
    """

    case_id: int
    text: str
    actor: Actor
    sent_to: str | None


def read_reply(session: Session, raw: bytes, settings: Settings) -> Reply | None:
    """Whose mail a message answers, and what it says, without what it quotes.

    The Message-ID of our mail is a random key that only its one receiver was told, so whoever
    answers it has had that mail. Anybody can write a sender, so the note is a person's only if our
    mail went to that very person's address; else it stands under the address that our mail went
    to. Who has an account but no right to decide there writes nothing, and nobody answers in the
    name of another person's own mail, nor for an address that hears no more: that raises Forbidden.
    None for what no person wrote (holiday replies, bounces) and for a reply that has been noted
    already. Raises NotFound for an answer to no mail of ours, Invalid for one that is empty or too
    long for a note, and for an answer to a mail about several errors.
    """
    message = read_mail(raw)
    if _is_automatic(message):
        return None
    rows, case_id = _answered(session, message)
    text = typed(lines_of(message), ours_of(session, rows, settings))
    if not text:
        raise Invalid(FieldError("text", "is empty: write above the quoted mail"))
    if len(text) > LONGEST:
        raise Invalid(FieldError("text", f"has more than {LONGEST} characters: send it in parts"))
    channel = rows[0].channel
    address = recipients.folded(parseaddr(str(message.get("From", "")))[1])
    actor = _actor(session, channel, address)
    written = select(Event.data).where(
        Event.case_id == case_id,
        Event.type == "note",
        Event.actor == actor.name,
        Event.via == actor.via,
    )
    if any(data.get("text") == text for data in session.scalars(written)):
        return None
    return Reply(case_id, text, actor, None if address == actor.name else actor.name)


def _answered(session: Session, message: EmailMessage) -> tuple[Sequence[Delivery], int]:
    """The rows of the mail that is answered, and their case."""
    keys: list[str] = []
    for name in ("In-Reply-To", "References"):
        keys += _KEY.findall(str(message.get(name, ""))[:10_000])
    query = (
        select(Delivery)
        .join(Delivery.channel)
        .where(Channel.kind == "email")  # a webhook's number is known to whoever it calls
        .where(Delivery.message_key.in_(keys), Delivery.sent_at.is_not(None))
    )
    found = session.scalars(query.order_by(Delivery.id)).all()
    if not found:
        raise NotFound("This answers no mail of ours.")
    key = max(found, key=lambda each: each.id).message_key
    rows = [row for row in found if row.message_key == key]  # those that went as one share it
    cases = {each.case_id for each in rows if each.case_id is not None}
    if len(cases) != 1:
        raise Invalid(FieldError("mail", "is not about one error: open the one you mean"))
    return rows, cases.pop()


def _actor(session: Session, channel: Channel, address: str) -> Actor:
    user = _user(session, address) if address else None
    owner = session.get(User, channel.user_id) if channel.user_id is not None else None
    for person in (owner, user):
        if person is not None and not rights_of(person).may("editor", channel.site_id):
            raise Forbidden("Whose mail this is may write no notes on that site.")
    target = recipients.folded(channel.target)
    known = _user(session, target)
    if known is None:
        if channel.options.get("removed") or channel.options.get("stopped"):
            raise Forbidden("The address that this mail went to hears no more of that site.")
        return Actor(target, "mail")
    if address != target or not rights_of(known).may("editor", channel.site_id):
        raise Forbidden("Only the person to whom this mail went may answer it.")
    return Actor(known.email, "mail", known.id)


def _user(session: Session, address: str) -> User | None:
    return session.scalar(select(User).where(User.email == address))


def _is_automatic(message: EmailMessage) -> bool:
    said = str(message.get("Auto-Submitted", "no")).strip().lower()
    bulk = str(message.get("Precedence", "")).strip().lower() in ("bulk", "junk", "auto_reply")
    marked = any(
        name in message for name in ("X-Autoreply", "X-Autorespond", "X-Failed-Recipients")
    )
    is_report = message.get_content_type() == "multipart/report"
    return (
        said != "no" or bulk or marked or is_report or str(message["Return-Path"]).strip() == "<>"
    )
