"""How a case begins: from a report, with the claim that core.matching reads out of it."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.matching import Claim, ReportFacts, storage_keys
from core.models import Case, CaseKey, Report
from core.priority import priority_of


def report_facts(report: Report) -> ReportFacts:
    """What a report says of the error that it means."""
    return ReportFacts(
        exact=report.exact,
        prefix=report.prefix,
        suffix=report.suffix,
        start=report.position_start,
        end=report.position_end,
        suggestion=report.suggestion,
        language=report.language,
    )


def open_case(session: Session, report: Report, claim: Claim) -> Case:
    """A new case with one reader. The kind is the reader's; a bare suggestion means a typo."""
    case = Case(
        site=report.site,
        page_id=report.page_id,
        language=(report.language or report.site.language),
        kind=report.kind or ("typo" if report.suggestion is not None else "other"),
        suggestion=suggested(report, claim),
        status="new",
        regressed=False,
        readers=1,
        version=1,
        first_reported_at=report.received_at,
        last_reported_at=report.received_at,
    )
    keep_claim(case, claim)
    case.priority = priority_of(case)
    session.add(case)
    session.flush()
    return case


def suggested(report: Report, claim: Claim) -> str | None:
    """What should stand instead of the claim's words, else all that the reader proposed."""
    if claim.right is not None:
        return claim.right
    return report.suggestion if claim.exact == report.exact else None


def keep_claim(case: Case, claim: Claim) -> None:
    """Store with a case what its claim is from now on."""
    case.exact, case.prefix, case.suffix = claim.exact, claim.prefix, claim.suffix
    case.claim_right = claim.right
    case.claim_certain = claim.certain
    case.claim_position = claim.position
    case.span_start, case.span_end = claim.span or (None, None)


def store_keys(session: Session, case: Case, claim: Claim) -> list[int]:
    """Make a case findable by its claim; returns the keys that were new.

    Keys of earlier, wider claims stay, so that readers who select widely still find it.
    """
    known = set(session.scalars(select(CaseKey.key).where(CaseKey.case_id == case.id)))
    fresh = sorted(storage_keys(claim) - known)
    if fresh:
        rows = [{"page_id": case.page_id, "key": key, "case_id": case.id} for key in fresh]
        session.execute(insert(CaseKey), rows)
    return fresh
