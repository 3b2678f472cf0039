"""A reader takes back what they wrote, out of everything that grew from it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.history import Actor, write_event
from core.matching import Claim, ReportFacts, claim_of
from core.models import (
    Case,
    CaseKey,
    CmsChange,
    CorrectionNotice,
    Delivery,
    ElsewhereSearch,
    Page,
    PageVersion,
    ReaderAddress,
    ReaderOutcome,
    Report,
    Verification,
)
from core.receipts.outcome import case_of
from core.receipts.visiting import Visit, lock, visits

_BY_RECEIPT = Actor("reader", "receipt")
_FROM_READERS = ("title", "author", "section", "published", "modified", "cms_id")
_TELLING = 4  # characters; a shorter text stands in other people's words by chance


def erase(session: Session, report: Report, mail_folder: Path, now: datetime) -> None:
    """Take what a reader wrote out of the report and out of all that grew from it.

    The report keeps that it was there, so that its case's count stays true. A case that has no
    other words left loses its own; one that has keeps what its other reports say. So do the cases
    that the report was in before somebody merged or split them. Mails about them that still lie in
    the folder go as a whole. A report that is not sorted yet never opens a case. What readings of
    the page have quoted goes with a case's last words, and the kept texts of a page with its last
    report. Doing it again changes nothing.
    """
    lock(session, report)
    if report.erased_at is not None:
        return
    words = _texts(report)
    _empty(report, now)
    visited = visits(session, report)
    editors = _by_editors(visited)
    for visit in visited:
        gone = words - set[str]().union(*map(_texts, visit.others))
        _take_from_case(session, visit.case, visit.others, gone, editors)
        _take_from_history(visit, report, gone)
        take_from_deliveries(session, visit.case, gone, mail_folder)
        _take_from_systems(session, visit.case, visit.others)
    case = case_of(session, report)
    if case is not None:
        write_event(session, case, "erased", _BY_RECEIPT, now, {"report": report.id})
    take_from_messages(session, report, mail_folder)
    _take_from_page(session, report)


def _texts(report: Report) -> set[str]:
    sent = (
        report.exact,
        report.prefix,
        report.suffix,
        report.suggestion,
        report.comment,
        report.email,
    )
    claim = _claim(report)
    return {text for text in (*sent, claim.exact, claim.right) if text}


def _empty(report: Report, now: datetime) -> None:
    report.exact = report.prefix = report.suffix = ""
    report.suggestion = report.comment = report.email = None
    report.title = report.page_metadata = None
    report.position_start = report.position_end = None
    report.match = {"code": report.match.get("code")} if report.match else None
    report.sort_error = None
    report.sorted_at = report.sorted_at or now
    report.erased_at = now


def _claim(report: Report) -> Claim:
    facts = ReportFacts(
        exact=report.exact,
        prefix=report.prefix,
        suffix=report.suffix,
        start=report.position_start,
        end=report.position_end,
        suggestion=report.suggestion,
        language=report.language,
    )
    return claim_of(facts, None)


def _take_from_case(
    session: Session, case: Case, others: Sequence[Report], gone: set[str], editors: set[str]
) -> None:
    if not others:
        case.exact = case.prefix = case.suffix = ""
        case.suggestion = case.claim_right = case.evidence = None
        case.check_due_at = case.seen_version = None
        quoted = update(Verification).where(Verification.case_id == case.id)
        session.execute(quoted.values(before=None, after=None))
        session.execute(delete(CaseKey).where(CaseKey.case_id == case.id))
        return
    claims = [_claim(report) for report in others]
    if (case.exact, case.prefix, case.suffix) not in {
        (c.exact, c.prefix, c.suffix) for c in claims
    }:
        narrowest = min(claims, key=lambda claim: len(claim.exact))
        case.exact, case.prefix, case.suffix = narrowest.exact, narrowest.prefix, narrowest.suffix
        case.claim_certain, case.claim_position = narrowest.certain, narrowest.position
        case.claim_right = narrowest.right
    if case.suggestion in gone - editors:
        case.suggestion = _proposed_most(case, others, claims)
    if case.claim_right in gone:
        case.claim_right = case.suggestion


def _proposed_most(case: Case, others: Sequence[Report], claims: Sequence[Claim]) -> str | None:
    """What most of the other readers would put in the place of the case's words."""
    proposed = Counter(
        claim.right if claim.right is not None else report.suggestion
        for report, claim in zip(others, claims, strict=True)
        if claim.exact == case.exact
    )
    del proposed[None]
    return proposed.most_common(1)[0][0] if proposed else None


