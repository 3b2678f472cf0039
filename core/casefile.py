"""Everything about one case, for somebody who is to decide it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core import queries
from core.matching import ReportFacts, claim_of
from core.models import Case, Delivery, Event, Report, User
from core.workflow import OPEN

MOST_EVENTS = 200
MOST_NEIGHBOURS = 9  # neighbours: as many as there are keys for them


@dataclass(frozen=True)
class Proposal:
    """What some readers want to stand instead of the case's words, and how many of them."""

    text: str
    readers: int


@dataclass(frozen=True)
class CaseFile:
    """A case with what led to it and came of it.

    `reports`: the first ones, oldest first; `reports_in_all` counts those left out too.
    `neighbours`: other cases of the page, with which it may be merged. `events`, `deliveries`:
    newest first. `names`: people by their e-mail address.
    """

    case: Case
    reports: list[Report]
    reports_in_all: int
    proposals: list[Proposal]
    neighbours: list[Case]
    events: list[Event]
    deliveries: list[Delivery]
    names: dict[str, str]


def open_case(
    session: Session, case_id: int, site_ids: queries.SiteIds, most_reports: int | None
) -> CaseFile:
    """Read a case with all that belongs to it. Raises NotFound, also for a foreign site's."""
    case = queries.get_case(session, case_id, site_ids)
    reports = _reports(session, case, most_reports)
    counted = select(func.count()).select_from(Report).where(Report.case_id == case.id)
    events = _events(session, case)
    return CaseFile(
        case=case,
        reports=reports,
        reports_in_all=session.scalars(counted).one(),
        proposals=proposals_of(case, reports),
        neighbours=_neighbours(session, case),
        events=events,
        deliveries=_deliveries(session, case),
        names=names_of(session, _people(events)),
    )


def proposals_of(case: Case, reports: Sequence[Report]) -> list[Proposal]:
    """What readers propose for the case's words, the most wanted first.

    Readers answer with a letter, a word or the whole sentence; where the case's own words can be
    read out of an answer they are compared in these, otherwise the answer stands as it came.
    """
    proposed = [_proposed(case, report) for report in reports]
    counted = Counter(text for text in proposed if text is not None)
    return [Proposal(text, readers) for text, readers in counted.most_common()]


def names_of(session: Session, emails: set[str]) -> dict[str, str]:
    """The names of the people with these addresses."""
    found = select(User.email, User.name).where(User.email.in_(emails))
    return {email: name for email, name in session.execute(found)}  # noqa: C416 (typed)


def _proposed(case: Case, report: Report) -> str | None:
    if report.suggestion is None:
        return None
    claim = claim_of(
        ReportFacts(
            exact=report.exact,
            prefix=report.prefix,
            suffix=report.suffix,
            start=report.position_start,
            end=report.position_end,
            suggestion=report.suggestion,
            language=report.language,
        ),
        None,
    )
    if claim.right is not None and claim.exact == case.exact:
        return claim.right
    return report.suggestion


def _reports(session: Session, case: Case, most: int | None) -> list[Report]:
    query = select(Report).where(Report.case_id == case.id)
    return list(session.scalars(query.order_by(Report.received_at, Report.id).limit(most)))


def _neighbours(session: Session, case: Case) -> list[Case]:
    """Cases of the same page that are not merged away, the undecided ones first."""
    query = select(Case).where(
        Case.page_id == case.page_id, Case.id != case.id, Case.merged_into_id.is_(None)
    )
    undecided = Case.status.in_(OPEN)
    return list(
        session.scalars(query.order_by(undecided.desc(), Case.id.desc()).limit(MOST_NEIGHBOURS))
    )


def _events(session: Session, case: Case) -> list[Event]:
    query = select(Event).where(Event.case_id == case.id).order_by(Event.id.desc())
    return list(session.scalars(query.limit(MOST_EVENTS)))


def _deliveries(session: Session, case: Case) -> list[Delivery]:
    query = (
        select(Delivery)
        .where(Delivery.case_id == case.id)
        .options(joinedload(Delivery.channel))
        .order_by(Delivery.id.desc())
        .limit(MOST_EVENTS)
    )
    return list(session.scalars(query))


def _people(events: Sequence[Event]) -> set[str]:
    """Everybody whom the history names: who acted, and who was assigned."""
    people = {event.actor for event in events}
    for event in events:
        for side in ("before", "after"):
            people.add(event.data.get(side, {}).get("assignee") or "")
    return {person for person in people if "@" in person}
