"""Who is owed a message about what has just happened."""

import secrets
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Case, Channel, Delivery, Event, Site
from core.settings import Settings

DIGEST_HOUR = time(9, 0)

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

    A person's channel hears of a new case and of an error that came back at once, of further
    readers in its daily digest, and of nothing else: what editors do, editors know. A webhook
    hears everything at once. Each channel hears the first word about a case only once, and a
    digest that already waits takes further readers of the same case along.
    """
    event_type = TYPES.get(event.type)
    if event_type is None:
        return []
    deliveries = []
    for channel in session.scalars(select(Channel).where(Channel.site_id == case.site_id)):
        rhythm = _rhythm(channel, event, event_type)
        if rhythm is None or (rhythm == "digest" and _already_waits(session, channel, case)):
            continue
        due_at = now if rhythm == "now" else next_digest(case.site, now, settings)
        deliveries.append(_delivery(channel, case, event, event_type, rhythm, due_at, now))
    session.add_all(deliveries)
    return deliveries


def _rhythm(channel: Channel, event: Event, event_type: str) -> str | None:
    if channel.kind == "webhook" or event_type in _AT_ONCE:
        return "now"
    return "digest" if event.type == "joined" else None


def _already_waits(session: Session, channel: Channel, case: Case) -> bool:
    waiting = select(Delivery.id).where(
        Delivery.channel_id == channel.id,
        Delivery.case_id == case.id,
        Delivery.rhythm == "digest",
        Delivery.status == "pending",
        Delivery.attempts == 0,
    )
    return session.scalar(waiting.limit(1)) is not None


def next_digest(site: Site, now: datetime, settings: Settings) -> datetime:
    """When the next daily digest goes out: nine in the morning where the newsroom is."""
    here = now.astimezone(ZoneInfo(site.timezone))
    morning = here.replace(hour=DIGEST_HOUR.hour, minute=0, second=0, microsecond=0)
    if morning <= here:
        morning += timedelta(days=1)
    return now + settings.scaled(morning - here)


def _delivery(
    channel: Channel,
    case: Case,
    event: Event,
    event_type: str,
    rhythm: str,
    due_at: datetime,
    now: datetime,
) -> Delivery:
    return Delivery(
        channel_id=channel.id,
        case_id=case.id,
        event_id=event.id,
        event_type=event_type,
        rhythm=rhythm,
        status="pending",
        attempts=0,
        due_at=due_at,
        message_key=secrets.token_hex(16),
        created_at=now,
    )
