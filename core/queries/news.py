"""What has happened since somebody last looked: new cases, and changes of those in sight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.history import last_settled
from core.models import Case, Event
from core.queries.narrowing import CaseFilter, conditions, of_sites
from core.workflow import OPEN

_MOST = 500  # events that one look takes in; the next look takes in the next


@dataclass(frozen=True)
class News:
    """`latest`: the event up to which was looked; `new`: cases that fit the filter and were opened
    since or came back to those that wait (opened anew, woken, regressed); `changed`: those of the
    cases in sight that are not as they were."""

    latest: int
    new: int
    changed: list[int]


def latest_event(session: Session) -> int:
    """The number up to which no event is still to come: read it before what shall be up to date."""
    return last_settled(session)


def news(
    session: Session,
    wanted: CaseFilter,
    since: int,
    in_sight: Sequence[int],
    but_by: str,
    asked_at: datetime | None = None,
) -> News:
    """What has happened after the event `since`, but for what `but_by` did on the desk.

    A snooze that runs out leaves no event: it is told of if it ended after `asked_at`.

    It goes no further than to where nothing is still being written, so that the next look,
    which begins there, finds what is committed late.
    """
    settled = last_settled(session)
    query = (
        select(Event.id, Event.case_id, Event.type, Event.actor, Event.via, Event.data)
        .join(Case, Case.id == Event.case_id)
        .where(Event.id > since, Event.id <= settled, *of_sites(Case.site_id, wanted.site_ids))
        .order_by(Event.id)
        .limit(_MOST)
    )
    events = session.execute(query).all()
    others = [event for event in events if (event.actor, event.via) != (but_by, "desk")]
    changed = {event.case_id for event in others if event.type != "note"}
    opened = {event.case_id for event in events if event.type == "created"}
    opened |= _come_back(session, [(e.case_id, e.type, e.data) for e in others])
    opened |= _woken(session, wanted, asked_at)
    opened -= set(in_sight)
    fitting = 0
    if opened:
        counted = select(func.count()).select_from(Case).where(Case.id.in_(opened))
        fitting = session.scalars(counted.where(*conditions(session, wanted))).one()
    latest = events[-1].id if events else max(since, 0)
    return News(latest, fitting, [case_id for case_id in in_sight if case_id in changed])


def actors_since(session: Session, case_id: int, since: int, but_by: str) -> list[str]:
    """Who has done something with a case after an event of it, each once, but for what `but_by`
    did on the desk. A case's events are written one after the other, so none comes late."""
    query = (
        select(Event.actor, Event.via)
        .where(Event.case_id == case_id, Event.id > since)
        .order_by(Event.id)
        .limit(_MOST)
    )
    done = [
        (actor, via) for actor, via in session.execute(query) if (actor, via) != (but_by, "desk")
    ]
    return list(dict.fromkeys(actor for actor, _ in done))


def _come_back(session: Session, events: Sequence[tuple[int, str, Mapping[str, Any]]]) -> set[int]:
    """The cases that these events have brought back to those that wait."""
    ids = [data["event"] for _, kind, data in events if kind == "undone"]
    query = select(Event.id, Event.data).where(Event.id.in_(ids))
    taken_back = {number: data for number, data in session.execute(query)} if ids else {}  # noqa: C416 (typed)
    back = set()
    for case_id, kind, data in events:
        before, after = data.get("before") or {}, data.get("after") or {}
        if kind == "undone":
            was = taken_back.get(data["event"], {})
            before, after = was.get("after") or {}, was.get("before") or {}
        reopened = before.get("status") not in (None, *OPEN) and after.get("status") in OPEN
        woken = bool(before.get("snoozed_until")) and not after.get("snoozed_until")
        if reopened or woken or "woken_at_readers" in data:
            back.add(case_id)
    return back


def _woken(session: Session, wanted: CaseFilter, asked_at: datetime | None) -> set[int]:
    """The cases whose snooze has run out between the last look and this one."""
    if asked_at is None or wanted.awake_at is None:
        return set()
    query = select(Case.id).where(
        Case.snoozed_until > asked_at,
        Case.snoozed_until <= wanted.awake_at,
        *of_sites(Case.site_id, wanted.site_ids),
    )
    return set(session.scalars(query.limit(_MOST)))
