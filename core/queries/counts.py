"""How many cases there are, counted no further than anybody needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from core.models import Case
from core.queries.narrowing import CaseFilter, asleep, conditions
from core.queries.search import MOST_HITS, among, sampled
from core.workflow import OPEN, STATUSES

MOST_COUNTED = 500
_MOST_AT_ONCE = 1_000
_ASLEEP = "asleep"  # beside the statuses


@dataclass(frozen=True)
class Counts:
    """How many cases there are: in sight, in each status, and put to sleep in whichever."""

    awake: dict[str, int]
    asleep: int = 0


def count_by_status(session: Session, wanted: CaseFilter, now: datetime) -> Counts:
    """How many cases fit the filter in each status, whatever it says of status and sleep itself.

    Counting ends at MOST_COUNTED + 1, which stands for "more than that": what waits behind a tab
    of a large queue must not cost more with every year. For words that are too common to count
    (`is_common`) the numbers are those of a sample: so many at least.
    """
    wanted = replace(wanted, statuses=(), awake_at=None, asleep_at=None)
    if wanted.text:
        ids = sampled(session, wanted.text, wanted.site_ids)
        narrowed = conditions(session, replace(wanted, text=""))
        return _counted_at_once(session, [*narrowed, among(session, Case.id, ids)], now, MOST_HITS)
    narrowed = conditions(session, wanted)
    if wanted.few:
        counts = _counted_at_once(session, narrowed, now, _MOST_AT_ONCE)
        if sum(counts.awake.values()) + counts.asleep <= _MOST_AT_ONCE:
            return counts
    parts = _each_status(STATUSES, [*narrowed, ~asleep(now)])
    found = _counted(session, [*parts, _part(_ASLEEP, [*narrowed, asleep(now)])])
    return Counts(found, found.pop(_ASLEEP, 0))


def count_open(session: Session, wanted: CaseFilter) -> int:
    """How many open cases fit the filter; of each status no more than MOST_COUNTED + 1."""
    return sum(_counted(session, _each_status(OPEN, conditions(session, wanted))).values())


def _counted_at_once(
    session: Session, narrowed: Sequence[ColumnElement[bool]], now: datetime, most: int
) -> Counts:
    """All of them in one pass, which ends after `most` + 1 cases."""
    sleeps = asleep(now).label(_ASLEEP)
    some = select(Case.status, sleeps).where(*narrowed).limit(most + 1).subquery()
    both = (some.c.status, some.c[_ASLEEP])
    counted = select(*both, func.count()).group_by(*both)
    counts, sleeping = dict[str, int](), 0
    for status, is_asleep, count in session.execute(counted):
        if is_asleep:
            sleeping += count
        else:
            counts[status] = count
    return Counts(counts, sleeping)


def _each_status(
    statuses: Sequence[str], narrowed: Sequence[ColumnElement[bool]]
) -> list[Select[str, int]]:
    return [_part(status, [Case.status == status, *narrowed]) for status in statuses]


def _part(name: str, narrowed: Sequence[ColumnElement[bool]]) -> Select[str, int]:
    some = select(literal(1)).select_from(Case).where(*narrowed).limit(MOST_COUNTED + 1)
    return select(literal(name), func.count()).select_from(some.subquery())


def _counted(session: Session, parts: Sequence[Select[str, int]]) -> dict[str, int]:
    return {name: count for name, count in session.execute(union_all(*parts)) if count}
