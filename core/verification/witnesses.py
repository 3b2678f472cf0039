"""When readings are believed: two have to say the same, apart in time or different in kind."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Case, Verification
from core.settings import Settings
from core.verification.judging import same_words

AGREEING = timedelta(minutes=5)  # at least so far apart are two readings of a page that agree
TOGETHER = timedelta(minutes=15)  # at most so far apart the system and the page confirm one another


def agree(
    session: Session, case: Case, run: Verification, now: datetime, settings: Settings
) -> bool:
    """Whether the newest run of readings of a case is to be believed.

    A page that has said the same twice, some minutes apart, is believed: caches come and go in
    between. So is a page that says what the newsroom's own system says, read past all caches:
    they are two witnesses, and need not wait. The system alone is believed only where the page
    itself can tell nothing (a paywall, a page that only a browser renders).
    """
    apart = run.readings > 1 and run.last_at - run.first_at >= settings.scaled(AGREEING)
    if apart and (run.source == "page" or _page_is_silent(session, case)):
        return True
    other = _newest(session, case, "page" if run.source == "cms" else "cms")
    if other is None or now - other.last_at > settings.scaled(TOGETHER):
        return False
    if other.verdict != run.verdict:
        return False
    if run.verdict == "still_there" or (run.as_suggested and other.as_suggested):
        return True
    return same_words(other.after or "", run.after or "")


def _page_is_silent(session: Session, case: Case) -> bool:
    page = _newest(session, case, "page")
    return page is not None and page.verdict == "unknown"


def _newest(session: Session, case: Case, source: str) -> Verification | None:
    query = select(Verification).where(
        Verification.case_id == case.id, Verification.source == source
    )
    return session.scalar(query.order_by(Verification.id.desc()).limit(1))
