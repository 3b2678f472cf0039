"""Everything about one case, for somebody who is to decide it."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core import queries
from core.matching import ReportFacts, claim_of
from core.models import Case, Delivery, Event, Report, User
from core.workflow import OPEN

MOST_EVENTS = 200  # beside the readers who joined
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
    `proposals`: of all reports. `neighbours`: other cases of the page, with which it may be merged.
    `events`, `deliveries`: newest first. Of readers who joined one after another `events` has the
    last one, and `joined` says by its number how many they were. `names`: people by their e-mail
    address.
    """

    case: Case
    reports: list[Report]
    reports_in_all: int
    proposals: list[Proposal]
    neighbours: list[Case]
    events: list[Event]
    joined: dict[int, int]
    deliveries: list[Delivery]
    names: dict[str, str]


def open_case(
    session: Session, case_id: int, site_ids: queries.SiteIds, most_reports: int | None
) -> CaseFile:
    """Read a case with all that belongs to it. Raises NotFound, also for a foreign site's."""
    case = queries.get_case(session, case_id, site_ids)
    reports = _reports(session, case, most_reports)
    counted = select(func.count()).select_from(Report).where(Report.case_id == case.id)
    events, joined = _events(session, case)
    return CaseFile(
        case=case,
        reports=reports,
        reports_in_all=session.scalars(counted).one(),
        proposals=proposals_of(case, _answers(session, case)),
        neighbours=_neighbours(session, case),
        events=events,
        joined=joined,
        deliveries=_deliveries(session, case),
        names=names_of(session, _people(events)),
    )


def proposals_of(case: Case, answers: Iterable[tuple[ReportFacts, int]]) -> list[Proposal]:
    """What readers propose for the case's words, the most wanted first; `answers` are what they
    have sent, each with how many have sent the same.

    Readers answer with a letter, a word or the whole sentence; where the case's own words can be
    read out of an answer they are compared in these, otherwise the answer stands as it came.
    """
    counted = Counter[str]()
    for facts, readers in answers:
        if facts.suggestion is not None:
            counted[_proposed(case, facts, facts.suggestion)] += readers
    return [Proposal(text, readers) for text, readers in counted.most_common()]


def names_of(session: Session, emails: set[str]) -> dict[str, str]:
    """The names of the people with these addresses."""
    found = select(User.email, User.name).where(User.email.in_(emails))
    return {email: name for email, name in session.execute(found)}  # noqa: C416 (typed)


def _proposed(case: Case, facts: ReportFacts, suggestion: str) -> str:
    claim = claim_of(facts, None)
    if claim.right is not None and claim.exact == case.exact:
        return claim.right
    return suggestion


def _answers(session: Session, case: Case) -> list[tuple[ReportFacts, int]]:
    """What all readers of a case have proposed, the first of them first."""
    words = (Report.exact, Report.prefix, Report.suffix)
    place = (Report.position_start, Report.position_end)
    said = (*words, *place, Report.suggestion, Report.language)
    query = (
        select(*words, *place, Report.suggestion, Report.language, func.count())
        .where(Report.case_id == case.id, Report.suggestion.is_not(None))
        .group_by(*said)
        .order_by(func.min(Report.received_at), func.min(Report.id))
    )
    return [
        (ReportFacts(exact, prefix, suffix, start, end, suggestion, language), readers)
        for exact, prefix, suffix, start, end, suggestion, language, readers in session.execute(
            query
        )
    ]


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


def _events(session: Session, case: Case) -> tuple[list[Event], dict[int, int]]:
    """What was done, the newest MOST_EVENTS of it, and the last of each run of readers, with how
    many they were: however many have come, they leave no decision and no note out."""
    of_case = select(Event).where(Event.case_id == case.id)
    done = of_case.where(Event.type != "joined").order_by(Event.id.desc())
    others = list(session.scalars(done.limit(MOST_EVENTS)))
    known_since = others[-1].id if len(others) == MOST_EVENTS else 0
    readers = (
        select(Event.id)
        .where(Event.case_id == case.id, Event.type == "joined", Event.id > known_since)
        .order_by(Event.id.desc())
    )
    between = sorted(event.id for event in others if event.type != "note")
    runs = groupby(session.scalars(readers), key=lambda number: bisect(between, number))
    joined = {run[0]: len(run) for run in (list(numbers) for _, numbers in runs)}
    last = session.scalars(of_case.where(Event.id.in_(joined)))
    return sorted([*others, *last], key=lambda event: -event.id), joined


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
