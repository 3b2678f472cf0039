"""Which cases a list is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.errors import FieldError, Invalid
from core.models import Case, Page, PageAlias
from core.queries.search import SiteIds, mentions
from core.text.urls import normalise

Sort = Literal["newest", "priority", "readers", "oldest"]


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are wanted; an empty field does not narrow.

    `awake_at` leaves out what is snoozed at that moment, `asleep_at` everything else.
    `reported_from` and `reported_to` bound the first report, the first of them included.
    `unassigned` wants what is nobody's. `unmerged` leaves out what was merged into another case.
    """

    site_ids: SiteIds = None
    statuses: tuple[str, ...] = ()
    text: str = ""
    page_url: str = ""
    assignee_id: int | None = None
    kind: str = ""
    section: str = ""
    author: str = ""
    language: str = ""
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    awake_at: datetime | None = None
    asleep_at: datetime | None = None
    unassigned: bool = False
    unmerged: bool = False
    sort: Sort = "newest"

    @property
    def narrows(self) -> bool:
        """Whether anything keeps cases out that words may go together with: where and when they
        were written, in which language, whose they are."""
        named = (self.page_url, self.section, self.author, self.language)
        times = (self.reported_from, self.reported_to)
        return any((*named, *times, self.assignee_id, self.unassigned))

    @property
    def few(self) -> bool:
        """Whether it is likely that few cases fit in all: those of one page or of one person."""
        return bool(self.page_url or self.author or self.assignee_id)


def conditions(session: Session, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """What a row has to be to fit. The session is asked how common the searched words are."""
    plain = {
        Case.assignee_id: wanted.assignee_id,
        Case.kind: wanted.kind or None,
        Case.language: wanted.language or None,
    }
    found = [
        *of_sites(Case.site_id, wanted.site_ids),
        *(column == value for column, value in plain.items() if value is not None),
        *_at_times(wanted),
        *_on_pages(wanted),
    ]
    if wanted.statuses:
        found.append(Case.status.in_(wanted.statuses))
    if wanted.unassigned:
        found.append(Case.assignee_id.is_(None))
    if wanted.unmerged:
        found.append(Case.merged_into_id.is_(None))
    if wanted.text:
        found.append(mentions(session, wanted.text, wanted.site_ids, wanted.narrows))
    return found


def asleep(at: datetime) -> ColumnElement[bool]:
    """Whether a case is snoozed at that moment."""
    by_readers = or_(Case.wake_at_readers.is_(None), Case.readers < Case.wake_at_readers)
    return and_(Case.snoozed_until.is_not(None), Case.snoozed_until > at, by_readers)


def of_sites(
    column: InstrumentedAttribute[int], site_ids: SiteIds
) -> tuple[ColumnElement[bool], ...]:
    """Only rows of these sites."""
    return () if site_ids is None else (column.in_(site_ids),)


def _at_times(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.awake_at is not None:
        found.append(~asleep(wanted.awake_at))
    if wanted.asleep_at is not None:
        found.append(asleep(wanted.asleep_at))
    if wanted.reported_from is not None:
        found.append(Case.first_reported_at >= wanted.reported_from)
    if wanted.reported_to is not None:
        found.append(Case.first_reported_at < wanted.reported_to)
    return found


def _on_pages(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.page_url:
        found.append(Case.page_id.in_(_pages_at(wanted.page_url)))
    for column, value in ((Page.section, wanted.section), (Page.author, wanted.author)):
        if value:
            found.append(Case.page_id.in_(select(Page.id).where(column == value)))
    return found


def _pages_at(url: str) -> Select[int]:
    try:
        address = normalise(url)
    except ValueError as fault:
        message = "must be an absolute http or https address"
        raise Invalid(FieldError("page_url", message)) from fault
    return select(PageAlias.page_id).where(PageAlias.url == address)
