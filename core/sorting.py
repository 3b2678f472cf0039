"""Which case a report belongs to: the rows and the locks around core.matching's decision."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import notices
from core.candidates import Candidates
from core.db import Database
from core.history import READER, write_event
from core.matching import CaseFacts, Claim, Decision, ReportFacts, claim_of, decide
from core.models import Case, Page, Report
from core.pages import place_reports
from core.priority import priority_of
from core.settings import Settings

BATCH = 200
_LEASE = timedelta(seconds=10)  # never scaled: it must outlast the sorting of a batch
_LONGEST_WAIT = timedelta(hours=1)
_SETTLED = ("fixed", "verified")


@dataclass(frozen=True)
class Sorted:
    """What one round did: how many reports it sorted, and how many messages came to be owed."""

    reports: int
    deliveries: int


def sort_due(db: Database, settings: Settings, clock: Callable[[], datetime]) -> Sorted:
    """Sort every report that is due, in batches; safe to run twice and side by side.

    A claim counts the attempt and puts the report's next turn a little later, so that a worker
    that dies leaves its batch to the next one. What has failed once is sorted alone: a report
    that cannot be sorted holds nobody else up, and comes again after longer and longer waits.
    """
    reports = deliveries = 0
    while True:
        with db.write() as session:
            batch = _claim(session, settings, clock())
        if not batch:
            return Sorted(reports, deliveries)
        with db.write() as session:
            done = _sort(session, batch, clock(), settings)
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


def _sort(session: Session, ids: Sequence[str], now: datetime, settings: Settings) -> Sorted:
    """Sort a claimed batch under its pages' locks; what others have sorted meanwhile stays."""
    query = (
        select(Report)
        .where(Report.id.in_(ids), Report.sorted_at.is_(None))
        .order_by(Report.received_at, Report.id)
        .options(joinedload(Report.site))
        .with_for_update(of=Report)
    )
    reports = session.scalars(query).all()
    place_reports(session, reports, now)
    _lock_pages(session, reports)
    claims = {report.id: claim_of(_report_facts(report), None) for report in reports}
    candidates = Candidates(session)
    candidates.load(reports, claims)
    owed = 0
    for report in reports:
        owed += _sort_one(session, report, claims[report.id], candidates, now, settings)
    return Sorted(len(reports), owed)


def _lock_pages(session: Session, reports: Sequence[Report]) -> None:
    """Two workers never decide about one page at once, or each would open a case of its own.

    Locks are always taken in one order, reports, sites, pages, cases, and by id among their like,
    so that workers wait for one another but never in a circle.
    """
    pages = {report.page_id for report in reports}
    session.execute(
        select(Page.id).where(Page.id.in_(pages)).order_by(Page.id).with_for_update(key_share=True)
    )


def _sort_one(
    session: Session,
    report: Report,
    claim: Claim,
    candidates: Candidates,
    now: datetime,
    settings: Settings,
) -> int:
    """Join a case or open one, say so in its history; returns how many messages are now owed."""
    decision = decide(claim, [_case_facts(case) for case in candidates.of(report, claim)], None)
    if decision.case_id is None:
        case, kind = _open(session, report, decision.claim), "created"
        candidates.store(case, decision.claim)
    else:
        case, kind = session.get_one(Case, decision.case_id), "joined"
        report.already_known = True
        report.already_fixed = case.status in _SETTLED
        if _join(case, report, decision.claim):
            candidates.store(case, decision.claim)
    report.case_id = case.id
    report.sorted_at = now
    report.sort_error = None
    report.match = _match(decision)
    event = write_event(session, case, kind, READER, now, {"report": report.id})
    return len(notices.owed(session, case, event, now, settings))


def _open(session: Session, report: Report, claim: Claim) -> Case:
    case = Case(
        site=report.site,
        page_id=report.page_id,
        language=(report.language or report.site.language),
        kind=report.kind or ("typo" if report.suggestion else "other"),
        suggestion=_suggestion(report, claim),
        status="new",
        regressed=False,
        readers=1,
        version=1,
        first_reported_at=report.received_at,
        last_reported_at=report.received_at,
    )
    _keep_claim(case, claim)
    case.priority = priority_of(case)
    session.add(case)
    session.flush()
    return case


def _join(case: Case, report: Report, claim: Claim) -> bool:
    """One more reader: counted, and heard where the case lacks a suggestion or is less exact.

    Returns whether the case's claim has changed.
    """
    case.readers += 1
    case.last_reported_at = max(case.last_reported_at, report.received_at)
    shrinks = claim.exact != case.exact
    _keep_claim(case, claim)
    if shrinks or case.suggestion is None:
        case.suggestion = _suggestion(report, claim) or case.suggestion
    case.priority = priority_of(case)
    return shrinks


def _suggestion(report: Report, claim: Claim) -> str | None:
    """What should stand instead of the claim's words, else all that the reader proposed."""
    if claim.right is not None:
        return claim.right
    return report.suggestion if claim.exact == report.exact else None


def _keep_claim(case: Case, claim: Claim) -> None:
    case.exact, case.prefix, case.suffix = claim.exact, claim.prefix, claim.suffix
    case.claim_right = claim.right
    case.claim_certain = claim.certain
    case.claim_position = claim.position
    case.span_start, case.span_end = claim.span or (None, None)


def _report_facts(report: Report) -> ReportFacts:
    return ReportFacts(
        exact=report.exact,
        prefix=report.prefix,
        suffix=report.suffix,
        start=report.position_start,
        end=report.position_end,
        suggestion=report.suggestion,
        language=report.language,
    )


def _case_facts(case: Case) -> CaseFacts:
    start, end = case.span_start, case.span_end
    return CaseFacts(
        id=case.id,
        exact=case.exact,
        prefix=case.prefix,
        suffix=case.suffix,
        suggestion=case.suggestion,
        span=None if start is None or end is None else (start, end),
        status=case.status,
        certain=case.claim_certain,
        position=case.claim_position,
        readers=case.readers,
    )


def _match(decision: Decision) -> dict[str, Any]:
    reason = decision.reason
    return {
        "code": reason.code,
        "facts": dict(reason.facts),
        "also_covers": list(decision.also_covers),
    }
