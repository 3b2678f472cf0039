"""The texts of pages, by version, and the places of cases in the newest one."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.matching import PageText, ReportFacts, claim_of
from core.models import Case, Page, PageVersion
from core.readings import Reading
from core.settings import Settings
from core.text.carry import carry
from core.text.maintext import MainText

Span = tuple[int, int]

KEPT_VERSIONS = 8
FRESH = timedelta(minutes=1)
_MOST_NEW_PLACES = 500  # cases whose place is looked for anew when a text has changed
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 180, 720, 1_440))


def is_fresh(page: Page, now: datetime, settings: Settings) -> bool:
    """Whether what we know of a page is new enough to judge a report by.

    A page whose server did not answer is left alone until its next turn has come. One that only
    a browser shows is not looked at: that takes longer than a reader waits.
    """
    if page.needs_browser:
        return True
    if page.read_at is not None and now - page.read_at < settings.scaled(FRESH):
        return True
    return page.read_fault is not None and page.read_due_at is not None and page.read_due_at > now


def text_of(session: Session, page_id: int) -> PageText | None:
    """The kept versions of a page's text, the newest first; None if it was never read."""
    query = (
        select(PageVersion.text, PageVersion.first, PageVersion.last)
        .where(PageVersion.page_id == page_id)
        .order_by(PageVersion.number.desc())
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    return _page_text(tuple(row[0] for row in rows), tuple((row[1], row[2]) for row in rows))


@lru_cache(maxsize=256)
def _page_text(versions: tuple[str, ...], reaches: tuple[tuple[int, int], ...]) -> PageText:
    """One object for one text, since it remembers what it has folded."""
    return PageText(versions, reaches)


def store(session: Session, page: Page, reading: Reading, settings: Settings) -> None:
    """Keep what a reading found. The caller holds the page's lock.

    A text that differs from the newest is a new version, and the places of the page's cases are
    carried over to it. An empty text or an error says nothing and replaces nothing.
    """
    if reading.fault is not None or reading.status is None:
        _put_off(page, reading.fault or "no_answer", reading.at, settings)
        return
    if not reading.unchanged and (reading.text is None or not reading.text.text.strip()):
        _put_off(page, f"status_{reading.status}", reading.at, settings)
        return
    page.read_at = max(reading.at, page.read_at or reading.at)
    page.read_due_at = page.read_fault = None
    page.read_attempts = 0
    if reading.validators is not None:
        page.validator_url = reading.validators.url
        page.etag = reading.validators.etag
        page.last_modified = reading.validators.last_modified
    if reading.body_digest is not None:
        page.body_digest = reading.body_digest
    if reading.text is not None:
        _add_version(session, page, reading.text, reading.at)


def _put_off(page: Page, fault: str, at: datetime, settings: Settings) -> None:
    wait = _WAITS[min(page.read_attempts, len(_WAITS) - 1)]
    page.read_attempts += 1
    page.read_fault = fault
    page.read_due_at = at + settings.scaled(wait)


def _add_version(session: Session, page: Page, text: MainText, at: datetime) -> None:
    newest = session.scalar(
        select(PageVersion)
        .where(PageVersion.page_id == page.id)
        .order_by(PageVersion.number.desc())
        .limit(1)
    )
    digest = hashlib.sha256(text.text.encode("utf-8", "surrogatepass")).hexdigest()
    if newest is not None and newest.digest == digest:
        return
    number = 1 if newest is None else newest.number + 1
    session.add(
        PageVersion(
            page_id=page.id,
            number=number,
            digest=digest,
            text=text.text,
            first=text.first,
            last=text.last,
            read_at=at,
        )
    )
    session.flush()
    if newest is not None:
        _pin_places(session, page.id, newest.number)
    _forget_versions(session, page.id, number - KEPT_VERSIONS)
    if newest is not None:
        _carry_places(session, page.id, newest.text, text.text)
    _find_places(session, page.id)


def _pin_places(session: Session, page_id: int, number: int) -> None:
    """Remember for each case with a place the first text in which it had one.

    There the error stood, and against that text the page is judged later, however often it has
    changed since.
    """
    unpinned = update(Case).where(
        Case.page_id == page_id, Case.seen_version.is_(None), Case.span_start.is_not(None)
    )
    pinned = {"seen_version": number, "seen_start": Case.span_start, "seen_end": Case.span_end}
    session.execute(unpinned.values(pinned), execution_options={"synchronize_session": False})


def _forget_versions(session: Session, page_id: int, last: int) -> None:
    """Drop old texts, but not one in which the error of a case that is still watched stood."""
    needed = select(Case.seen_version).where(
        Case.page_id == page_id, Case.seen_version.is_not(None), Case.check_due_at.is_not(None)
    )
    session.execute(
        delete(PageVersion).where(
            PageVersion.page_id == page_id,
            PageVersion.number <= last,
            PageVersion.number.not_in(needed),
        )
    )


def _carry_places(session: Session, page_id: int, old: str, new: str) -> None:
    placed = [
        (case_id, (start, end))
        for case_id, start, end in session.execute(
            select(Case.id, Case.span_start, Case.span_end).where(
                Case.page_id == page_id, Case.span_start.is_not(None)
            )
        )
        if start is not None and end is not None
    ]
    spans = carry([span for _, span in placed], old, new)
    _set_places(
        session,
        {
            case_id: carried
            for (case_id, span), carried in zip(placed, spans, strict=True)
            if carried != span
        },
    )


def _find_places(session: Session, page_id: int) -> None:
    """Look in the newest text for cases that have no place yet, the latest first."""
    text = text_of(session, page_id)
    columns = (Case.exact, Case.prefix, Case.suffix, Case.claim_position, Case.language)
    homeless = session.execute(
        select(Case.id, *columns)
        .where(Case.page_id == page_id, Case.span_start.is_(None))
        .order_by(Case.id.desc())
        .limit(_MOST_NEW_PLACES)
    )
    found: dict[int, Span | None] = {}
    for case_id, exact, prefix, suffix, position, language in homeless:
        facts = ReportFacts(exact, prefix, suffix, position, None, None, language)
        span = claim_of(facts, text).span
        if span is not None:
            found[case_id] = span
    _set_places(session, found)


def _set_places(session: Session, places: Mapping[int, Span | None]) -> None:
    """Write places past the session: no case is loaded before its page's text is settled."""
    if not places:
        return
    rows = [
        {"id": case_id, "span_start": span and span[0], "span_end": span and span[1]}
        for case_id, span in places.items()
    ]
    session.execute(update(Case), rows)
