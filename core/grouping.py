"""Merging and splitting by hand: reports change their case, and can be brought back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import moves, notices, rhythm, snapshots
from core.errors import Conflict, FieldError, Invalid, MovedOn
from core.history import Actor, write_event
from core.matching import claim_of
from core.models import Case, Event, Report
from core.opening import open_case, report_facts
from core.settings import Settings

_DUPLICATE: dict[str, Any] = {
    "status": "dismissed",
    "resolution": "duplicate",
    "regressed": False,
    "snoozed_until": None,
    "wake_at_readers": None,
}


def merge(
    session: Session, case: Case, into: Case, by: Actor, now: datetime, settings: Settings
) -> None:
    """Give all reports of one locked case to another, of the same site.

    The emptied case is dismissed as a duplicate and stays as a signpost: whatever would join it
    by its words joins the other. Raises Conflict for a case that is merged already.
    """
    if case.id == into.id or case.site_id != into.site_id:
        raise Invalid(FieldError("into", "must be another case of the same site"))
    if case.merged_into_id is not None or into.merged_into_id is not None:
        raise Conflict("One of the two cases has been merged into another already.")
    reports = _reports_of(session, case)
    before = moves.plain(session, {name: getattr(case, name) for name in _DUPLICATE})
    lent = {"suggestion": into.suggestion}
    woken = _pour(session, case, into, reports, now, settings)
    gone = {"before": before, "after": _DUPLICATE, "into": into.id, "reports": reports}
    _tell(session, case, "merged", by, now, settings, gone)
    kept = {"before": lent, "after": {"suggestion": into.suggestion}, "from": case.id}
    _tell(session, into, "merged", by, now, settings, {**kept, "reports": reports})
    if woken:
        _tell(session, into, "updated", by, now, settings, {"woken_at_readers": into.readers})


def split(
    session: Session,
    case: Case,
    report_ids: Sequence[str],
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Case:
    """Make a case of its own of some reports of a locked case. At least one has to stay."""
    wanted = {report_id.lower() for report_id in report_ids}
    reports = _reports_of(session, case)
    if not wanted or not wanted < set(reports):
        message = "must be some reports of this case, and not all of them"
        raise Invalid(FieldError("reports", message))
    moved = [report_id for report_id in reports if report_id in wanted]
    first = session.get_one(Report, moved[0])
    claim = claim_of(report_facts(first), snapshots.text_of(session, case.page_id))
    new = open_case(session, first, claim)
    rhythm.begin(new, None, now, settings)
    _give(session, moved, new)
    for each in (case, new):
        _recount(session, each)
    moves.set_fields(case, {}, now, settings)
    nothing: dict[str, Any] = {"before": {}, "after": {}, "reports": moved}
    _tell(session, case, "split", by, now, settings, {**nothing, "into": new.id})
    _tell(session, new, "split", by, now, settings, {**nothing, "from": case.id})
    return new


def take_back(
    session: Session, case: Case, event: Event, now: datetime, settings: Settings
) -> tuple[Case, Event]:
    """Undo a merge or a split, seen from either side, while it stands as it was done.

    It does as long as nothing was done since with the case that it emptied or made, and nothing
    with the other one but more of the same: other merges into it, other splits off it. Whatever
    else came later, whoever did it, has moved the reports on or decided about them: that is taken
    back first, so chains are undone from their newest end. Raises MovedOn, and changes nothing.

    Returns the other case and its own line of history about the same act. The caller holds both
    cases, locked in the order of their ids (`other_case` says which is the other one).
    """
    other = session.get_one(Case, other_case(event))
    changes = changes_of(session, [case.id, other.id])
    others, later = _same_act(event, changes), moved_on(event, changes)
    if others is None or later is not None:
        raise MovedOn(later or other.id)
    emptied, filled = (case, other) if "into" in event.data else (other, case)
    gone, kept = (event, others) if "into" in event.data else (others, event)
    if event.type == "merged":
        reports = list(event.data["reports"])
        _check_held(emptied, filled, reports, _reports_of(session, filled))
        emptied.merged_into_id = None
        _give(session, reports, emptied)
        moves.take_back(session, emptied, gone, now, settings)
        _return_suggestion(filled, kept, now, settings)
        for each in (emptied, filled):
            _recount(session, each)
    else:
        _pour(session, filled, emptied, _reports_of(session, filled), now, settings)
    return other, others


def other_case(event: Event) -> int:
    """The id of the case on the other side of a merge or split."""
    return int(event.data.get("into") or event.data["from"])


def changes_of(session: Session, case_ids: Collection[int]) -> dict[int, list[Event]]:
    """What was done with each of the cases and not undone, the newest first."""
    query = select(Event).where(
        Event.case_id.in_(case_ids), Event.type.not_in(("created", "joined", "note"))
    )
    found: dict[int, list[Event]] = {case_id: [] for case_id in case_ids}
    undone = set[int]()
    for event in session.scalars(query.order_by(Event.id.desc())):
        if event.type == "undone":
            undone.add(event.data["event"])
        elif "before" in event.data and event.id not in undone:
            found[event.case_id].append(event)
    return found


def moved_on(event: Event, changes: Mapping[int, Sequence[Event]]) -> int | None:
    """The case in which something was done after a merge or split that has to be undone first.

    `changes` are those of both cases, as `changes_of` gives them. None: it stands, see `take_back`.
    """
    others = _same_act(event, changes)
    if others is None:
        return other_case(event)
    emptied_or_made = ("into" in event.data) == (event.type == "merged")
    end, kept = (event, others) if emptied_or_made else (others, event)
    if changes[end.case_id][0].id != end.id:
        return end.case_id
    later = takewhile(lambda each: each.id != kept.id, changes[kept.case_id])
    if not all(_is_more_of(kept, each) for each in later):
        return kept.case_id
    return None


def _is_more_of(kept: Event, later: Event) -> bool:
    """The same was done with a case again: merged with others, or split again."""
    return later.type == kept.type and ("into" in later.data) == ("into" in kept.data)


def _same_act(event: Event, changes: Mapping[int, Sequence[Event]]) -> Event | None:
    """The other case's own line about a merge or split."""
    same = (e for e in changes[other_case(event)] if e.type == event.type)
    return next((e for e in same if other_case(e) == event.case_id), None)


