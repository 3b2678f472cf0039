"""The one place where a case's fields change, whoever asks: editors, sorting or the verifier."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import notices, rhythm, thanks, workflow
from core.errors import NotFound
from core.history import Actor, write_event
from core.models import Case, Delivery, Event, User
from core.priority import priority_of
from core.settings import Settings


def locked(session: Session, case_id: int) -> Case:
    """A case as it is now, that nobody else changes until the session ends. Raises NotFound."""
    query = (
        select(Case)
        .where(Case.id == case_id)
        .options(joinedload(Case.site), joinedload(Case.page))
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    )
    case = session.scalar(query)
    if case is None:
        raise NotFound("There is no such case.")
    return case


def to_status(case: Case, status: str, resolution: str | None, by: Actor) -> dict[str, Any]:
    """The fields of a move, checked against the table of moves. Raises Conflict or Invalid."""
    if status == case.status:
        workflow.check_resolution(status, resolution)
    else:
        workflow.check_move(case.status, status, resolution, by.name)
    return {"status": status, "resolution": resolution}


def apply(
    session: Session,
    case: Case,
    after: dict[str, Any],
    by: Actor,
    now: datetime,
    settings: Settings,
    facts: Mapping[str, Any] | None = None,
) -> list[Delivery]:
    """Set checked fields of a locked case, leave an event, write down the messages owed.

    Where nothing would change nothing happens. Whatever is done with a case that came back counts
    as having seen it, and whoever sets another status has woken it. `facts` go into the event
    beside before and after.
    """
    before = {name: getattr(case, name) for name in after}
    if before == after:
        return []
    kind = _event_type(before, after)
    if kind != "updated" and case.snoozed_until is not None and "snoozed_until" not in after:
        before["snoozed_until"], after["snoozed_until"] = case.snoozed_until, None
    if after.get("snoozed_until", case.snoozed_until) is None and case.wake_at_readers is not None:
        before["wake_at_readers"], after["wake_at_readers"] = case.wake_at_readers, None
    before["regressed"], after["regressed"] = case.regressed, kind == "regressed"
    set_fields(case, after, now, settings)
    data = {"before": plain(session, before), "after": plain(session, after), **(facts or {})}
    event = write_event(session, case, kind, by, now, data)
    thanks.owed(session, case, event, now, settings)
    return notices.owed(session, case, event, now, settings)


def set_fields(case: Case, values: Mapping[str, Any], now: datetime, settings: Settings) -> None:
    """Set fields, and what follows from them by itself.

    That is the version, the priority, the time of fixing, and when the page is read next.
    """
    status = case.status
    for name, value in values.items():
        setattr(case, name, value)
    if values.get("status") == "fixed":
        case.fixed_at = now
    case.version += 1
    case.priority = priority_of(case)
    rhythm.begin(case, status, now, settings)


def wake(case: Case, now: datetime) -> bool:
    """End for good the snooze of a locked case for which enough readers have come.

    Returns whether it slept until now: then its history gets a line. The version stays, since it
    is readers who have changed the case, and an undo takes back what an editor did.
    """
    if case.snoozed_until is None or not case.was_woken:
        return False
    slept = case.snoozed_until > now
    case.snoozed_until = case.wake_at_readers = None
    return slept


def take_back(
    session: Session, case: Case, event: Event, now: datetime, settings: Settings
) -> None:
    """Set the fields of a locked case to what they were before an event, and the time of fixing to
    that of the mark which stands now."""
    set_fields(case, _columns(session, event.data["before"]), now, settings)
    if "fixed" in (case.status, event.type):
        case.fixed_at = _fixed_before(session, event)


def _fixed_before(session: Session, event: Event) -> datetime | None:
    """When the case of an event was last called fixed before it, but for what was undone."""
    query = select(Event).where(
        Event.case_id == event.case_id, Event.type.in_(("fixed", "undone")), Event.id != event.id
    )
    undone = set[int]()
    for each in session.scalars(query.order_by(Event.id.desc())):
        if each.type == "undone":
            undone.add(each.data["event"])
        elif each.id < event.id and each.id not in undone:
            return each.at
    return None


def _event_type(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if before.get("status") == after.get("status"):
        is_seen = before.get("regressed", False) and "status" in after
        return str(after["status"]) if is_seen else "updated"
    if before["status"] == "verified":
        return "regressed"
    return str(after["status"])


def plain(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they stand in an event: times as text, people by their address."""
    said = dict(values)
    if "assignee_id" in said:
        user_id = said.pop("assignee_id")
        said["assignee"] = None if user_id is None else session.get_one(User, user_id).email
    if said.get("snoozed_until") is not None:
        said["snoozed_until"] = said["snoozed_until"].isoformat()
    return said


def _columns(session: Session, said: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `plain`."""
    values = dict(said)
    if "assignee" in values:
        email = values.pop("assignee")
        values["assignee_id"] = session.scalar(select(User.id).where(User.email == email))
    if values.get("snoozed_until") is not None:
        values["snoozed_until"] = datetime.fromisoformat(values["snoozed_until"])
    return values
