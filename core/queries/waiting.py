"""What waits for a machine: reports to sort, messages to send."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core.models import Delivery, Report


@dataclass(frozen=True)
class Backlog:
    """What still waits: ages of the oldest report to sort and message to send, and the counts."""

    oldest_unsorted: timedelta | None
    oldest_unsent: timedelta | None
    unsorted: int
    unsent: int
    dead: int


@dataclass(frozen=True)
class Due:
    """How long the longest waiting report and message have been due; None where none is."""

    report: timedelta | None
    delivery: timedelta | None


def backlog(session: Session, now: datetime) -> Backlog:
    """What waits now. A report counts from its receipt, a message from when it became due."""
    unsorted = Report.sorted_at.is_(None)
    unsent = and_(Delivery.status == "pending", Delivery.due_at <= now)
    return Backlog(
        oldest_unsorted=_age(session, select(func.min(Report.received_at)).where(unsorted), now),
        oldest_unsent=_age(session, select(func.min(Delivery.due_at)).where(unsent), now),
        unsorted=session.scalar(select(func.count()).where(unsorted)) or 0,
        unsent=session.scalar(select(func.count()).where(unsent)) or 0,
        dead=session.scalar(select(func.count()).where(Delivery.status == "dead")) or 0,
    )


def longest_due(session: Session, now: datetime) -> Due:
    """What nobody has taken up although its time has come; cheap enough to ask every second."""
    unsorted = and_(Report.sorted_at.is_(None), Report.sort_due_at <= now)
    unsent = and_(
        Delivery.status == "pending",
        Delivery.due_at <= now,
        or_(Delivery.leased_until.is_(None), Delivery.leased_until < now),
    )
    return Due(
        report=_age(session, select(func.min(Report.sort_due_at)).where(unsorted), now),
        delivery=_age(session, select(func.min(Delivery.due_at)).where(unsent), now),
    )


def _age(session: Session, oldest: Select[datetime], now: datetime) -> timedelta | None:
    moment: datetime | None = session.scalar(oldest)
    return None if moment is None else now - moment
