"""Cases for programs: look, change, note, undo, and change many."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from core import housewords, moves, queries, triage
from core.clock import utcnow
from core.errors import StaleVersion, TuzetError
from core.models import Case
from core.representations import case_json, event_json
from core.signals import DELIVER
from core.triage import Change
from service.api import shapes
from service.api.callers import Caller
from service.api.narrowing import cases_wanted
from service.api.operations import operation
from service.context import service
from service.errors import StaleCase, problem_of

blueprint = Blueprint("cases", __name__)
ONE = "/cases/<int:case_id>"


@operation(blueprint, "/cases", "List cases", shapes.CaseList, query=shapes.CasesQuery)
def index(caller: Caller, query: shapes.CasesQuery) -> dict[str, Any]:
    """Cases of the caller's sites that fit."""
    with service().db.read() as session:
        listing = queries.list_cases(
            session, cases_wanted(session, caller, query), query.cursor, query.limit
        )
        return {"items": _cases(session, listing.items), "next": listing.next}


@operation(blueprint, ONE, "Read a case", shapes.CaseOut, refusals=(404,))
def show(caller: Caller, case_id: int) -> dict[str, Any]:
    """One case."""
    with service().db.read() as session:
        return _standing(session, caller, case_id)


@operation(
    blueprint,
    ONE,
    "Change a case",
    shapes.CaseOut,
    method="PATCH",
    body=shapes.CasePatch,
    refusals=(403, 404, 409),
)
def change(caller: Caller, case_id: int, body: shapes.CasePatch) -> dict[str, Any]:
    """Move a case, or set its suggestion, kind, assignee or snooze."""
    with _changing(caller, case_id) as session:
        _demand_editor(session, caller, case_id)
        answer = _moved(session, caller, case_id, body.version, body)
    service().bell.ring(DELIVER)
    return answer


@operation(
    blueprint,
    f"{ONE}/undo",
    "Take back the last change",
    shapes.CaseOut,
    method="POST",
    body=shapes.Undo,
    refusals=(403, 404, 409),
)
def undo(caller: Caller, case_id: int, body: shapes.Undo) -> dict[str, Any]:
    """Undo."""
    with _changing(caller, case_id) as session:
        _demand_editor(session, caller, case_id)
        now, settings = utcnow(), service().settings
        case = triage.undo(session, case_id, body.version, caller.actor, now, settings)
        answer = _changed(session, case)
    service().bell.ring(DELIVER)
    return answer


@operation(
    blueprint,
    f"{ONE}/merge",
    "Merge a case into another",
    shapes.CaseOut,
    method="POST",
    body=shapes.Merge,
    refusals=(403, 404, 409),
)
def merge(caller: Caller, case_id: int, body: shapes.Merge) -> dict[str, Any]:
    """All reports move to the other case, which is the answer; undo brings them back."""
    with _changing(caller, case_id) as session:
        _demand_editor(session, caller, case_id)
        _demand_editor(session, caller, body.into)
        now, settings = utcnow(), service().settings
        into = triage.merge(session, case_id, body.version, body.into, caller.actor, now, settings)
        answer = _changed(session, into)
    service().bell.ring(DELIVER)
    return answer


@operation(
    blueprint,
    f"{ONE}/split",
    "Split reports off a case",
    shapes.CaseOut,
    method="POST",
    body=shapes.Split,
    refusals=(403, 404, 409),
)
def split(caller: Caller, case_id: int, body: shapes.Split) -> dict[str, Any]:
    """Some of its reports become a case of their own, which is the answer."""
    with _changing(caller, case_id) as session:
        _demand_editor(session, caller, case_id)
        now, settings = utcnow(), service().settings
        new = triage.split(
            session, case_id, body.version, body.reports, caller.actor, now, settings
        )
        answer = _changed(session, new)
    service().bell.ring(DELIVER)
    return answer


@operation(
    blueprint,
    f"{ONE}/notes",
    "Add a note",
    shapes.EventOut,
    method="POST",
    body=shapes.Note,
    refusals=(403, 404),
)
def note(caller: Caller, case_id: int, body: shapes.Note) -> dict[str, Any]:
    """A remark for colleagues; answers the event that it has become."""
    with service().db.write() as session:
        _demand_editor(session, caller, case_id)
        now, settings = utcnow(), service().settings
        answer = event_json(triage.note(session, case_id, body.text, caller.actor, now, settings))
    service().bell.ring(DELIVER)
    return answer


