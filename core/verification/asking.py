"""Where a page can tell nothing, its newsroom's own system is asked what the document says.

For paywalls and for pages that only a browser renders. Each time that a reading of the page came
to nothing the system is asked once; two of its answers, some minutes apart, are believed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from core import cms, pages
from core.db import Database
from core.models import Case, CmsConnection, Page, Verification
from core.readings import Reading
from core.sealing import unseal
from core.settings import Settings
from core.text.maintext import main_text
from core.verification import recording, witnesses
from core.verification.judging import Judgement, judge_reading
from core.verification.texts import KeptTexts, words_of

_OK = 200
_TELLING = ("fixed", "still_there")
_TOGETHER = 200  # cases of one page that are judged by one answer


@dataclass(frozen=True)
class _Question:
    """One page whose system is to be asked, free of any session."""

    page_id: int
    sought: cms.Sought
    connection: cms.Connection


def ask_due(
    db: Database,
    settings: Settings,
    caller: cms.Caller,
    clock: Callable[[], datetime],
    most: int = 5,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Ask about pages that could tell nothing; returns how many messages came to be owed."""
    owed = 0
    for _ in range(most):
        with db.read() as session:
            question = _question(session, settings)
        if question is None or stopping():
            break
        html = _answer(question, caller, clock)
        with db.write() as session:
            owed += _judge(session, question, html, clock(), settings)
    return owed


def _question(session: Session, settings: Settings) -> _Question | None:
    """The page that has waited longest since it told nothing and nobody was asked."""
    answered = exists().where(
        Verification.case_id == Case.id,
        Verification.source == "cms",
        Verification.last_at >= Case.checked_at,
    )
    query = (
        select(Page, CmsConnection)
        .join(Case, Case.page_id == Page.id)
        .join(CmsConnection, CmsConnection.site_id == Page.site_id)
        .where(Case.verdict == "unknown", Case.check_due_at.is_not(None), ~answered)
        .order_by(Case.checked_at)
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    page, row = found
    secret = unseal(row.sealed_secret, settings.secret_key)
    return _Question(
        page.id,
        pages.sought_of(session, page),
        cms.Connection(row.kind, row.url, row.user, secret),
    )


def _answer(question: _Question, caller: cms.Caller, clock: Callable[[], datetime]) -> str | None:
    """The document's fields as one text; None where the system does not know or does not answer."""
    adapter = cms.adapter_of(question.connection, caller, clock)
    try:
        document = cms.locate(adapter, question.sought)
    except cms.CmsError:
        return None
    if document is None:
        return None
    parts = "".join(f"<div>{source}</div>" for source in document.fields.values())
    return f"<article>{parts}</article>"


def _judge(
    session: Session, question: _Question, html: str | None, now: datetime, settings: Settings
) -> int:
    """Keep what the system says of each case that its page said nothing of."""
    page = session.scalars(
        select(Page).where(Page.id == question.page_id).with_for_update(key_share=True)
    ).one()
    query = (
        select(Case)
        .where(Case.page_id == page.id, Case.verdict == "unknown", Case.check_due_at.is_not(None))
        .options(joinedload(Case.site), joinedload(Case.page))
        .order_by(Case.id)
        .limit(_TOGETHER)
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    )
    cases = list(session.scalars(query))
    kept, words = KeptTexts(session, page.id), words_of(session, cases)
    text = None if html is None else main_text(html)
    reading = Reading(page.id, now, status=_OK, final_url=page.link, text=text, told=True)
    owed = 0
    for case in cases:
        judged = Judgement("unknown", "cms_away")
        if text is not None:
            judged = judge_reading(words[case.id], kept.seen(case), reading, page.link, text.text)
        if judged.verdict in _TELLING:
            run = session.get(Verification, case.verification_id or 0)
            owed += recording.record(session, case, judged, reading, run, settings, source="cms")
        else:
            _note_silence(session, case, judged.reason, now)
    return owed


def _note_silence(session: Session, case: Case, reason: str, now: datetime) -> None:
    """Remember that the system was asked, so that it is not asked again before the page was."""
    last = witnesses.newest(session, case, "cms")
    if last is not None and last.verdict == "unknown":
        last.last_at, last.reason = now, reason
        last.readings += 1
        return
    session.add(
        Verification(
            case_id=case.id,
            case_status=case.status,
            verdict="unknown",
            reason=reason,
            source="cms",
            readings=1,
            first_at=now,
            last_at=now,
        )
    )
