"""What we owe other people's servers: turns, rest after failures, a budget, and robots.txt.

All of it is kept in the database, so that it holds for all processes together and outlives them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from core.db import Database
from core.models import Host, ReadingBudget
from core.settings import Settings

BETWEEN_REQUESTS = timedelta(seconds=3)
BUDGET = 5_000  # readings of one site's pages a day
RESERVE = 1_000  # of these, kept for cases that somebody says are fixed
BUDGET_LASTS = timedelta(days=1)
_FIRST_REST = timedelta(minutes=1)
_LONGEST_REST = timedelta(hours=6)


class DatabaseGate:
    """Turns at hosts that all processes share: a `core.net.Gate`."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        clock: Callable[[], datetime],
        between: timedelta = BETWEEN_REQUESTS,
    ) -> None:
        """`between`: the time from the beginning of one request to a host to the next one's."""
        self._db = db
        self._clock = clock
        self._between = settings.scaled(between)

    def book(self, host: str, _now: float, patience: float) -> float:
        """See `Gate`. Counts in the time of the clock, since a monotonic one is each process's."""
        with self._db.write() as session:
            now = self._clock()
            row = _host(session, host, now)
            turn = max(now, row.free_at)
            wait = (turn - now).total_seconds()
            if wait > patience:
                return wait
            row.free_at = turn + self._between
        # The turn is a moment, not a length: what the commit took is not waited for again.
        return max(0.0, (turn - self._clock()).total_seconds())


@dataclass(frozen=True)
class Turn:
    """When a host may be asked next, and whether that is because it failed."""

    at: datetime
    rests: bool


def turns(session: Session, hosts: Iterable[str], now: datetime) -> dict[str, Turn]:
    """The next turn at each of some hosts; one that was never asked is free now."""
    known = {
        row.name: row for row in session.scalars(select(Host).where(Host.name.in_(list(hosts))))
    }
    return {host: _turn(known.get(host), now) for host in hosts}


def note_answer(session: Session, host: str) -> None:
    """The host has answered: whatever failed before is forgotten."""
    row = session.get(Host, host)
    if row is not None and row.faults:
        row.faults = 0
        row.rests_until = None


def note_failure(
    session: Session, host: str, retry_at: datetime | None, now: datetime, settings: Settings
) -> None:
    """The host did not answer, or asked for patience: it rests, longer after each failure.

    A minute at first, then twice as long up to six hours; longer if it named a later time itself.
    """
    row = _host(session, host, now)
    rest = min(_FIRST_REST * 2 ** min(row.faults, 12), _LONGEST_REST)
    row.faults += 1
    row.rests_until = now + settings.scaled(rest)
    if retry_at is not None:
        row.rests_until = max(row.rests_until, now + settings.scaled(retry_at - now))


def spend(session: Session, site_id: int, urgent: bool, now: datetime, settings: Settings) -> bool:
    """Take one reading out of a site's budget of the day; whether there was one left.

    The last part of it is kept for urgent ones, pages with a case that somebody says is fixed.
    """
    row = _budget(session, site_id, now)
    if now >= row.since + settings.scaled(BUDGET_LASTS):
        row.since, row.spent = now, 0
    if row.spent >= (BUDGET if urgent else BUDGET - RESERVE):
        return False
    row.spent += 1
    return True


def robots_of(session: Session, host: str, now: datetime) -> str | None:
    """A host's robots.txt if it was read lately; empty where it has none."""
    row = session.get(Host, host)
    if row is None or row.robots_until is None or row.robots_until <= now:
        return None
    return row.robots


def keep_robots(session: Session, host: str, text: str, until: datetime, now: datetime) -> None:
    """Keep a host's robots.txt for a while."""
    row = _host(session, host, now)
    row.robots, row.robots_until = text, until


def _turn(row: Host | None, now: datetime) -> Turn:
    if row is None:
        return Turn(now, rests=False)
    if row.rests_until is not None and row.rests_until > max(now, row.free_at):
        return Turn(row.rests_until, rests=True)
    return Turn(max(now, row.free_at), rests=False)


def _host(session: Session, name: str, now: datetime) -> Host:
    """The locked row of a host, made if it is not there."""
    _insert_once(session, Host, {"name": name, "free_at": now, "faults": 0})
    return session.scalars(select(Host).where(Host.name == name).with_for_update()).one()


def _budget(session: Session, site_id: int, now: datetime) -> ReadingBudget:
    _insert_once(session, ReadingBudget, {"site_id": site_id, "since": now, "spent": 0})
    query = select(ReadingBudget).where(ReadingBudget.site_id == site_id).with_for_update()
    return session.scalars(query).one()


def _insert_once(
    session: Session, table: type[Host] | type[ReadingBudget], row: dict[str, Any]
) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(postgresql_insert(table).values(row).on_conflict_do_nothing())
    else:
        session.execute(sqlite_insert(table).values(row).on_conflict_do_nothing())
