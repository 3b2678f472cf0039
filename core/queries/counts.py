"""How many cases there are, counted no further than anybody needs to know."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from core.models import Case
from core.queries.narrowing import CaseFilter, asleep, conditions
from core.queries.search import MOST_HITS, sampled
from core.workflow import OPEN, STATUSES

MOST_COUNTED = 1_000
_MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class Counts:
    """How many cases there are in each status: in sight, and put to sleep."""

    awake: dict[str, int]
    asleep: dict[str, int]


def count_by_status(session: Session, wanted: CaseFilter, now: datetime) -> Counts:
    """How many cases fit the filter in each status, whatever it says of status and sleep itself.

    Counting ends at MOST_COUNTED + 1, which stands for "more than that": what waits behind a tab
    of a large queue must not cost more with every year. For words that are too common to count
    (`is_common`) the numbers are those of a sample: so many at least.
    """
    wanted = replace(wanted, statuses=(), awake_at=None, asleep_at=None)
    ids = sampled(session, wanted.text, wanted.site_ids) if wanted.text else []
    if len(ids) > MOST_HITS:
        wanted = replace(wanted, text="")
    narrowed = conditions(session, wanted)
    if len(ids) > MOST_HITS:
        narrowed.append(Case.id.in_(ids))
    few = _counted_at_once(session, narrowed, now)
    if few is not None:
        return few
    each = [_counted_each(session, [*narrowed, sleep]) for sleep in (~asleep(now), asleep(now))]
    return Counts(*each)


def count_open(session: Session, wanted: CaseFilter) -> int:
    """How many open cases fit the filter; of each status no more than MOST_COUNTED + 1."""
    narrowed = conditions(session, wanted)
    return sum(_counted_each(session, narrowed, OPEN).values())


def _counted_at_once(
    session: Session, narrowed: Sequence[ColumnElement[bool]], now: datetime
) -> Counts | None:
    """All of them in one pass where few cases fit in all; None where there are more."""
    some = select(Case.status, asleep(now)).where(*narrowed).limit(_MOST_AT_ONCE + 1)
    found = Counter((status, bool(sleeps)) for status, sleeps in session.execute(some))
    if found.total() > _MOST_AT_ONCE:
        return None
    awake, sleeping = (
        {status: count for (status, sleeps), count in found.items() if sleeps is which}
        for which in (False, True)
    )
    return Counts(awake, sleeping)


def _counted_each(
    session: Session,
    narrowed: Sequence[ColumnElement[bool]],
    statuses: Sequence[str] = STATUSES,
) -> dict[str, int]:
    parts = []
    for status in statuses:
        some = select(literal(1)).select_from(Case).where(Case.status == status, *narrowed)
        counted = some.limit(MOST_COUNTED + 1).subquery()
        parts.append(select(literal(status), func.count()).select_from(counted))
    rows = session.execute(union_all(*parts))
    return {status: count for status, count in rows if count}
