"""How a case begins: from a report, with the claim that core.matching reads out of it."""

from sqlalchemy import insert
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


def new_case(report: Report, claim: Claim) -> Case:
    """A case with one reader, not yet written. The kind is the reader's; a bare suggestion means a
    typo."""
    case = Case(
        site=report.site,
        site_id=report.site_id,
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
    return case


def open_case(session: Session, report: Report, claim: Claim) -> Case:
    """A new case of one report, found by its claim from now on."""
    case = new_case(report, claim)
    session.add(case)
    session.flush()
    rows = [
        {"page_id": case.page_id, "key": key, "case_id": case.id}
        for key in sorted(storage_keys(claim))
    ]
    session.execute(insert(CaseKey), rows)
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
