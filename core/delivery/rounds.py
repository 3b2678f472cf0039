"""Rounds of sending: claim, write the message, hand it over with no session open, note it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from jinja2 import TemplateError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import channels, messages
from core.channels import Outgoing, OutgoingMail, PassingFailure, PermanentFailure, Taken
from core.db import Database
from core.delivery import health
from core.delivery.barring import demand_open, why_barred
from core.delivery.claims import Claim, claim_next
from core.delivery.moving import follow
from core.delivery.waits import LONGEST_RETRY_AFTER, waiting, waits_of
from core.errors import Conflict, TuzetError
from core.models import Channel, Delivery
from core.settings import Settings

_ERROR_LENGTH = 300
# What a row that nobody foresaw can cause while its message is written.
_UNFORESEEN = (TuzetError, TemplateError, LookupError, ValueError, TypeError, AttributeError)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Delivered:
    """How many messages went out in one round, and how many tries failed."""

    sent: int
    failed: int


@dataclass(frozen=True)
class _Written:
    """A message and the rows that it is; None where there is nothing left to say."""

    claim: Claim
    outgoing: Outgoing | None


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
            claim = claim_next(session, clock(), settings)
        if claim is None:
            break
        if _send(db, settings, claim, clock):
            sent += 1
        else:
            failed += 1
    return Delivered(sent, failed)


def retry(session: Session, delivery: Delivery, now: datetime) -> None:
    """Send a dead or waiting message again, with all its tries before it, as it went before.

    Whoever asks for that believes that the channel works again, so a pause of it ends.
    Raises Conflict for one that has been sent or is being sent: nobody is told twice. And for one
    to a channel that hears no more (removed, unsubscribed): that is not taken back by the way.
    """
    session.refresh(delivery, with_for_update={"of": Delivery})
    if delivery.status == "sent":
        raise Conflict("This message has been sent already.")
    if delivery.leased_until is not None and delivery.leased_until >= now:
        raise Conflict("This message is being sent right now. Look again in half a minute.")
    demand_open(session, delivery.channel)
    went_together = (
        select(Delivery)
        .where(Delivery.channel_id == delivery.channel_id, Delivery.status != "sent")
        .where(Delivery.message_key == delivery.message_key)
        .order_by(Delivery.id)
        .with_for_update()
    )
    for row in session.scalars(went_together):
        row.status = "pending"
        row.attempts = 0
        row.due_at = now
        row.lease = row.leased_until = None
    if delivery.channel.paused_at is not None:
        health.resume(delivery.channel)


def _send(db: Database, settings: Settings, claim: Claim, clock: Callable[[], datetime]) -> bool:
    if claim.attempts > len(waits_of(claim.kind)) + 1:  # every earlier try ended with its worker
        _give_up(db, claim, "each try was cut off before its end")
        return False
    began = clock()
    try:
        written = _write(db, settings, claim, began)
        if written is None:
            return False
        claim = written.claim
        taken = Taken()
        if written.outgoing is not None:
            taken = channels.send(
                _late(db, settings, claim, written.outgoing, clock), settings, clock
            )
    except (PermanentFailure, PassingFailure) as failure:
        _failed(db, settings, claim, failure, clock, began)
        return False
    except _UNFORESEEN as fault:
        _give_up(db, claim, _unforeseen(fault))
        return False
    _took(db, claim, taken, clock(), None if written.outgoing is None else began)
    return True


def _late(
    db: Database,
    settings: Settings,
    claim: Claim,
    outgoing: Outgoing,
    clock: Callable[[], datetime],
) -> Outgoing:
    """A mail that is written again when its server is ready, in a short session of its own."""
    if not isinstance(outgoing, OutgoingMail):
        return outgoing

    def anew() -> OutgoingMail:
        with db.read() as session:
            query = select(Delivery).where(Delivery.id.in_(claim.ids)).order_by(Delivery.id)
            now_written = messages.compose(session, session.scalars(query).all(), settings, clock())
        return now_written if isinstance(now_written, OutgoingMail) else outgoing

    return replace(outgoing, anew=anew)


def _took(db: Database, claim: Claim, taken: Taken, now: datetime, began: datetime | None) -> None:
    """The other side has it (or there was nothing to say: `began` is None)."""
    values = {} if taken.reference is None else {"reference": taken.reference}
    with db.write() as session:
        ours = _finish(session, claim, status="sent", sent_at=now, last_error=None, **values)
        if ours and began is not None:
            channel = _channel(session, claim)
            health.note_success(session, channel, now - began, now)
            if taken.moved_to is not None:
                follow(session, channel, taken.moved_to)


def _write(db: Database, settings: Settings, claim: Claim, now: datetime) -> _Written | None:
    """The message of a claim; None if none of its rows can be told, or its channel hears no more.

    A row that cannot be told, whatever is the matter with it, goes alone: the others of a digest
    are told without it.
    """
    with db.read() as session:
        rows = session.scalars(
            select(Delivery).where(Delivery.id.in_(claim.ids)).order_by(Delivery.id)
        ).all()
        barred = why_barred(session, session.get_one(Channel, claim.channel_id))
        faults = {row.id: barred for row in rows} if barred is not None else {}
        try:
            if barred is None:
                return _Written(claim, messages.compose(session, rows, settings, now))
        except _UNFORESEEN as fault:
            if len(rows) == 1 or isinstance(fault, PassingFailure):
                raise
            faults = _faults(session, rows, settings, now)
    for row_id, reason in faults.items():
        alone = secrets.token_hex(16)  # the others go under the key that they shared
        _give_up(db, _part(claim, (row_id,)), reason, alone if len(faults) < len(rows) else None)
    rest = tuple(row_id for row_id in claim.ids if row_id not in faults)
    if not rest or not faults:
        _give_up(db, _part(claim, rest), "The message could not be written.")
        return None
    return _write(db, settings, _part(claim, rest), now)


def _faults(
    session: Session, rows: Sequence[Delivery], settings: Settings, now: datetime
) -> dict[int, str]:
    found = {}
    for row in rows:
        try:
            messages.compose(session, [row], settings, now)
        except _UNFORESEEN as fault:
            found[row.id] = _unforeseen(fault)
    return found


def _unforeseen(fault: Exception) -> str:
    """A reason without the words of the fault, which may quote a reader."""
    if isinstance(fault, PermanentFailure):
        return fault.reason
    _log.error("message cannot be written", exc_info=fault)
    return f"The message could not be written ({type(fault).__name__})."


def _part(claim: Claim, ids: tuple[int, ...]) -> Claim:
    return Claim(ids, claim.channel_id, claim.kind, claim.lease, claim.attempts, claim.message_key)


def _failed(
    db: Database,
    settings: Settings,
    claim: Claim,
    failure: PermanentFailure | PassingFailure,
    clock: Callable[[], datetime],
    began: datetime,
) -> None:
    """Try later, or give up; and note how the channel fares."""
    now = clock()
    reason = failure.reason[:_ERROR_LENGTH]
    wait = None
    patience: timedelta | None = None
    if isinstance(failure, PassingFailure):
        wait = waiting(claim.kind, claim.attempts, claim.message_key)
        patience = failure.retry_after and min(failure.retry_after, LONGEST_RETRY_AFTER)
    with db.write() as session:
        if wait is None:
            ours = _finish(session, claim, status="dead", last_error=reason)
        else:
            due_at = now + settings.scaled(max(wait, patience or wait))
            ours = _finish(session, claim, due_at=due_at, last_error=reason)
        if not ours:
            return
        channel = _channel(session, claim)
        if patience and not health.is_paused_by_hand(channel):
            channel.free_at = now + settings.scaled(patience)
        health.note_failure(session, channel, reason, now - began, now, settings)


def _give_up(db: Database, claim: Claim, reason: str, key: str | None = None) -> None:
    values = {} if key is None else {"message_key": key}
    if claim.ids:
        with db.write() as session:
            _finish(session, claim, status="dead", last_error=reason[:_ERROR_LENGTH], **values)


def _finish(session: Session, claim: Claim, **values: object) -> bool:
    """Close the claim, unless the lease ran out and somebody else holds the rows now."""
    ours = (
        update(Delivery)
        .where(Delivery.id.in_(claim.ids), Delivery.lease == claim.lease)
        .values(lease=None, leased_until=None, **values)
        .returning(Delivery.id)
    )
    return bool(session.scalars(ours).all())


def _channel(session: Session, claim: Claim) -> Channel:
    return session.get_one(Channel, claim.channel_id, with_for_update=True)
