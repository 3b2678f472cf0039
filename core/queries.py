"""Lists, filters and counts. Nothing here changes anything."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from core.errors import FieldError, Invalid, NotFound
from core.models import Case, Channel, Delivery, Event, Page, PageAlias, Report, Site
from core.text.urls import normalise

T = TypeVar("T")
Sort = Literal["newest", "priority", "readers"]
SiteIds = frozenset[int] | None  # None: every site

SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "newest": Case.last_reported_at,
    "priority": Case.priority,
    "readers": Case.readers,
}


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A page of a list. `next` is the cursor of the page after it, None on the last one."""

    items: list[T]
    next: str | None


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are wanted; an empty field does not narrow.

    `awake_at` leaves out what is snoozed at that moment, `asleep_at` everything else.
    """

    site_ids: SiteIds = None
    statuses: tuple[str, ...] = ()
    text: str = ""
    page_url: str = ""
    assignee_id: int | None = None
    kind: str = ""
    awake_at: datetime | None = None
    asleep_at: datetime | None = None
    sort: Sort = "newest"


@dataclass(frozen=True)
class Backlog:
    """What still waits: ages of the oldest report to sort and message to send, and the counts."""

    oldest_unsorted: timedelta | None
    oldest_unsent: timedelta | None
    unsorted: int
    unsent: int
    dead: int


@dataclass(frozen=True)
class Due:
    """How long the longest waiting report and message have been due; None where none is."""

    report: timedelta | None
    delivery: timedelta | None


def list_cases(
    session: Session, wanted: CaseFilter, cursor: str | None, limit: int
) -> Listing[Case]:
    """Cases that fit, with their page, site and assignee, the wanted order first, then by id."""
    column = SORTS[wanted.sort]
    query = (
        select(Case)
        .where(*_narrowed(wanted))
        .options(joinedload(Case.page), joinedload(Case.site), joinedload(Case.assignee))
    )
    if cursor is not None:
        value, last_id = _read_cursor(cursor, wanted.sort)
        query = query.where(or_(column < value, and_(column == value, Case.id < last_id)))
    query = query.order_by(column.desc(), Case.id.desc())
    return _page(
        session, query, limit, lambda case: _cursor(wanted.sort, getattr(case, column.key), case.id)
    )


def count_by_status(session: Session, wanted: CaseFilter) -> dict[str, int]:
    """How many cases fit the filter in each status, whatever status the filter itself names."""
    anywhere = CaseFilter(**{**vars(wanted), "statuses": ()})
    counted = select(Case.status, func.count()).where(*_narrowed(anywhere)).group_by(Case.status)
    return {status: count for status, count in session.execute(counted)}  # noqa: C416 (typed)


def get_case(session: Session, case_id: int, site_ids: SiteIds) -> Case:
    """One case with its page, site and assignee. Raises NotFound, also for a foreign site's."""
    query = (
        select(Case)
        .where(Case.id == case_id, *_of_sites(Case.site_id, site_ids))
        .options(joinedload(Case.page), joinedload(Case.site), joinedload(Case.assignee))
    )
    case = session.scalar(query)
    if case is None:
        raise NotFound("There is no such case.")
    return case


def cases(session: Session, case_ids: Sequence[int], site_ids: SiteIds) -> list[Case]:
    """These cases in this order, with their page, site and assignee, without foreign ones."""
    query = (
        select(Case)
        .where(Case.id.in_(case_ids), *_of_sites(Case.site_id, site_ids))
        .options(joinedload(Case.page), joinedload(Case.site), joinedload(Case.assignee))
    )
    found = {case.id: case for case in session.scalars(query)}
    return [found[case_id] for case_id in case_ids if case_id in found]


def get_report(session: Session, report_id: str, site_ids: SiteIds) -> Report:
    """One report. Raises NotFound, also for a foreign site's."""
    query = select(Report).where(
        Report.id == report_id.lower(), *_of_sites(Report.site_id, site_ids)
    )
    report = session.scalar(query)
    if report is None:
        raise NotFound("There is no such report.")
    return report


