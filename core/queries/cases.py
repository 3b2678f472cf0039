"""Cases, their reports and their history."""

from collections.abc import Sequence

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, joinedload

from core.errors import NotFound
from core.models import Case, Event, Report, Site
from core.queries.narrowing import CaseFilter, conditions, of_sites
from core.queries.paging import Listing, cursor_at, page_of, read_cursor
from core.queries.search import SiteIds

_ORDERS = {
    "newest": Case.last_reported_at,
    "priority": Case.priority,
    "readers": Case.readers,
    "oldest": Case.first_reported_at,
}
_MOMENTS = ("newest", "oldest")


def list_cases(
    session: Session, wanted: CaseFilter, cursor: str | None, limit: int
) -> Listing[Case]:
    """Cases that fit, with their page, site and assignee, the wanted order first, then by id."""
    column = _ORDERS[wanted.sort]
    order = tuple_(column, Case.id)
    query = _whole().where(*conditions(session, wanted))
    upwards = wanted.sort == "oldest"
    if cursor is not None:
        seen = tuple_(*read_cursor(cursor, wanted.sort, moments=wanted.sort in _MOMENTS))
        query = query.where(order > seen if upwards else order < seen)
    if upwards:
        query = query.order_by(column, Case.id)
    else:
        query = query.order_by(column.desc(), Case.id.desc())
    return page_of(
        session,
        query,
        limit,
        lambda case: cursor_at(wanted.sort, getattr(case, column.key), case.id),
    )


def get_case(session: Session, case_id: int, site_ids: SiteIds) -> Case:
    """One case with its page, site and assignee. Raises NotFound, also for a foreign site's."""
    query = _whole().where(Case.id == case_id, *of_sites(Case.site_id, site_ids))
    case = session.scalar(query)
    if case is None:
        raise NotFound("There is no such case.")
    return case


def cases(session: Session, case_ids: Sequence[int], site_ids: SiteIds) -> list[Case]:
    """These cases in this order, with their page, site and assignee, without foreign ones."""
    query = _whole().where(Case.id.in_(case_ids), *of_sites(Case.site_id, site_ids))
    found = {case.id: case for case in session.scalars(query)}
    return [found[case_id] for case_id in case_ids if case_id in found]


def get_report(session: Session, report_id: str, site_ids: SiteIds) -> Report:
    """One report. Raises NotFound, also for a foreign site's."""
    query = select(Report).where(
        Report.id == report_id.lower(), *of_sites(Report.site_id, site_ids)
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
        query = query.where(Event.id > read_cursor(cursor, "events")[1])
    return page_of(session, query, limit, lambda event: cursor_at("events", 0, event.id))


def sites(session: Session, site_ids: SiteIds) -> list[Site]:
    """The sites that a person may see, by name."""
    return list(
        session.scalars(select(Site).where(*of_sites(Site.id, site_ids)).order_by(Site.name))
    )


def _whole() -> Select[Case]:
    parts = (joinedload(Case.page), joinedload(Case.site), joinedload(Case.assignee))
    return select(Case).options(*parts)
