"""What is owed to whom, and when; and whose a new case is."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import channels
from core.cadence import due
from core.models import Case, Channel, Delivery, Event, User
from core.notices.audience import Audience
from core.settings import Settings

# What an event means to those who wait for messages.
TYPES = {
    "created": "case.created",
    "joined": "case.updated",
    "updated": "case.updated",
    "merged": "case.updated",
    "split": "case.updated",
    "undone": "case.updated",
    "accepted": "case.updated",
    "dismissed": "case.updated",
    "fixed": "case.fixed",
    "verified": "case.verified",
    "regressed": "case.regressed",
}
_AT_ONCE = ("case.created", "case.regressed")


def owed(
    session: Session, case: Case, event: Event, now: datetime, settings: Settings
) -> list[Delivery]:
    """Write down the messages that an event causes, in the transaction of their cause.

    A person's channel hears of a new case and of an error that came back when it wants to hear
    (at once, unless its options say otherwise), of further readers in its digest or, where their
    number passes a threshold of the site, at once; and of nothing else: what editors do, editors
    know. In a chat, the message about a case is changed when the case moves. A webhook hears
    everything at once. Each channel hears the first word about a case only once, and a digest
    that already waits takes further readers of the same case along, as does a word about their
    number that has not gone out yet.
    """
    rows = rows_owed(Audience(session), case, event.id, event.type, now, settings)
    deliveries = [Delivery(**row) for row in rows]
    session.add_all(deliveries)
    return deliveries


def assign(audience: Audience, case: Case, now: datetime) -> str | None:
    """Give a new case to the person whom the site's rules name; returns that person's address.

    Nobody gets it if that person has no right to decide there any more.
    """
    user = None if case.assignee_id is not None else assignee(audience, case, now)
    if user is None:
        return None
    case.assignee_id = user.id
    return user.email


def assignee(audience: Audience, case: Case, now: datetime) -> User | None:
    """The person to whom the site's rules give a new case."""
    chosen = audience.route(case, now).assign
    user_id = audience.on_duty(case.site_id, now) if chosen == "duty" else chosen
    if user_id is None or not audience.may(int(user_id), "editor", case.site_id):
        return None
    return audience.user(int(user_id))


def rows_owed(
    audience: Audience, case: Case, event_id: int, kind: str, now: datetime, settings: Settings
) -> list[dict[str, Any]]:
    """The deliveries that an event of a kind causes, by the rule of `owed`, as rows."""
    event_type = TYPES.get(kind)
    if event_type is None:
        return []
    rows = []
    told = audience.told(case, is_new=kind == "created")
    for hearer in audience.listeners(case, kind, now):
        channel = hearer.channel
        when = _when(audience, channel, case, kind, now, settings)
        if when is None:
            continue
        rhythm, due_at = when
        if kind == "joined" and channel.kind != "webhook":
            if audience.takes_along(case, channel, rhythm):
                continue
            told.waiting.add((channel.id, rhythm))
            told.held.add((channel.id, rhythm))
        told.heard.setdefault(channel.id, hearer.why)
        rows.append(
            {
                "channel_id": channel.id,
                "case_id": case.id,
                "event_id": event_id,
                "event_type": event_type,
                "rhythm": rhythm,
                "status": "pending",
                "attempts": 0,
                "due_at": due_at,
                "message_key": secrets.token_hex(16),
                "why": hearer.why,
                "created_at": now,
            }
        )
    return rows


def _when(
    audience: Audience,
    channel: Channel,
    case: Case,
    kind: str,
    now: datetime,
    settings: Settings,
) -> tuple[str, datetime] | None:
    """The rhythm and the moment of a message; None where the channel does not want it."""
    if channel.kind == "webhook":
        return "now", now
    cadence = audience.cadence(channel, audience.site(case.site_id))
    if TYPES[kind] in _AT_ONCE:
        word = cadence.of_new(case.kind)
    elif kind == "joined":
        plan = audience.house(case.site_id).plan
        is_loud = plan is not None and case.readers in plan.thresholds
        word = "now" if is_loud else cadence.readers
    elif channel.kind in channels.EDITED and channel.id in audience.told(case).heard:
        return "edit", now
    else:
        return None
    return None if word == "off" else due(cadence, word, now, settings)