@operation(
    blueprint,
    f"{ONE}/events",
    "Read a case's history",
    shapes.EventList,
    query=shapes.Paging,
    refusals=(404,),
)
def events(caller: Caller, case_id: int, query: shapes.Paging) -> dict[str, Any]:
    """What happened to a case, oldest first."""
    with service().db.read() as session:
        case = queries.get_case(session, case_id, caller.rights.site_ids())
        listing = queries.list_events(session, case.id, query.cursor, query.limit)
        return {"items": [event_json(event) for event in listing.items], "next": listing.next}


@operation(
    blueprint,
    "/cases/bulk",
    "Change several cases",
    shapes.OutcomeList,
    method="POST",
    body=shapes.Bulk,
)
def bulk(caller: Caller, body: shapes.Bulk) -> dict[str, Any]:
    """The same change for each case by itself: what fails for one leaves the others alone.

    Each has a transaction of its own, as on the desk: no locks are held from one to the next, in
    which two callers could wait for one another.
    """
    outcomes = [_outcome(caller, case_id, body.change) for case_id in dict.fromkeys(body.ids)]
    service().bell.ring(DELIVER)
    return {"items": outcomes, "next": None}


def _outcome(caller: Caller, case_id: int, change: shapes.BulkChange) -> dict[str, Any]:
    try:
        with service().db.write() as session:
            _demand_editor(session, caller, case_id)
            named = "version" in change.model_fields_set
            version = change.version if named else moves.locked(session, case_id).version
            moved = _moved(session, caller, case_id, version, change)
    except TuzetError as error:
        problem = problem_of(error)
        return {
            "id": case_id,
            "status": problem.status,
            "changed": False,
            "case": _standing_if_stale(caller, case_id, error),
            "problem": problem.json(),
        }
    changed = moved["version"] != version
    return {"id": case_id, "status": 200, "changed": changed, "case": moved, "problem": None}


def _standing_if_stale(caller: Caller, case_id: int, error: TuzetError) -> dict[str, Any] | None:
    if not isinstance(error, StaleVersion):
        return None
    with service().db.read() as session:
        return _standing(session, caller, case_id)


@contextmanager
def _changing(caller: Caller, case_id: int) -> Iterator[Session]:
    """A session that writes. Who was too slow is told how the case stands now."""
    try:
        with service().db.write() as session:
            yield session
    except StaleVersion as stale:
        with service().db.read() as session:
            standing = _standing(session, caller, case_id)
        raise StaleCase(stale.current, standing) from stale


def _standing(session: Session, caller: Caller, case_id: int) -> dict[str, Any]:
    return _cases(session, [queries.get_case(session, case_id, caller.rights.site_ids())])[0]


def _demand_editor(session: Session, caller: Caller, case_id: int) -> Case:
    """The case, if the caller may change it."""
    case = queries.get_case(session, case_id, caller.rights.site_ids())
    caller.rights.demand("editor", case.site_id)
    return case


def _moved(
    session: Session, caller: Caller, case_id: int, version: int, asked: shapes.CaseChange
) -> dict[str, Any]:
    names = asked.model_fields_set - {"version"}
    change = Change(**{name: getattr(asked, name) for name in names})
    now, settings = utcnow(), service().settings
    case = triage.move(session, case_id, version, change, caller.actor, now, settings)
    return _changed(session, case)


def _changed(session: Session, case: Case) -> dict[str, Any]:
    session.flush()
    session.refresh(case, ["assignee"])
    return _cases(session, [case])[0]


def _cases(session: Session, cases: list[Case]) -> list[dict[str, Any]]:
    reports = queries.report_ids(session, [case.id for case in cases])
    views = housewords.ask(session, [housewords.Question.of(case) for case in cases])
    return [
        {**case_json(case, reports[case.id]), "house_word": None if view is None else asdict(view)}
        for case, view in zip(cases, views, strict=True)
    ]
