"""Colleagues whom a note names: `@name`, or `@` and a mail address."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import recipients
from core.cadence import cadence_of, due
from core.models import Case, Channel, Delivery, Event, Membership, User
from core.settings import Settings

_MOST = 10  # of one note: it is for colleagues, not for a mailing list
_NAME = re.compile(r"[\w.@+-]{1,60}")


@dataclass(frozen=True)
class Heard:
    """What a note that names colleagues comes to: who gets a mail about it, who has not asked for
    such mails, and what stood after `@` and is nobody's name on this site."""

    by_mail: tuple[str, ...] = ()
    not_by_mail: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()


def colleagues(session: Session, site_id: int) -> list[User]:
    """Everybody who may see the cases of a site, by name."""
    there = or_(Membership.site_id.is_(None), Membership.site_id == site_id)
    query = select(User).where(User.memberships.any(there))
    return list(session.scalars(query.order_by(User.name, User.id)))


def named_in(text: str, people: Sequence[User]) -> list[User]:
    """The people whom a text names, each once, in their order in the text.

    After `@` stands an address, a whole name or, where nobody else has it, a first name; capitals
    do not matter, and the longest that fits counts. Whom nobody knows stays text.
    """
    names = _names(people)
    found = {user.id: user for rest in _called(text) if (user := _who(rest, names))}
    return list(found.values())[:_MOST]


def heard(session: Session, event: Event, site_id: int) -> Heard:
    """Who hears of a note. Whether a name that is none here is one elsewhere is not told."""
    people, text = colleagues(session, site_id), str(event.data.get("text", ""))
    owed = select(Delivery.channel_id).where(
        Delivery.event_id == event.id, Delivery.event_type == "case.mentioned"
    )
    targets = set(session.scalars(select(Channel.target).where(Channel.id.in_(owed))))
    told = [user for user in named_in(text, people) if user.email != event.actor]
    names = _names(people)
    unknown = [_NAME.match(rest) for rest in _called(text) if _who(rest, names) is None]
    return Heard(
        by_mail=tuple(user.name or user.email for user in told if user.email in targets),
        not_by_mail=tuple(user.name or user.email for user in told if user.email not in targets),
        nobody=tuple(dict.fromkeys(f"@{name[0]}" for name in unknown if name))[:_MOST],
    )


def owe(
    session: Session,
    case: Case,
    event: Event,
    named: Sequence[User],
    now: datetime,
    settings: Settings,
) -> None:
    """One mail for each who is named, wants such mails, and is not the one who writes.

    Mail about cases goes to channels only, unless a person's own setting says more: this is that
    setting, and it is off until somebody turns it on. Quiet hours are kept.
    """
    for user in named:
        own = recipients.own_mail_of(session, user.id)
        if not own.mentions or own.is_off or user.email == event.actor:
            continue
        channel = recipients.personal_channel(session, case.site_id, user, now)
        if channel.options.get("stopped"):
            continue
        cadence = cadence_of(channel.options, case.site.timezone)
        session.add(
            Delivery(
                channel_id=channel.id,
                case_id=case.id,
                event_id=event.id,
                event_type="case.mentioned",
                rhythm="now",
                due_at=due(cadence, "now", now, settings)[1],
                message_key=secrets.token_hex(16),
                created_at=now,
            )
        )


def _names(people: Sequence[User]) -> list[tuple[str, User]]:
    """What people are called, the longest first; what several are called is nobody's name."""
    called: dict[str, set[int]] = {}
    by_id = {user.id: user for user in people}
    for user in people:
        whole = " ".join(user.name.split()).casefold()
        for name in {user.email.casefold(), whole, whole.partition(" ")[0]} - {""}:
            called.setdefault(name, set()).add(user.id)
    alone = [(name, by_id[next(iter(ids))]) for name, ids in called.items() if len(ids) == 1]
    return sorted(alone, key=lambda pair: -len(pair[0]))


def _called(text: str) -> list[str]:
    """What stands after each `@` that begins a word, to the end of the text."""
    places = [place for place, char in enumerate(text) if char == "@"]
    return [text[at + 1 :] for at in places if at == 0 or not _is_word(text[at - 1])]


def _who(rest: str, names: Sequence[tuple[str, User]]) -> User | None:
    folded = rest.casefold()
    return next((who for name, who in names if _begins(folded, name)), None)


def _begins(rest: str, name: str) -> bool:
    return rest.startswith(name) and not (len(rest) > len(name) and _is_word(rest[len(name)]))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"
