"""What a judgement does to its case: a line of evidence, and only where it is sure, a move."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import moves, rhythm, workflow
from core.history import Actor
from core.models import Case, Event, User, Verification
from core.readings import Reading
from core.rights import rights_of
from core.settings import Settings
from core.verification import witnesses
from core.verification.judging import Judgement, same_words

BY = Actor(workflow.VERIFIER, "clock")
_DECISIVE = ("fixed", "still_there")


def record(
    session: Session,
    case: Case,
    judgement: Judgement,
    reading: Reading,
    run: Verification | None,
    settings: Settings,
    source: str = "page",
) -> int:
    """Keep what a reading said of a locked case, and move the case where two of them agree.

    `run` is the newest run of readings of the case. A verified case keeps the evidence that it
    was corrected until readings bring it back: one that says something else is only noted beside
    it. Returns how many messages came to be owed.
    """
    proved = case.evidence if case.seen_verdict == "fixed" else None
    run = _run(session, case, judgement, reading, run, source)
    case.verdict, case.checked_at = judgement.verdict, reading.at
    case.evidence = _evidence(run, reading.at)
    owed = _follow(session, case, run, reading.at, settings)
    if case.status == "verified" and run.verdict != "fixed" and proved is not None:
        case.evidence = {**proved, "latest": _latest(run, reading.at)}
    return owed


def plan(case: Case, reading: Reading, retry: datetime | None, settings: Settings) -> None:
    """When the case's page is read next.

    In the rhythm of its status; sooner where one more reading decides; where the page could not be
    read, when its server has had time to recover (`retry`).
    """
    due = rhythm.next_due(case, reading.at, settings)
    if due is not None and case.verdict == "unknown" and retry is not None:
        due = max(retry, reading.at)
    elif due is not None and awaits_confirmation(case):
        due = min(due, reading.at + settings.scaled(rhythm.CONFIRMING))
    case.check_due_at = due


def awaits_confirmation(case: Case) -> bool:
    """Whether the last reading said what, said once more, would move the case."""
    if case.status in workflow.OPEN:
        return case.verdict == "fixed" and bool((case.evidence or {}).get("as_suggested"))
    return (case.status, case.verdict) in (("fixed", "fixed"), ("verified", "still_there"))


def _run(
    session: Session,
    case: Case,
    judgement: Judgement,
    reading: Reading,
    run: Verification | None,
    source: str,
) -> Verification:
    """The run that a reading goes on, or the one that it begins; it shows what its last one found.

    Readings agree that say the same, and where it is a correction show the same one, while the
    case's status stays what it is.
    """
    if run is None or not _agrees(run, case, judgement, source):
        run = Verification(
            case_id=case.id,
            case_status=case.status,
            verdict=judgement.verdict,
            reason=judgement.reason,
            as_suggested=judgement.as_suggested,
            source=source,
            readings=0,
            first_at=reading.at,
            last_at=reading.at,
        )
        session.add(run)
    run.readings += 1
    run.before, run.after = judgement.before, judgement.after
    run.last_at = max(run.last_at, reading.at)
    run.http_status, run.final_url = reading.status, reading.final_url
    run.etag = reading.validators.etag if reading.validators else run.etag
    session.flush()
    case.verification_id = run.id
    return run


def _agrees(run: Verification, case: Case, judgement: Judgement, source: str) -> bool:
    if (run.case_status, run.source, run.verdict) != (case.status, source, judgement.verdict):
        return False
    if run.verdict == "still_there":
        return True
    if run.verdict != "fixed":
        return run.reason == judgement.reason
    same_place = same_words(run.after or "", judgement.after or "")
    return same_place and run.as_suggested == judgement.as_suggested


def _evidence(run: Verification, at: datetime) -> dict[str, Any]:
    """What the API and the desk show. `at` is when the page was read."""
    return {
        "reason": run.reason,
        "before": run.before,
        "after": run.after,
        "as_suggested": run.as_suggested,
        "status": run.http_status,
        "etag": run.etag,
        "final_url": run.final_url,
        "source": run.source,
        "readings": run.readings,
        "since": run.first_at.isoformat(),
        "at": at.isoformat(),
    }


def _latest(run: Verification, at: datetime) -> dict[str, Any]:
    """What the newest reading of a verified case says, beside the evidence of its correction."""
    return {
        "verdict": run.verdict,
        "reason": run.reason,
        "status": run.http_status,
        "at": at.isoformat(),
    }


def _follow(
    session: Session, case: Case, run: Verification, now: datetime, settings: Settings
) -> int:
    """Move a case about which two readings agree that are believed together (witnesses.agree).

    `fixed` verifies what somebody said is fixed; a case of which nobody said so verifies only
    where the page shows exactly what was suggested, for words can go for many reasons.
    `still_there` brings back a verified case (a regression), and returns a case that was said to
    be fixed to the person who said so. Rewritten, gone and unknown decide nothing.
    """
    if run.verdict not in _DECISIVE or not witnesses.agree(session, case, run, now, settings):
        return 0
    after: dict[str, Any] | None = None
    if run.verdict == "fixed":
        if case.status == "fixed" or (case.status in workflow.OPEN and run.as_suggested):
            after = moves.to_status(case, "verified", None, BY)
    elif case.status in rhythm.SETTLED:
        after = moves.to_status(case, "accepted", None, BY)
    if after is None:
        return 0
    facts: dict[str, Any] = {"verification": run.id, "verdict": run.verdict}
    fixing = _fixing(session, case)
    if fixing is not None:
        facts |= {"fixed_by": fixing.actor, "fixed_at": fixing.at.isoformat()}
    if run.verdict == "still_there":
        after |= _returned(session, case, fixing)
    return len(moves.apply(session, case, after, BY, now, settings, facts))


def _fixing(session: Session, case: Case) -> Event | None:
    """The last time that somebody said the case is fixed."""
    said = select(Event).where(Event.case_id == case.id, Event.type == "fixed")
    return session.scalar(said.order_by(Event.id.desc()).limit(1))


def _returned(session: Session, case: Case, fixing: Event | None) -> dict[str, Any]:
    """Awake, and back to the person who said that it is fixed if they are an editor of the site."""
    awake = {} if case.snoozed_until is None else {"snoozed_until": None}
    said_by = None if fixing is None else fixing.actor
    user = session.scalar(select(User).where(User.email == said_by))
    if user is None or not rights_of(user).may("editor", case.site_id):
        return awake
    return {**awake, "assignee_id": user.id}
