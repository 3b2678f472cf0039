"""The caretaker: by the clock it forgets what the sites want forgotten."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from core.db import Database
from core.models import Case, Report, Site
from core.receipts import erase, forget_reader

CLOSED = ("verified", "dismissed")
_AT_ONCE = 50  # reports in one transaction, so that nobody waits long for their rows


@dataclass(frozen=True)
class Forgotten:
    """How many reports lost their reader, and how many all of their words."""

    readers: int
    words: int


@dataclass(frozen=True)
class _Duty:
    """One thing to forget: after how many days, of which reports, and how."""

    days: Callable[[Site], int | None]
    left: ColumnElement[bool]
    forget: Callable[[Session, Report, Path, datetime], None]


def forget_due(
    db: Database,
    mail_folder: Path,
    clock: Callable[[], datetime],
    most: int = 1_000,
    stopping: Callable[[], bool] = lambda: False,
) -> Forgotten:
    """Forget what each site's settings say, at most `most` reports of each kind a site.

    A report's time has come when its case was closed (verified, dismissed) that many days ago and
    the report itself is as old. While a case is open nothing is forgotten: it is work. A site that
    sets nothing keeps all until its readers erase it.
    """
    with db.read() as session:
        sites = list(session.scalars(select(Site).order_by(Site.id)))
    counts = [
        sum(_forget(db, site, duty, mail_folder, clock, most, stopping) for site in sites)
        for duty in (_READERS, _WORDS)
    ]
    if any(counts):
        db.empty_log()
    return Forgotten(*counts)


def _forget(
    db: Database,
    site: Site,
    duty: _Duty,
    mail_folder: Path,
    clock: Callable[[], datetime],
    most: int,
    stopping: Callable[[], bool],
) -> int:
    days, done = duty.days(site), 0
    while days is not None and done < most and not stopping():
        now = clock()
        due = _due(site.id, now - timedelta(days=days), duty.left)
        with db.write() as session:
            found = list(session.scalars(due.limit(min(_AT_ONCE, most - done))))
            for report in found:
                duty.forget(session, report, mail_folder, now)
        done += len(found)
        if len(found) < _AT_ONCE:
            break
    return done


def _due(site_id: int, before: datetime, left: ColumnElement[bool]) -> Select[Report]:
    closed_at = func.coalesce(Case.check_since, Case.last_reported_at)
    return (
        select(Report)
        .join(Case, Case.id == Report.case_id)
        .where(Case.site_id == site_id, Case.status.in_(CLOSED), Case.last_reported_at <= before)
        .where(closed_at <= before, Report.received_at <= before, left)
        .order_by(Report.received_at, Report.id)
    )


_NOT_ERASED = Report.erased_at.is_(None)
_READERS = _Duty(
    lambda site: site.forget_reader_days,
    _NOT_ERASED & Report.forgotten_at.is_(None),
    forget_reader,
)
_WORDS = _Duty(lambda site: site.forget_words_days, _NOT_ERASED, erase)
