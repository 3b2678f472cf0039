"""Rounds of thanking: claim a reader, make the message, send it with no session open."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, func, or_, select, update
from sqlalchemy.orm import Session

from core import channels, thanks
from core.channels import PassingFailure, PermanentFailure
from core.crowding import LEASE, MAIL, busy_hosts, one_at_a_time
from core.db import Database
from core.models import ReaderAddress, ReaderOutcome
from core.readermail.letters import Letter, compose
from core.settings import Settings

WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 600, 7_200, 43_200, 86_400))
_ERROR_LENGTH = 300


@dataclass(frozen=True)
class _Claim:
    """A reader who is ours to write to until the lease ends."""

    address_id: int
    lease: str
    key: str
    attempts: int


def thank_due(
    db: Database, settings: Settings, clock: Callable[[], datetime], most: int = 100
) -> int:
    """Write to up to `most` readers who are owed a message; returns how many were dealt with.

    At least once, like the post to editors: the try is counted and the row leased before the
    message is made, and every try of one message carries the same Message-ID. Who is owed nothing
    any more (what was to be told has been taken back or erased) gets no message. Readers share the
    mail server's two turns with the post to editors: while both are taken, this ends early.
    """
    for number in range(most):
        with db.write() as session:
            claim = _claim(session, clock())
        if claim is None:
            return number
        _thank(db, settings, claim, clock)
    return most


def longest_due(session: Session, now: datetime) -> timedelta | None:
    """How long the longest waiting reader has been due; None where none is."""
    due: datetime | None = session.scalar(
        select(func.min(ReaderAddress.due_at)).where(ReaderAddress.due_at <= now, _is_free(now))
    )
    return None if due is None else now - due


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(ReaderAddress.leased_until.is_(None), ReaderAddress.leased_until < now)


def _claim(session: Session, now: datetime) -> _Claim | None:
    one_at_a_time(session)
    if MAIL in busy_hosts(session, now):
        return None
    row = session.scalar(
        select(ReaderAddress)
        .where(ReaderAddress.due_at <= now, _is_free(now))
        .order_by(ReaderAddress.due_at, ReaderAddress.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    if row.attempts == 0 or row.message_key is None:
        row.message_key = f"reader.{secrets.token_hex(16)}"
    row.attempts += 1
    row.lease = secrets.token_hex(16)
    row.leased_until = now + LEASE
    return _Claim(row.id, row.lease, row.message_key, row.attempts)


def _thank(db: Database, settings: Settings, claim: _Claim, clock: Callable[[], datetime]) -> None:
    with db.read() as session:
        address = session.get_one(ReaderAddress, claim.address_id)
        may = thanks.may_be_told(address)
        letter = compose(session, address, claim.key, settings) if may else None
    if letter is None or claim.attempts > len(WAITS) + 1:
        _finish(db, claim, due_at=None, attempts=0)
        return
    try:
        channels.send(letter.mail, settings, clock)
    except PermanentFailure as failure:
        _finish(db, claim, due_at=None, attempts=0, last_error=failure.reason[:_ERROR_LENGTH])
    except PassingFailure as failure:
        _try_later(db, settings, claim, failure, clock())
    else:
        _note_told(db, claim, letter, clock())


def _try_later(
    db: Database, settings: Settings, claim: _Claim, failure: PassingFailure, now: datetime
) -> None:
    reason = failure.reason[:_ERROR_LENGTH]
    if claim.attempts > len(WAITS):
        _finish(db, claim, due_at=None, attempts=0, last_error=reason)
        return
    due_at = now + settings.scaled(WAITS[claim.attempts - 1])
    _finish(db, claim, due_at=due_at, last_error=reason)


def _note_told(db: Database, claim: _Claim, letter: Letter, now: datetime) -> None:
    with db.write() as session:
        session.execute(_ours(claim, due_at=None, last_sent_at=now, attempts=0, last_error=None))
        for report_id, told in letter.told.items():
            session.execute(
                update(ReaderOutcome)
                .where(ReaderOutcome.report_id == report_id)
                .values(told=told, told_at=now, message_key=claim.key)
            )


def _finish(db: Database, claim: _Claim, **values: object) -> None:
    with db.write() as session:
        session.execute(_ours(claim, **values))


def _ours(claim: _Claim, **values: object) -> Update:
    """Close the claim, unless the lease ran out and somebody else holds the row now."""
    ours = update(ReaderAddress).where(
        ReaderAddress.id == claim.address_id, ReaderAddress.lease == claim.lease
    )
    return ours.values(lease=None, leased_until=None, **values)
