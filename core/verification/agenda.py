"""Which page is read next: due, free, and at a host whose turn it is."""

import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, Select, cast, func, or_, select
from sqlalchemy.orm import Session

from core import politeness, rhythm
from core.models import Case, Page, Site
from core.readings import Wanted
from core.settings import Settings
from core.text.urls import host_of
from core.verification.recording import awaits_confirmation

LEASE = timedelta(minutes=3)  # never scaled: waiting for turns and reading take their time
_LONGEST_LEASE = timedelta(hours=6)
_MOST = 2_000  # pages that one agenda holds
_PATIENCE = timedelta(seconds=4)  # a turn that is nearer is waited for


@dataclass(frozen=True)
class Entry:
    """A page that is due. `urgent`: somebody says that one of its cases is fixed."""

    page_id: int
    site_id: int
    host: str
    urgent: bool


@dataclass(frozen=True)
class Claim:
    """A page that is ours to read until the lease ends.

    `fresh`: past all caches. `needs_browser`: only a browser shows its words.
    """

    entry: Entry
    lease: str
    wanted: Wanted
    fresh: bool
    needs_browser: bool


@dataclass
class Agenda:
    """The due pages by host, urgent ones first, then the longest waiting."""

    by_host: dict[str, deque[Entry]] = field(default_factory=dict)
    spent: set[int] = field(default_factory=set)

    def take(self, session: Session, now: datetime) -> Entry | None:
        """The next page at the host whose turn is nearest; None where no turn is near."""
        turns = politeness.turns(session, self.by_host, now)
        near = [
            (turn.at, not self.by_host[host][0].urgent, host)
            for host, turn in turns.items()
            if turn.at <= now + (timedelta() if turn.rests else _PATIENCE)
        ]
        while near:
            _, _, host = min(near)
            entries = self.by_host[host]
            entry = entries.popleft()
            if not entries:
                del self.by_host[host]
            if entry.urgent or entry.site_id not in self.spent:
                return entry
            near = [each for each in near if each[2] in self.by_host]
        return None


def due(session: Session, now: datetime) -> Agenda:
    """The pages that are due now and that nobody holds."""
    agenda = Agenda()
    for page_id, site_id, link, urgent in session.execute(_query(now)):
        host = host_of(link) or ""
        agenda.by_host.setdefault(host, deque()).append(Entry(page_id, site_id, host, bool(urgent)))
    return agenda


def has_turn(session: Session, now: datetime) -> bool:
    """Whether any page is due whose host may be asked now."""
    return due(session, now).take(session, now) is not None


def is_somebody_reading(session: Session, now: datetime) -> bool:
    """Whether some worker holds a page."""
    held = select(Page.id).where(Page.check_leased_until > now)
    return session.scalar(held.limit(1)) is not None


def _query(now: datetime) -> Select[int, int, str, int]:
    urgent = func.max(cast(Case.status == "fixed", Integer))
    return (
        select(Page.id, Page.site_id, Page.link, urgent)
        .join(Case, Case.page_id == Page.id)
        .where(Case.check_due_at <= now, _is_free(now))
        .group_by(Page.id, Page.site_id, Page.link)
        .order_by(urgent.desc(), func.min(Case.check_due_at), Page.id)
        .limit(_MOST)
    )


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(Page.check_leased_until.is_(None), Page.check_leased_until < now)


def claim(session: Session, entry: Entry, now: datetime, settings: Settings) -> Claim | None:
    """Hold a page for reading, and take it out of its site's budget.

    None if somebody else holds it or has read it meanwhile. The attempt is counted here, and each
    one that came to no end makes the lease longer, so that a page on which workers die is tried
    rarely. Raises BudgetSpentError where the site's pages were read often enough today.
    """
    query = select(Page).where(Page.id == entry.page_id, _is_free(now))
    page = session.scalar(
        query.with_for_update(skip_locked=True, key_share=True).execution_options(
            populate_existing=True
        )
    )
    cases = [] if page is None else _due_cases(session, page.id, now)
    if page is None or not cases:
        return None
    if not politeness.spend(session, entry.site_id, entry.urgent, now, settings):
        raise BudgetSpentError
    page.check_attempts += 1
    page.check_lease = secrets.token_hex(16)
    page.check_leased_until = now + min(LEASE * 2 ** (page.check_attempts - 1), _LONGEST_LEASE)
    fresh = any(
        awaits_confirmation(case) or rhythm.goes_past_caches(case, now, settings) for case in cases
    )
    wanted = Wanted.of(page, session.get_one(Site, page.site_id))
    return Claim(entry, page.check_lease, wanted, fresh, page.needs_browser)


def _due_cases(session: Session, page_id: int, now: datetime) -> Sequence[Case]:
    query = select(Case).where(Case.page_id == page_id, Case.check_due_at <= now)
    return session.scalars(query).all()


class BudgetSpentError(Exception):
    """The site's pages were read as often as is decent in a day."""
