"""Which message is sent next, and by whom: a short lease on its rows."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Update, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from core import channels
from core.cadence import cadence_of, due
from core.crowding import LEASE, busy_hosts, one_at_a_time
from core.models import REMINDERS, Case, Channel, Delivery
from core.settings import Settings

MOST_TOGETHER = 60  # rows in one message, and all of their pages; what is over goes in the next
MOST_REMINDERS = 1_000


@dataclass(frozen=True)
class Claim:
    """Rows that are ours to send as one message until the lease ends."""

    ids: tuple[int, ...]
    channel_id: int
    kind: str
    lease: str
    attempts: int
    message_key: str


def claim_next(session: Session, now: datetime, settings: Settings) -> Claim | None:
    """Lease the next due message, with what goes along with it; None if nothing may be sent.

    No host gets more than two sends at the same time, and whoever was slow the last time stands
    back behind those who were not: a channel that hangs costs another one try of its own at most.
    Whoever asked for patience, or has a pace of its own, is left alone until then, and in a
    channel's quiet hours nothing comes, neither what is tried again nor what a pause held up.
    """
    one_at_a_time(session)
    next_one = (
        _due(now)
        .where(
            or_(Channel.free_at.is_(None), Channel.free_at <= now),
            Channel.host.not_in(busy_hosts(session, now)),
        )
        .order_by(Channel.is_slow, Delivery.due_at, Delivery.id)
    )
    first = session.scalar(next_one.limit(1))
    while first is not None and _put_off(session, first, now, settings):
        first = session.scalar(next_one.limit(1))
    if first is None:
        return None
    rows = _together(session, first, now)
    lease = secrets.token_hex(16)
    for row in rows:
        row.attempts += 1
        row.lease = lease
        row.leased_until = now + LEASE
    pace = channels.pace_of(first.channel.kind)
    if pace or first.channel.paused_at is not None:
        session.execute(_left_alone(first.channel_id, now, now + settings.scaled(pace)))
    ids = tuple(row.id for row in rows)
    kind = first.channel.kind
    return Claim(ids, first.channel_id, kind, lease, first.attempts, first.message_key)


def _put_off(session: Session, first: Delivery, now: datetime, settings: Settings) -> bool:
    """Whether a channel sleeps now; then all that is due to it waits until it wakes.

    What changes a message in place wakes nobody. Where time runs faster the hours on the wall are
    none to go by, and what was owed kept them once.
    """
    channel = first.channel
    if not channel.options.get("quiet") or first.rhythm == "edit" or settings.time_scale != 1:
        return False
    cadence = cadence_of(channel.options, channel.site.timezone)
    wakes_at = due(cadence, "now", now, settings)[1]
    if wakes_at <= now:
        return False
    sleeping = _due(now).where(Delivery.channel_id == channel.id, Delivery.rhythm != "edit")
    for row in session.scalars(sleeping):
        row.due_at = wakes_at
    session.flush()
    return True


def _left_alone(channel_id: int, now: datetime, until: datetime) -> Update:
    """Keep the channel's pace, unless somebody has paused it since it was read."""
    free = or_(Channel.free_at.is_(None), Channel.free_at <= now)
    return update(Channel).where(Channel.id == channel_id, free).values(free_at=until)


def _together(session: Session, first: Delivery, now: datetime) -> Sequence[Delivery]:
    """The rows that make one message: a whole digest, no page of which is torn apart, or all that
    a channel is reminded of now. What else goes at once goes by itself.

    A page with many errors is one message where its channel waits a little (batches, quiet hours,
    digests); a channel that wants to hear at once hears of each case once. Only rows that were
    never tried come together. They share their key from then on and go again as they went: the
    first mail may have arrived, and a mailbox drops what comes under its Message-ID once more.
    """
    is_reminder = first.event_type in REMINDERS
    if not is_reminder and first.rhythm not in ("digest", "weekly"):
        return [first]
    alike = _due(now).where(Delivery.channel_id == first.channel_id, _goes_with(first))
    if first.attempts or first.last_error is not None:  # sent again by hand, it counts from 0
        as_before = alike.where(Delivery.message_key == first.message_key)
        return session.scalars(as_before.order_by(Delivery.id)).all()
    fresh = alike.where(Delivery.attempts == 0, Delivery.last_error.is_(None))
    most = MOST_REMINDERS if is_reminder else MOST_TOGETHER
    rows = session.scalars(fresh.order_by(Delivery.id).limit(most)).all()
    if first not in rows:
        return [first]
    if len(rows) == most and not is_reminder:
        cases = select(Delivery.case_id).where(Delivery.id.in_([row.id for row in rows]))
        pages = select(Case.page_id).where(Case.id.in_(cases))
        of_pages = Delivery.case_id.in_(select(Case.id).where(Case.page_id.in_(pages)))
        rows = session.scalars(fresh.where(of_pages).order_by(Delivery.id)).all()
    for row in rows:
        row.message_key = rows[0].message_key
    return rows


def _goes_with(first: Delivery) -> ColumnElement[bool]:
    """Reminders go with their like, whenever each would have gone; digests with digests."""
    if first.event_type in REMINDERS:
        return Delivery.event_type == first.event_type
    return (Delivery.rhythm == first.rhythm) & Delivery.event_type.not_in(REMINDERS)


def _due(now: datetime) -> Select[Delivery]:
    return (
        select(Delivery)
        .join(Delivery.channel)
        .options(contains_eager(Delivery.channel))
        .where(
            Delivery.status == "pending",
            Delivery.due_at <= now,
            or_(Delivery.leased_until.is_(None), Delivery.leased_until < now),
        )
        .with_for_update(skip_locked=True, of=Delivery)
    )
