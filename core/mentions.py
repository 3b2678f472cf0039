"""Colleagues whom a note names: `@name`, or `@` and a mail address."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import recipients
from core.cadence import cadence_of, due
from core.models import Case, Delivery, Event, Membership, User
from core.settings import Settings

_MOST = 10  # of one note: it is for colleagues, not for a mailing list


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
    found: dict[int, User] = {}
    folded = text.casefold()
    place = folded.find("@")
    while place >= 0:
        if place == 0 or not _is_word(folded[place - 1]):
            rest = folded[place + 1 :]
            user = next((who for name, who in names if _begins(rest, name)), None)
            if user is not None:
                found.setdefault(user.id, user)
        place = folded.find("@", place + 1)
    return list(found.values())[:_MOST]


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


def _begins(rest: str, name: str) -> bool:
    return rest.startswith(name) and not (len(rest) > len(name) and _is_word(rest[len(name)]))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"
