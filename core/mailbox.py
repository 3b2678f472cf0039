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
    r"^(>|-- $|-{2,} ?(Original|Исходн|Пересыл|Бастапқы|Оригінал|Вихідн)|_{10,}"
    r"|(From|От|Від|Кімнен|Отправитель): "
    r"|.{3,250}\b(wrote|писала?|писал\(а\)|пишет|пише|писав|писала|жазды)\b.{0,80}:$"
    r"|(?=.{0,200}\d{1,2}[:.]\d{2}).{3,200}<?[^<>\s@]+@[^<>\s@]+>?\s*:$)",
    re.IGNORECASE,
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
    has had it. Anybody can write a sender, so the note is a person's only if our mail went to that
    very person's address; else it stands under the address that our mail went to. Who has an
    account but no right to decide there writes nothing, and nobody answers in the name of another
    person's own mail: that raises Forbidden. None for what no person wrote (holiday replies,
    bounces) and for a reply that has been noted already. Raises NotFound for an answer to no mail
    of ours, Invalid for an empty one and for an answer to a mail about several errors.
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
    target = channel.target.lower()
    known = session.scalar(select(User).where(User.email == target))
    if known is None:
        return Actor(target, "mail")
    if address != target or not rights_of(known).may("editor", channel.site_id):
        raise Forbidden("Only the person to whom this mail went may answer it.")
    return Actor(known.email, "mail", known.id)


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
        tree = LexborHTMLParser(content)
        for quoted in tree.css("blockquote, .gmail_quote, .yahoo_quoted, #appendonsend, style"):
            quoted.decompose()
        content = tree.text(separator="\n")
    lines = []
    for line in str(content).replace("\0", "").splitlines():
        if _QUOTE_BEGINS.match(line):
            break
        lines.append(line.rstrip())
    return "\n".join(lines).strip()[:LONGEST]
