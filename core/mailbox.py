"""Replies to mails: what somebody writes under a mail about a case becomes a note on it."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import FieldError, Forbidden, Invalid, NotFound
from core.history import Actor
from core.models import Channel, Delivery, Event, User
from core.rights import rights_of

LONGEST = 2_000
_KEY = re.compile(r"<([0-9a-f]{32})@[^<>\s]{1,255}>")
_QUOTE_BEGINS = re.compile(
    r"^(>|-- $|-{2,} ?(Original|Исходное|Пересылаемое|Бастапқы)|_{10,}|(From|От|Кімнен): "
    r"|.{3,250}\b(wrote|писала?|писал\(а\)|пишет|жазды)\b.{0,80}:$)"
)


@dataclass(frozen=True)
class Reply:
    """A note to be made: on which case, in whose name, and what."""

    case_id: int
    text: str
    actor: Actor


def read_reply(session: Session, raw: bytes) -> Reply | None:
    """Whose mail a message answers, and what it says, without what it quotes.

    The Message-ID of our mail is a random key that only its receivers know, so whoever answers it
    has had it. The note is the person's whose address it comes from if they may decide on that
    site, else the channel's. Who has an account but no right to decide there writes nothing, and
    nothing is written in the name of such a person's own channel: that raises Forbidden. None for
    what no person wrote (holiday replies, bounces) and for a reply that has been noted already.
    Raises NotFound for an answer to no mail of ours, Invalid
    for an empty one and for an answer to a mail about several errors.
    """
    message = email.message_from_bytes(
        raw, policy=email.policy.compat32.clone(raise_on_defect=False)
    )
    if _is_automatic(message):
        return None
    channel, case_id = _answered(session, message)
    text = _text(raw)
    if not text:
        raise Invalid(FieldError("text", "is empty: write above the quoted mail"))
    actor = _actor(session, channel, str(message.get("From", "")))
    written = select(Event.data).where(
        Event.case_id == case_id,
        Event.type == "note",
        Event.actor == actor.name,
        Event.via == actor.via,
    )
    if any(data.get("text") == text for data in session.scalars(written)):
        return None
    return Reply(case_id, text, actor)


def _answered(session: Session, message: "Message[str, str]") -> tuple[Channel, int]:
    keys = []
    for name in ("In-Reply-To", "References"):
        keys += _KEY.findall(str(message.get(name, ""))[:10_000])
    rows = session.scalars(
        select(Delivery).where(Delivery.message_key.in_(keys), Delivery.sent_at.is_not(None))
    ).all()
    if not rows:
        raise NotFound("This answers no mail of ours.")
    row = max(rows, key=lambda each: each.id)
    together = select(Delivery.case_id).where(
        Delivery.channel_id == row.channel_id, Delivery.sent_at == row.sent_at
    )
    cases = {case_id for case_id in session.scalars(together) if case_id is not None}
    if len(cases) != 1:
        raise Invalid(FieldError("mail", "is not about one error: open the one you mean"))
    return row.channel, cases.pop()


def _actor(session: Session, channel: Channel, sender: str) -> Actor:
    address = parseaddr(sender)[1].strip().lower()
    user = session.scalar(select(User).where(User.email == address)) if address else None
    owner = session.get(User, channel.user_id) if channel.user_id is not None else None
    for person in (owner, user):
        if person is not None and not rights_of(person).may("editor", channel.site_id):
            raise Forbidden("Whose mail this is may write no notes on that site.")
    if user is not None:
        return Actor(user.email, "mail", user.id)
    return Actor(channel.target.lower(), "mail")


def _is_automatic(message: "Message[str, str]") -> bool:
    said = str(message.get("Auto-Submitted", "no")).strip().lower()
    bulk = str(message.get("Precedence", "")).strip().lower() in ("bulk", "junk", "auto_reply")
    return said != "no" or bulk or str(message.get("Return-Path", "")).strip() == "<>"


def _text(raw: bytes) -> str:
    """What the person wrote: the plain part, else the HTML part's text; up to the quotation."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    try:
        body = message.get_body(("plain", "html"))
        content = body.get_content() if body is not None else ""
    except (LookupError, ValueError, AttributeError, TypeError) as fault:
        raise Invalid(FieldError("mail", "cannot be read")) from fault
    if body is not None and body.get_content_subtype() == "html":
        content = LexborHTMLParser(content).text(separator="\n")
    lines = []
    for line in str(content).replace("\0", "").splitlines():
        if _QUOTE_BEGINS.match(line):
            break
        lines.append(line.rstrip())
    return "\n".join(lines).strip()[:LONGEST]
