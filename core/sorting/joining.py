"""One report: it joins a case or opens one, and the case's history says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core import moves
from core.history import READER
from core.matching import CaseFacts, Claim, Decision, decide
from core.models import Case, Report
from core.opening import keep_claim, suggested
from core.priority import priority_of
from core.settings import Settings
from core.sorting.candidates import Candidates
from core.sorting.ledger import Ledger

_SETTLED = ("fixed", "verified")
_PUBLISHING = timedelta(minutes=15)  # what caches and editors may need until a fix shows


@dataclass(frozen=True)
class Desk:
    """What sorting one report of a batch works with."""

    session: Session
    candidates: Candidates
    ledger: Ledger
    now: datetime
    settings: Settings


def sort_one(desk: Desk, report: Report, claim: Claim) -> int:
    """Join a case or open one; returns how many messages are owed beside those of the ledger."""
    facts = [_case_facts(case) for case in desk.candidates.of(report, claim)]
    decision = decide(claim, facts)
    if decision.case_id is None:
        case, kind = desk.ledger.open(report, decision.claim), "created"
        desk.candidates.add(case, decision.claim)
    else:
        case, kind = desk.candidates.final(decision.case_id), "joined"
        report.already_known = True
        report.already_fixed = case.status in _SETTLED and not decision.reopens
        if _join(case, report, decision):
            desk.ledger.add_keys(case, desk.candidates.add(case, decision.claim))
    report.case_id = case.id
    report.sorted_at = desk.now
    report.sort_error = None
    report.match = _match(decision)
    desk.ledger.tell(case, kind, report)
    if moves.wake(case, desk.now):
        desk.ledger.tell(case, "updated", report, {"woken_at_readers": case.readers})
    if decision.reopens and _is_long_settled(case, desk.now, desk.settings):
        return _reopen(desk, case, report)
    return 0


def _reopen(desk: Desk, case: Case, report: Report) -> int:
    """Bring a settled case back, after the line of history that says why."""
    owed = desk.ledger.save()
    after = moves.to_status(case, "accepted", None, READER)
    facts = {"report": report.id}
    caused = moves.apply(desk.session, case, after, READER, desk.now, desk.settings, facts)
    return owed + len(caused)


def _is_long_settled(case: Case, now: datetime, settings: Settings) -> bool:
    """Verified, or said to be fixed long enough ago that the page should show it by now."""
    if case.status == "verified":
        return True
    waited = settings.scaled(_PUBLISHING)
    return case.status == "fixed" and case.fixed_at is not None and now - case.fixed_at > waited


def _join(case: Case, report: Report, decision: Decision) -> bool:
    """One more reader: counted, and heard where the case lacks a suggestion or is less exact.

    What an editor has already touched keeps its words. Returns whether the case's claim changed.
    """
    case.readers += 1
    case.last_reported_at = max(case.last_reported_at, report.received_at)
    case.priority = priority_of(case)
    claim = decision.claim
    untouched = case.version == 1 and case.id == decision.case_id
    shrinks = untouched and claim.exact != case.exact
    if untouched:
        keep_claim(case, claim)
    if shrinks or (untouched and case.suggestion is None):
        case.suggestion = suggested(report, claim)
    return shrinks


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
