"""Which cases a report has been in: merging and splitting carry it from one to another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Case, Event, Page, Report


@dataclass(frozen=True)
class Visit:
    """A case that a report is in or was in, the case's history, and whose words it still holds.

    `others` are the reports that have their words yet, the first one first: those of the case; of
    a case that was merged into another one, those that it had.
    """

    case: Case
    events: Sequence[Event]
    others: Sequence[Report]


def lock(session: Session, report: Report) -> None:
    """Report, page, cases: the order that sorting takes them in."""
    session.get(Report, report.id, with_for_update={"key_share": True}, populate_existing=True)
    if report.page_id is not None:
        session.get(Page, report.page_id, with_for_update={"key_share": True})
    for case_id in sorted(_been_in(session, report)):
        session.get(Case, case_id, with_for_update={"key_share": True}, populate_existing=True)


def visits(session: Session, report: Report) -> list[Visit]:
    """Every case that a report is in or was in, the oldest first."""
    found = []
    for case_id, events in sorted(_been_in(session, report).items()):
        case = session.get_one(Case, case_id)
        found.append(Visit(case, events, _others(session, case, events, report)))
    return found


def _been_in(session: Session, report: Report) -> dict[int, Sequence[Event]]:
    """The histories of the cases that a report is in or was in.

    Whoever merges or splits leaves a line in both cases: from the present case the lines lead back
    to every earlier one.
    """
    if report.case_id is None:
        return {}
    met: dict[int, Sequence[Event]] = {}
    ahead = {report.case_id}
    while ahead:
        query = select(Event).where(Event.case_id.in_(ahead)).order_by(Event.id)
        lines = list(session.scalars(query))
        met |= {
            case_id: [event for event in lines if event.case_id == case_id] for case_id in ahead
        }
        linked = {event.data.get(side) for event in lines for side in ("into", "from")}
        ahead = {case_id for case_id in linked if isinstance(case_id, int)} - set(met)
    return {
        case_id: events
        for case_id, events in met.items()
        if case_id == report.case_id or report.id in _named(events)
    }


def _named(events: Iterable[Event]) -> set[str]:
    """The reports that a history names."""
    named = set[str]()
    for event in events:
        named.update(event.data.get("reports") or ())
        named.add(event.data.get("report") or "")
    return named


def _others(session: Session, case: Case, events: Sequence[Event], report: Report) -> list[Report]:
    is_its = Report.case_id == case.id
    if case.merged_into_id is not None:
        is_its = Report.id.in_(_named(events))
    query = select(Report).where(is_its, Report.erased_at.is_(None), Report.id != report.id)
    return list(session.scalars(query.order_by(Report.received_at, Report.id)))
