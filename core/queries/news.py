"""What has happened since somebody last looked: new cases, and changes of those in sight."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.history import last_settled
from core.models import Case, Event
from core.queries.narrowing import CaseFilter, conditions, of_sites

_MOST = 500  # events that one look takes in; the next look takes in the next


@dataclass(frozen=True)
class News:
    """`latest`: the event up to which was looked; `new`: cases that fit the filter and were opened
    since; `changed`: those of the cases in sight that are not as they were."""

    latest: int
    new: int
    changed: list[int]


def latest_event(session: Session) -> int:
    """The number up to which no event is still to come: read it before what shall be up to date."""
    return last_settled(session)


def news(
    session: Session, wanted: CaseFilter, since: int, in_sight: Sequence[int], but_by: str
) -> News:
    """What has happened after the event `since`, but for what `but_by` did on the desk.

    It goes no further than to where nothing is still being written, so that the next look,
    which begins there, finds what is committed late.
    """
    settled = last_settled(session)
    query = (
        select(Event.id, Event.case_id, Event.type, Event.actor, Event.via)
        .join(Case, Case.id == Event.case_id)
        .where(Event.id > since, Event.id <= settled, *of_sites(Case.site_id, wanted.site_ids))
        .order_by(Event.id)
        .limit(_MOST)
    )
    events = session.execute(query).all()
    opened = {event.case_id for event in events if event.type == "created"} - set(in_sight)
    changed = {
        event.case_id
        for event in events
        if event.type != "note" and (event.actor, event.via) != (but_by, "desk")
    }
    fitting = 0
    if opened:
        counted = select(func.count()).select_from(Case).where(Case.id.in_(opened))
        fitting = session.scalars(counted.where(*conditions(session, wanted))).one()
    latest = events[-1].id if events else max(since, 0)
    return News(latest, fitting, [case_id for case_id in in_sight if case_id in changed])
