"""Rounds of reading: take a page, read it with no session open, judge all its cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import politeness, snapshots
from core.db import Database
from core.models import Case, Page, Verification
from core.net import Code, Fetch, Limits, Render
from core.readings import Reading, read
from core.settings import Settings
from core.verification import agenda as agendas
from core.verification import recording
from core.verification.agenda import Agenda, BudgetSpentError, Claim, Entry
from core.verification.judging import Judgement, judge_reading
from core.verification.rendering import NEEDED, NOTHING_SHOWN, render_if_needed
from core.verification.robots import Robots
from core.verification.texts import KeptTexts, words_of

LIMITS = Limits(patience=5.0)  # a worker that is told to stop shall not sleep long
TOGETHER = 200  # cases of one page that are judged in one transaction
_LOOK_AGAIN = timedelta(seconds=5)  # for pages that became due meanwhile
_ASKS_FOR_PATIENCE = (429, 503)
_OURS = frozenset({Code.PERMISSION, Code.NOT_YET, Code.HOST, Code.PORT, Code.ADDRESS, NEEDED})
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Checked:
    """What one round did: pages read, cases judged, messages that came to be owed."""

    pages: int = 0
    cases: int = 0
    deliveries: int = 0

    def __add__(self, other: "Checked") -> "Checked":
        return Checked(
            self.pages + other.pages,
            self.cases + other.cases,
            self.deliveries + other.deliveries,
        )


def _never() -> bool:
    return False


def check_due(
    db: Database,
    settings: Settings,
    fetch: Fetch,
    clock: Callable[[], datetime],
    most: int = 1_000,
    stopping: Callable[[], bool] = _never,
    limits: Limits = LIMITS,
    render: Render | None = None,
) -> Checked:
    """Read the pages that are due, each once for all its cases, and act on what they say.

    Safe to run twice and side by side: a page is leased in a short transaction before it is read,
    and what was read counts only while the lease is ours. A worker that dies leaves the page to
    another when the lease has run out. Ends when nothing is due at a host whose turn is near,
    after `most` pages, or when `stopping` says so. `render` is the browser for pages that show
    their words to nobody else; without it such a page stays unknown.
    """
    done = Checked()
    agenda, looked_at = Agenda(), None
    while done.pages < most and not stopping():
        now = clock()
        with db.read() as session:
            if looked_at is None or now - looked_at > _LOOK_AGAIN:
                spent = agenda.spent
                agenda, looked_at = agendas.due(session, now), now
                agenda.spent = spent
            entry = agenda.take(session, now)
        if entry is None:
            return done
        claim = _claim(db, settings, entry, agenda, clock())
        if claim is not None:
            reading = _read(db, settings, fetch, claim, clock, limits)
            reading = render_if_needed(db, claim, reading, render)
            done += _act_on(db, settings, claim, reading)
    return done


def _claim(
    db: Database, settings: Settings, entry: Entry, agenda: Agenda, now: datetime
) -> Claim | None:
    try:
        with db.write() as session:
            return agendas.claim(session, entry, now, settings)
    except BudgetSpentError:
        agenda.spent.add(entry.site_id)
        _log.warning("site's budget of readings spent", site_id=entry.site_id)
        return None


def _read(
    db: Database,
    settings: Settings,
    fetch: Fetch,
    claim: Claim,
    clock: Callable[[], datetime],
    limits: Limits,
) -> Reading:
    """Read a page, with no session open but the short ones that guard its host."""
    robots = Robots(db, fetch, settings, clock, claim.wanted.addresses)
    return read(fetch, claim.wanted, limits, clock(), fresh=claim.fresh, permits=robots.permits)


def _act_on(db: Database, settings: Settings, claim: Claim, reading: Reading) -> Checked:
    """Judge the cases of a page by what was read."""
    if reading.passing:  # its host's turn was given to somebody else: the page stays due
        with db.write() as session:
            _let_go(_held(session, claim), counted=False)
        return Checked()
    with db.write() as session:
        _note_host(session, claim.entry.host, reading, settings)
    done = Checked(pages=1)
    last = 0
    while True:
        with db.write() as session:
            part, last = _judge(session, claim, reading, last, settings)
        done += part
        if part.cases < TOGETHER:
            return done


def _note_host(session: Session, host: str, reading: Reading, settings: Settings) -> None:
    """Remember whether the host answered; what we refuse ourselves says nothing about it."""
    if reading.fault in _OURS:
        return
    if reading.fault is not None or reading.status in _ASKS_FOR_PATIENCE:
        politeness.note_failure(session, host, reading.retry_at, reading.at, settings)
    else:
        politeness.note_answer(session, host)


def _held(session: Session, claim: Claim) -> Page | None:
    """The locked page, if it is still ours."""
    page = session.scalars(
        select(Page)
        .where(Page.id == claim.entry.page_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    return page if page.check_lease == claim.lease else None


def _let_go(page: Page | None, *, counted: bool) -> None:
    if page is not None:
        page.check_lease = page.check_leased_until = None
        page.check_attempts = 0 if counted else max(0, page.check_attempts - 1)


def _judge(
    session: Session, claim: Claim, reading: Reading, last: int, settings: Settings
) -> tuple[Checked, int]:
    """Judge the next cases of a page after the one numbered `last`, under the page's lock.

    The first ones decide whether what was read is kept: a page that is gone, or leads elsewhere,
    replaces no text. Returns what was done, and the number of the last case.
    """
    page = _held(session, claim)
    if page is None:
        return Checked(), last
    kept = KeptTexts(session, page.id)
    text = reading.text.text if reading.text is not None else None
    if reading.unchanged:
        text = kept.newest
    cases = _watched(session, page.id, last)
    words = words_of(session, cases)
    judged = [
        (case, judge_reading(words[case.id], kept.seen(case), reading, claim.wanted.url, text))
        for case in cases
    ]
    if reading.rendered:
        page.needs_browser = any(each.reason not in NOTHING_SHOWN for _, each in judged)
    if last == 0 and not _is_gone([judgement for _, judgement in judged]):
        session.flush()
        snapshots.store(session, page, reading, settings)
    runs = _runs(session, cases)
    owed = 0
    for case, judgement in judged:
        run = runs.get(case.verification_id or 0)
        owed += recording.record(session, case, judgement, reading, run, settings)
        recording.plan(case, reading, page.read_due_at, settings)
    if len(cases) < TOGETHER:
        _let_go(page, counted=True)
    return Checked(cases=len(cases), deliveries=owed), cases[-1].id if cases else last


def _watched(session: Session, page_id: int, last: int) -> Sequence[Case]:
    """Cases that are read for, locked in the order of their numbers."""
    query = (
        select(Case)
        .where(Case.page_id == page_id, Case.check_due_at.is_not(None), Case.id > last)
        .options(joinedload(Case.site), joinedload(Case.page))
        .order_by(Case.id)
        .limit(TOGETHER)
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _runs(session: Session, cases: Sequence[Case]) -> dict[int, Verification]:
    ids = [case.verification_id for case in cases if case.verification_id is not None]
    query = select(Verification).where(Verification.id.in_(ids))
    return {run.id: run for run in session.scalars(query)} if ids else {}


def _is_gone(judgements: Sequence[Judgement]) -> bool:
    return any(judgement.verdict == "page_gone" for judgement in judgements)