def case_reports(session: Session, case_id: int) -> list[Report]:
    """All reports of a case, the first one first."""
    query = select(Report).where(Report.case_id == case_id)
    return list(session.scalars(query.order_by(Report.received_at, Report.id)))


def report_ids(session: Session, case_ids: Sequence[int]) -> dict[int, list[str]]:
    """The ids of the reports of several cases, the first one first."""
    query = (
        select(Report.case_id, Report.id)
        .where(Report.case_id.in_(case_ids))
        .order_by(Report.received_at, Report.id)
    )
    found: dict[int, list[str]] = {case_id: [] for case_id in case_ids}
    for case_id, report_id in session.execute(query):
        if case_id is not None:
            found[case_id].append(report_id)
    return found


def list_events(session: Session, case_id: int, cursor: str | None, limit: int) -> Listing[Event]:
    """A case's history, oldest first."""
    query = select(Event).where(Event.case_id == case_id).order_by(Event.id)
    if cursor is not None:
        query = query.where(Event.id > _read_cursor(cursor, "events")[1])
    return _page(session, query, limit, lambda event: _cursor("events", 0, event.id))


def list_deliveries(
    session: Session,
    site_ids: SiteIds,
    status: str | None,
    channel_id: int | None,
    cursor: str | None,
    limit: int,
) -> Listing[Delivery]:
    """Messages owed or sent, newest first, with their channel."""
    query = (
        select(Delivery)
        .join(Delivery.channel)
        .where(*_of_sites(Channel.site_id, site_ids))
        .options(joinedload(Delivery.channel).joinedload(Channel.site), joinedload(Delivery.case))
        .order_by(Delivery.id.desc())
    )
    if status is not None:
        query = query.where(Delivery.status == status)
    if channel_id is not None:
        query = query.where(Delivery.channel_id == channel_id)
    if cursor is not None:
        query = query.where(Delivery.id < _read_cursor(cursor, "deliveries")[1])
    return _page(session, query, limit, lambda delivery: _cursor("deliveries", 0, delivery.id))


def get_delivery(session: Session, delivery_id: int, site_ids: SiteIds) -> Delivery:
    """One message. Raises NotFound, also for a foreign site's."""
    query = (
        select(Delivery)
        .join(Delivery.channel)
        .where(Delivery.id == delivery_id, *_of_sites(Channel.site_id, site_ids))
        .options(joinedload(Delivery.channel))
    )
    delivery = session.scalar(query)
    if delivery is None:
        raise NotFound("There is no such delivery.")
    return delivery


def sites(session: Session, site_ids: SiteIds) -> list[Site]:
    """The sites that a person may see, by name."""
    return list(
        session.scalars(select(Site).where(*_of_sites(Site.id, site_ids)).order_by(Site.name))
    )


def backlog(session: Session, now: datetime) -> Backlog:
    """What waits now. A report counts from its receipt, a message from when it became due."""
    unsorted = Report.sorted_at.is_(None)
    unsent = and_(Delivery.status == "pending", Delivery.due_at <= now)
    return Backlog(
        oldest_unsorted=_age(session, select(func.min(Report.received_at)).where(unsorted), now),
        oldest_unsent=_age(session, select(func.min(Delivery.due_at)).where(unsent), now),
        unsorted=session.scalar(select(func.count()).where(unsorted)) or 0,
        unsent=session.scalar(select(func.count()).where(unsent)) or 0,
        dead=session.scalar(select(func.count()).where(Delivery.status == "dead")) or 0,
    )


