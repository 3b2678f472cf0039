"""The one way to write a line into a case's history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.models import Case, Event

# PostgreSQL gives numbers before it commits. Who is about to write a line holds this until then,
# beside the last number that was given before.
_WRITING = 7_420_582
_LAST_GIVEN = "(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM event_id_seq)"
_HOLD = text(
    f"SELECT pg_advisory_xact_lock_shared(:writing, least({_LAST_GIVEN}, 2147483647)::int)"
)
_GIVEN = text(f"SELECT {_LAST_GIVEN}")
_HELD = text(
    "SELECT min(objid::bigint) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
    " AND classid = :writing AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True)
class Actor:
    """Who acts, and by which way.

    `name` is an e-mail address, or `reader`, `verifier`, `scheduler`; `via` is `snippet`, `desk`,
    `api`, `mail` or `clock`; `user_id` is the person's, None for machines and unknown addresses.
    """

    name: str
    via: str
    user_id: int | None = None


READER = Actor("reader", "snippet")


def write_event(
    session: Session, case: Case, kind: str, by: Actor, now: datetime, data: dict[str, Any]
) -> Event:
    """Add a line to the history and give it its number."""
    begin_to_write(session)
    event = Event(case_id=case.id, type=kind, actor=by.name, via=by.via, at=now, data=data)
    session.add(event)
    session.flush()
    return event


def begin_to_write(session: Session) -> None:
    """Say, before lines get their numbers, that some are about to come. See `last_settled`."""
    if session.get_bind().dialect.name != "postgresql":
        return
    work = session.get_nested_transaction() or session.get_transaction()
    if work is None or session.info.get(_WRITING) is not work:
        session.execute(_HOLD, {"writing": _WRITING})
        session.info[_WRITING] = work


def last_settled(session: Session) -> int:
    """The number up to which every line is there that ever will be.

    Who asks again for what came later misses nothing by it. Behind the newest number it stays only
    while somebody is writing; SQLite has one writer at a time, whose numbers are always the next.
    On PostgreSQL the order matters: a number given before the first question is either held at
    the second, or its line is there to see for whatever is asked after.
    """
    if session.get_bind().dialect.name != "postgresql":
        return session.scalar(select(func.max(Event.id))) or 0
    given = int(session.scalar(_GIVEN) or 0)
    held = session.scalar(_HELD, {"writing": _WRITING})
    return given if held is None else min(given, int(held))
