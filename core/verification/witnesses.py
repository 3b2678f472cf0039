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
    if run.source == "page" and _is_apart(run, run, settings):
        return True
    other = newest(session, case, "page" if run.source == "cms" else "cms")
    if other is None:
        return False
    if run.source == "cms" and other.verdict == "unknown":
        earlier = _before(session, run)
        said_twice = (
            earlier is not None and _same(earlier, run) and _is_apart(earlier, run, settings)
        )
        return said_twice or _is_apart(run, run, settings)
    return now - other.last_at <= settings.scaled(TOGETHER) and _same(other, run)


def newest(session: Session, case: Case, source: str) -> Verification | None:
    """The newest run of readings of one source."""
    query = select(Verification).where(
        Verification.case_id == case.id, Verification.source == source
    )
    return session.scalar(query.order_by(Verification.id.desc()).limit(1))


def _before(session: Session, run: Verification) -> Verification | None:
    """The run of the same source before this one; the page may have been silent in between."""
    query = select(Verification).where(
        Verification.case_id == run.case_id,
        Verification.source == run.source,
        Verification.id < run.id,
    )
    return session.scalar(query.order_by(Verification.id.desc()).limit(1))


def _is_apart(first: Verification, last: Verification, settings: Settings) -> bool:
    readings = last.readings + (first.readings if first is not last else 0)
    return readings > 1 and last.last_at - first.first_at >= settings.scaled(AGREEING)


def _same(one: Verification, other: Verification) -> bool:
    if one.verdict != other.verdict:
        return False
    if one.verdict == "still_there" or (one.as_suggested and other.as_suggested):
        return True
    return same_words(one.after or "", other.after or "")