def longest_due(session: Session, now: datetime) -> Due:
    """What nobody has taken up although its time has come; cheap enough to ask every second."""
    unsorted = and_(Report.sorted_at.is_(None), Report.sort_due_at <= now)
    unsent = and_(
        Delivery.status == "pending",
        Delivery.due_at <= now,
        or_(Delivery.leased_until.is_(None), Delivery.leased_until < now),
    )
    return Due(
        report=_age(session, select(func.min(Report.sort_due_at)).where(unsorted), now),
        delivery=_age(session, select(func.min(Delivery.due_at)).where(unsent), now),
    )


def _age(session: Session, oldest: Select[datetime], now: datetime) -> timedelta | None:
    moment: datetime | None = session.scalar(oldest)
    return None if moment is None else now - moment


def count_dead(session: Session, site_ids: SiteIds) -> int:
    """How many messages were given up."""
    query = select(func.count()).select_from(Delivery).join(Delivery.channel)
    return session.scalars(
        query.where(Delivery.status == "dead", *_of_sites(Channel.site_id, site_ids))
    ).one()


def _narrowed(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions = [*_of_sites(Case.site_id, wanted.site_ids)]
    if wanted.statuses:
        conditions.append(Case.status.in_(wanted.statuses))
    if wanted.assignee_id is not None:
        conditions.append(Case.assignee_id == wanted.assignee_id)
    if wanted.kind:
        conditions.append(Case.kind == wanted.kind)
    if wanted.awake_at is not None:
        conditions.append(~_asleep(wanted.awake_at))
    if wanted.asleep_at is not None:
        conditions.append(_asleep(wanted.asleep_at))
    if wanted.page_url:
        conditions.append(Case.page_id.in_(_pages_at(wanted.page_url)))
    if wanted.text:
        conditions.append(_mentions(wanted.text))
    return conditions


def _pages_at(url: str) -> Select[int]:
    try:
        address = normalise(url)
    except ValueError as fault:
        message = "must be an absolute http or https address"
        raise Invalid(FieldError("page_url", message)) from fault
    return select(PageAlias.page_id).where(PageAlias.url == address)


def _asleep(at: datetime) -> ColumnElement[bool]:
    return and_(Case.snoozed_until.is_not(None), Case.snoozed_until > at)


def _mentions(text: str) -> ColumnElement[bool]:
    """Whether the text stands in a case's words, in its suggestion or in its page's title."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    forms = {f"%{form}%" for form in (escaped, escaped.lower(), escaped.capitalize())}
    titled = select(Page.id).where(or_(*(Page.title.like(form, escape="\\") for form in forms)))
    columns = (Case.exact, Case.suggestion)
    return or_(
        Case.page_id.in_(titled),
        *(column.ilike(form, escape="\\") for column in columns for form in forms),
    )


def _of_sites(
    column: InstrumentedAttribute[int], site_ids: SiteIds
) -> tuple[ColumnElement[bool], ...]:
    return () if site_ids is None else (column.in_(site_ids),)


def _page(
    session: Session, query: Select[T], limit: int, cursor_of: Callable[[T], str]
) -> Listing[T]:
    rows = list(session.scalars(query.limit(limit + 1)))
    items = rows[:limit]
    return Listing(items, cursor_of(items[-1]) if len(rows) > limit else None)


def _cursor(of: str, value: object, last_id: int) -> str:
    plain = value.isoformat() if isinstance(value, datetime) else value
    packed = json.dumps([of, plain, last_id]).encode()
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def _read_cursor(cursor: str, of: str) -> tuple[Any, int]:
    """The last value and id seen. Raises Invalid for a cursor that this list has not given."""
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, value, last_id = json.loads(packed)
        if made_for == of and _fits_a_key(last_id):
            return _moment(value) if of == "newest" else int(value), last_id
    except (ValueError, TypeError, OverflowError, RecursionError):
        pass  # told below, like a cursor of another list
    message = "is not a cursor of this list; take `next` from the page before"
    raise Invalid(FieldError("cursor", message))


def _fits_a_key(last_id: object) -> bool:
    return isinstance(last_id, int) and 0 <= last_id < 2**63


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
