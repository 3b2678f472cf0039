"""The postman: sends what is owed, tries again what failed, and gives up visibly."""

import secrets
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from core import channels, messages
from core.channels import PassingFailure, PermanentFailure
from core.db import Database
from core.errors import Conflict
from core.models import Delivery
from core.settings import Settings

# How long after a failed try the next one comes; after the last the message is dead.
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (30, 120, 600, 1_800, 7_200, 21_600, 43_200, 86_400)
)
MOST_TRIES = len(WAITS) + 1
LONGEST_RETRY_AFTER = timedelta(hours=1)
LEASE = timedelta(seconds=30)  # a send may take 20 s; never scaled, for sending is not waiting
_ERROR_LENGTH = 300


@dataclass(frozen=True)
class Delivered:
    """How many messages went out in one round, and how many tries failed."""

    sent: int
    failed: int


@dataclass(frozen=True)
class _Claim:
    """Rows that are ours to send as one message until the lease ends."""

    ids: tuple[int, ...]
    lease: str
    attempts: int
    message_key: str


def deliver_due(
    db: Database, settings: Settings, clock: Callable[[], datetime], most: int = 100
) -> Delivered:
    """Send up to `most` messages that are due.

    At least once: the attempt is counted and the row leased in one short transaction, the
    message is sent with no session open, and the row is finished only if the lease is still ours.
    A worker that dies in between leaves a row that another takes up when the lease has run out;
    its message then goes with the same Message-ID.
    """
    sent = failed = 0
    for _ in range(most):
        with db.write() as session:
            claim = _claim(session, clock())
        if claim is None:
            break
        if _send(db, settings, claim, clock):
            sent += 1
        else:
            failed += 1
    return Delivered(sent, failed)


def retry(delivery: Delivery, now: datetime) -> None:
    """Send a dead or waiting message again, with all its tries before it.

    Raises Conflict for one that has been sent: nobody is told twice.
    """
    if delivery.status == "sent":
        raise Conflict("This message has been sent already.")
    delivery.status = "pending"
    delivery.attempts = 0
    delivery.due_at = now
    delivery.lease = delivery.leased_until = None


def _claim(session: Session, now: datetime) -> _Claim | None:
    """Lease the oldest due message, or a channel's whole digest if it is part of one."""
    first = session.scalar(_due(now).order_by(Delivery.due_at, Delivery.id).limit(1))
    if first is None:
        return None
    rows: Sequence[Delivery] = [first]
    if first.rhythm == "digest":
        of_channel = _due(now).where(
            Delivery.channel_id == first.channel_id, Delivery.rhythm == "digest"
        )
        rows = session.scalars(of_channel.order_by(Delivery.id)).all()
    lease = secrets.token_hex(16)
    for row in rows:
        row.attempts += 1
        row.lease = lease
        row.leased_until = now + LEASE
    return _Claim(tuple(row.id for row in rows), lease, first.attempts, first.message_key)


def _due(now: datetime) -> Select[Delivery]:
    return (
        select(Delivery)
        .where(
            Delivery.status == "pending",
            Delivery.due_at <= now,
            or_(Delivery.leased_until.is_(None), Delivery.leased_until < now),
        )
        .with_for_update(skip_locked=True)
    )


def _send(db: Database, settings: Settings, claim: _Claim, clock: Callable[[], datetime]) -> bool:
    if claim.attempts > MOST_TRIES:  # every earlier try ended with the death of its worker
        _give_up(db, claim, "each try was cut off before its end")
        return False
    try:
        with db.read() as session:
            rows = session.scalars(select(Delivery).where(Delivery.id.in_(claim.ids))).all()
            outgoing = messages.compose(session, rows, settings, clock())
        channels.send(outgoing, settings, clock)
    except PermanentFailure as failure:
        _give_up(db, claim, failure.reason)
        return False
    except PassingFailure as failure:
        _try_later(db, settings, claim, failure, clock())
        return False
    _finish(db, claim, status="sent", sent_at=clock(), last_error=None)
    return True


def _give_up(db: Database, claim: _Claim, reason: str) -> None:
    _finish(db, claim, status="dead", last_error=reason[:_ERROR_LENGTH])


def _try_later(
    db: Database, settings: Settings, claim: _Claim, failure: PassingFailure, now: datetime
) -> None:
    if claim.attempts >= MOST_TRIES:
        _give_up(db, claim, failure.reason)
        return
    waiting = _jittered(WAITS[claim.attempts - 1], claim)
    if failure.retry_after is not None:
        waiting = max(waiting, min(failure.retry_after, LONGEST_RETRY_AFTER))
    due_at = now + settings.scaled(waiting)
    _finish(db, claim, due_at=due_at, last_error=failure.reason[:_ERROR_LENGTH])


def _jittered(waiting: timedelta, claim: _Claim) -> timedelta:
    """Up to a tenth longer, by the message's own key, so that a crowd does not return at once."""
    spread = zlib.crc32(f"{claim.message_key}{claim.attempts}".encode()) % 1_000
    return waiting * (1 + spread / 10_000)


def _finish(db: Database, claim: _Claim, **values: object) -> None:
    """Close the claim, unless the lease ran out and somebody else holds the rows now."""
    ours = update(Delivery).where(Delivery.id.in_(claim.ids), Delivery.lease == claim.lease)
    with db.write() as session:
        session.execute(ours.values(lease=None, leased_until=None, **values))