def _by_editors(visited: Sequence[Visit]) -> set[str]:
    """The suggestions that editors have written. Who merges lends only what was written before."""
    return {
        (event.data.get("after") or {}).get("suggestion") or ""
        for visit in visited
        for event in visit.events
        if event.actor != "reader" and event.type != "merged"
    }


def _take_from_history(visit: Visit, report: Report, gone: set[str]) -> None:
    """Suggestions stand in the history too, as what was there before and after a change.

    So do the reader's answers, as notes.
    """
    take_answers(visit, report)
    for event in visit.events:
        data = dict(event.data)
        for side in ("before", "after"):
            values = data.get(side) or {}
            if values.get("suggestion") is not None and (
                not visit.others or values["suggestion"] in gone
            ):
                data[side] = {**values, "suggestion": None}
        if data != event.data:
            event.data = data


def take_answers(visit: Visit, report: Report) -> None:
    """What a reader answered, in the notes of a case."""
    for event in visit.events:
        is_theirs = event.type == "note" and event.data.get("report") == report.id
        if is_theirs and event.data.get("text"):
            event.data = {**event.data, "text": ""}


def take_from_deliveries(session: Session, case: Case, gone: set[str], mail_folder: Path) -> None:
    """These texts go from what is kept of a case's messages to editors."""
    telling = [text for text in gone if len(text) >= _TELLING]
    for delivery in session.scalars(select(Delivery).where(Delivery.case_id == case.id)):
        if any(text in (delivery.last_error or "") for text in telling):
            delivery.last_error = None
        for key in _message_keys(session, delivery):
            (mail_folder / f"{key}.eml").unlink(missing_ok=True)


def _message_keys(session: Session, delivery: Delivery) -> list[str]:
    """Under which names the mail of a delivery may lie: what went together lies under the first."""
    if delivery.sent_at is None:
        return [delivery.message_key]
    together = select(Delivery.message_key).where(
        Delivery.channel_id == delivery.channel_id, Delivery.sent_at == delivery.sent_at
    )
    return list(session.scalars(together))


def take_from_messages(session: Session, report: Report, mail_folder: Path) -> None:
    """What was, or was to be, written to the reader about this report; and the reader's row if
    it was about nothing else."""
    outcome = session.get(ReaderOutcome, report.id)
    if outcome is None:
        return
    address = session.get_one(ReaderAddress, outcome.address_id, with_for_update=True)
    for key in {outcome.message_key, address.message_key} - {None}:
        (mail_folder / f"{key}.eml").unlink(missing_ok=True)
    session.delete(outcome)
    session.flush()
    others = select(ReaderOutcome.report_id).where(ReaderOutcome.address_id == address.id)
    if session.scalar(others.limit(1)) is None and address.stopped_at is None:
        session.delete(address)


def _take_from_systems(session: Session, case: Case, others: Sequence[Report]) -> None:
    """What was looked for on other pages goes, and with the last words how to take a correction
    back out of the newsroom's system. A notice that was published is the newsroom's own text.
    """
    session.execute(delete(ElsewhereSearch).where(ElsewhereSearch.case_id == case.id))
    if not others:
        written = update(CmsChange).where(CmsChange.case_id == case.id)
        session.execute(written.values(inverse=[]))
        unsaid = update(CorrectionNotice).where(
            CorrectionNotice.case_id == case.id, CorrectionNotice.state != "published"
        )
        empty = {"before": "", "after": "", "prefix": "", "suffix": ""}
        session.execute(unsaid.values(**empty, sentence=None))


def _take_from_page(session: Session, report: Report) -> None:
    """What a page says of itself goes if only this reader's browser has told it.

    And so do its kept texts: they were read because of this report alone.
    """
    others = select(Report.id).where(Report.page_id == report.page_id, Report.erased_at.is_(None))
    if report.page_id is None or session.scalar(others.limit(1)) is not None:
        return
    page = session.get_one(Page, report.page_id)
    for name in _FROM_READERS:
        setattr(page, name, None)
    session.execute(delete(PageVersion).where(PageVersion.page_id == page.id))
    page.body_digest = page.validator_url = page.etag = page.last_modified = None
