"""Rounds of sorting: claim a batch, look at its pages, sort it under their locks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import snapshots, thanks
from core.db import Database
from core.looking import Looker
from core.matching import claim_of
from core.models import Page, Report
from core.opening import report_facts
from core.pages import learn_addresses, place_reports
from core.readings import Reading, Wanted
from core.settings import Settings
from core.sorting.candidates import Candidates
from core.sorting.joining import Desk, sort_one
from core.sorting.ledger import Ledger

BATCH = 100  # on SQLite readers wait while a batch is written
_LEASE = timedelta(seconds=10)  # never scaled: it must outlast the sorting of a batch
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Sorted:
    """What one round did: how many reports it sorted, and how many messages came to be owed."""

    reports: int
    deliveries: int


def sort_due(
    db: Database,
    settings: Settings,
    clock: Callable[[], datetime],
    looker: Looker | None = None,
) -> Sorted:
    """Sort every report that is due, in batches; safe to run twice and side by side.

    A claim counts the attempt and puts the report's next turn a little later, so that a worker
    that dies leaves its batch to the next one. What has failed once is sorted alone: a report
    that cannot be sorted holds nobody else up, and comes again after longer and longer waits.
    Without a looker no page is read, and reports are placed by quote and context.
    """
    reports = deliveries = 0
    while True:
        with db.write() as session:
            batch = _claim(session, settings, clock())
        if not batch:
            return Sorted(reports, deliveries)
        readings = [] if looker is None else _look(db, settings, batch, looker, clock)
        with db.write() as session:
            done = _sort(session, batch, readings, clock(), settings)
        _learn(db, readings)
        reports += done.reports
        deliveries += done.deliveries


def _claim(session: Session, settings: Settings, now: datetime) -> list[str]:
    """Take the next batch of unsorted reports, in the order of their receipt."""
    due = (
        select(Report)
        .where(Report.sorted_at.is_(None), Report.sort_due_at <= now)
        .order_by(Report.sort_due_at, Report.received_at, Report.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    batch = list(session.scalars(due))
    fresh = [report for report in batch if report.sort_attempts == 0]
    batch = fresh or batch[:1]
    for report in batch:
        report.sort_attempts += 1
        report.sort_due_at = now + _wait(report.sort_attempts, settings)
    return [report.id for report in batch]


def _wait(attempts: int, settings: Settings) -> timedelta:
    longer = min(_LEASE * 2 ** min(attempts - 1, 20), _LONGEST_WAIT)
    return max(_LEASE, settings.scaled(longer))


def _look(
    db: Database,
    settings: Settings,
    ids: Sequence[str],
    looker: Looker,
    clock: Callable[[], datetime],
) -> list[Reading]:
    """Read the batch's pages whose text is missing or not fresh, with no session open meanwhile."""
    with db.write() as session:
        reports = _unsorted(session, ids)
        place_reports(session, reports, clock())
        pages = {report.page_id: (report.page, report.site) for report in reports}
        wanted = [
            Wanted.of(page, site)
            for page, site in pages.values()
            if page is not None and not snapshots.is_fresh(page, clock(), settings)
        ]
    return looker.look(wanted, clock)


def _sort(
    session: Session,
    ids: Sequence[str],
    readings: Sequence[Reading],
    now: datetime,
    settings: Settings,
) -> Sorted:
    """Sort a claimed batch under its pages' locks; what others have sorted meanwhile stays."""
    reports = _unsorted(session, ids)
    place_reports(session, reports, now)
    _lock_pages(session, reports, readings)
    for reading in readings:
        page = session.get_one(Page, reading.page_id)
        snapshots.store(session, page, reading, settings)
    texts = {
        page_id: snapshots.text_of(session, page_id)
        for page_id in {report.page_id for report in reports}
        if page_id is not None
    }
    claims = {
        report.id: claim_of(report_facts(report), texts[report.page_id or 0]) for report in reports
    }
    candidates = Candidates(session)
    candidates.load(reports, claims)
    desk = Desk(session, candidates, Ledger(session, now, settings), now, settings)
    with session.no_autoflush:
        owed = sum(sort_one(desk, report, claims[report.id]) for report in reports)
        owed += desk.ledger.save()
        thanks.owed_late(session, reports, now, settings)
    return Sorted(len(reports), owed)


def _learn(db: Database, readings: Sequence[Reading]) -> None:
    told = [reading for reading in readings if reading.canonical or reading.also_at]
    if told:
        with db.write() as session:
            for reading in told:
                learn_addresses(session, reading)


def _unsorted(session: Session, ids: Sequence[str]) -> list[Report]:
    query = (
        select(Report)
        .where(Report.id.in_(ids), Report.sorted_at.is_(None))
        .order_by(Report.received_at, Report.id)
        .options(joinedload(Report.site))
        .with_for_update(of=Report)
    )
    return list(session.scalars(query))


def _lock_pages(session: Session, reports: Sequence[Report], readings: Sequence[Reading]) -> None:
    """Two workers never decide about one page at once, or each would open a case of its own.

    Locks are always taken in one order, reports, sites, pages, cases, and by id among their like,
    so that workers wait for one another but never in a circle.
    """
    pages = {report.page_id for report in reports} | {reading.page_id for reading in readings}
    session.execute(
        select(Page)
        .where(Page.id.in_(pages))
        .order_by(Page.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
