"""Who is owed a message about what has just happened."""

import secrets
from datetime import datetime, time, timedelta
from typing import Any
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
    rows = rows_owed(Audience(session), case, event.id, event.type, now, settings)
    deliveries = [Delivery(**row) for row in rows]
    session.add_all(deliveries)
    return deliveries


class Audience:
    """The channels of sites, and the digests that already wait; read once for many events."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._channels: dict[int, list[Channel]] = {}
        self._waiting: dict[int, set[int]] = {}

    def channels(self, site_id: int) -> list[Channel]:
        """The channels of a site, in the order in which they were made."""
        if site_id not in self._channels:
            query = select(Channel).where(Channel.site_id == site_id).order_by(Channel.id)
            self._channels[site_id] = list(self._session.scalars(query))
        return self._channels[site_id]

    def joins_waiting(self, channel: Channel, case: Case) -> bool:
        """Whether the channel's next digest speaks of the case already; from now on it does."""
        if case.id not in self._waiting:
            waiting = select(Delivery.channel_id).where(
                Delivery.case_id == case.id,
                Delivery.rhythm == "digest",
                Delivery.status == "pending",
                Delivery.attempts == 0,
            )
            self._waiting[case.id] = set(self._session.scalars(waiting))
        waits = channel.id in self._waiting[case.id]
        self._waiting[case.id].add(channel.id)
        return waits


def rows_owed(
    audience: Audience, case: Case, event_id: int, kind: str, now: datetime, settings: Settings
) -> list[dict[str, Any]]:
    """The deliveries that an event of a kind causes, by the rule of `owed`, as rows."""
    event_type = TYPES.get(kind)
    if event_type is None:
        return []
    rows = []
    for channel in audience.channels(case.site_id):
        rhythm = _rhythm(channel, kind, event_type)
        if rhythm is None or (rhythm == "digest" and audience.joins_waiting(channel, case)):
            continue
        due_at = now if rhythm == "now" else next_digest(case.site, now, settings)
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
                "created_at": now,
            }
        )
    return rows


def _rhythm(channel: Channel, kind: str, event_type: str) -> str | None:
    if channel.kind == "webhook" or event_type in _AT_ONCE:
        return "now"
    return "digest" if kind == "joined" else None


def next_digest(site: Site, now: datetime, settings: Settings) -> datetime:
    """When the next daily digest goes out: nine in the morning where the newsroom is."""
    here = now.astimezone(ZoneInfo(site.timezone))
    morning = here.replace(hour=DIGEST_HOUR.hour, minute=0, second=0, microsecond=0)
    if morning <= here:
        morning += timedelta(days=1)
    return now + settings.scaled(morning - here)