def _check_held(emptied: Case, filled: Case, reports: Sequence[str], held: Sequence[str]) -> None:
    """A merge is undone only where both cases have reports then, whatever their histories say."""
    if emptied.merged_into_id != filled.id or not set(reports) < set(held):
        raise MovedOn(filled.id)


def _return_suggestion(case: Case, event: Event, now: datetime, settings: Settings) -> None:
    """Take a lent suggestion back, unless somebody has written another one since."""
    lent = case.suggestion == event.data["after"]["suggestion"]
    moves.set_fields(case, event.data["before"] if lent else {}, now, settings)


def _pour(
    session: Session,
    case: Case,
    into: Case,
    reports: Sequence[str],
    now: datetime,
    settings: Settings,
) -> bool:
    """All reports of one case to another; whether so many readers have woken that one."""
    _give(session, reports, into)
    case.merged_into_id = into.id
    for each in (case, into):
        _recount(session, each)
    moves.set_fields(case, _DUPLICATE, now, settings)
    lent = {"suggestion": into.suggestion or case.suggestion}
    moves.set_fields(into, lent, now, settings)
    return moves.wake(into, now)


def _give(session: Session, report_ids: Sequence[str], case: Case) -> None:
    session.execute(update(Report).where(Report.id.in_(report_ids)).values(case_id=case.id))


def _recount(session: Session, case: Case) -> None:
    """Readers, and the first and last of them, from the reports that the case has now."""
    query = select(Report.received_at).where(Report.case_id == case.id)
    received = list(session.scalars(query))
    case.readers = len(received)
    if received:
        case.first_reported_at, case.last_reported_at = min(received), max(received)


def _reports_of(session: Session, case: Case) -> list[str]:
    query = select(Report.id).where(Report.case_id == case.id)
    return list(session.scalars(query.order_by(Report.received_at, Report.id)))


def _tell(
    session: Session,
    case: Case,
    kind: str,
    by: Actor,
    now: datetime,
    settings: Settings,
    data: dict[str, Any],
) -> None:
    event = write_event(session, case, kind, by, now, data)
    notices.owed(session, case, event, now, settings)
