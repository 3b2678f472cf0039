"""How many cases there are, counted no further than anybody needs to know."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from core.models import Case
from core.queries.narrowing import CaseFilter, conditions
from core.queries.search import MOST_HITS, sampled
from core.workflow import OPEN, STATUSES

MOST_COUNTED = 1_000
_MOST_AT_ONCE = 2_000


def count_by_status(session: Session, wanted: CaseFilter) -> dict[str, int]:
    """How many cases fit the filter in each status, whatever status the filter itself names.

    Counting ends at MOST_COUNTED + 1, which stands for "more than that": what waits behind a tab
    of a large queue must not cost more with every year. For words that are too common to count
    (`is_common`) the numbers are those of a sample: so many at least.
    """
    values = vars(wanted) | {"statuses": ()}
    ids = sampled(session, wanted.text) if wanted.text else []
    if len(ids) > MOST_HITS:
        values["text"] = ""
    narrowed = conditions(session, CaseFilter(**values))
    if len(ids) > MOST_HITS:
        narrowed.append(Case.id.in_(ids))
    few = _counted_at_once(session, narrowed)
    return _counted_each(session, narrowed) if few is None else few


def count_open(session: Session, wanted: CaseFilter) -> int:
    """How many open cases fit the filter; of each status no more than MOST_COUNTED + 1."""
    narrowed = conditions(session, wanted)
    return sum(_counted_each(session, narrowed, OPEN).values())


def _counted_at_once(
    session: Session, narrowed: Sequence[ColumnElement[bool]]
) -> dict[str, int] | None:
    """All statuses in one pass where few cases fit in all; None where there are more."""
    some = select(Case.status).where(*narrowed).limit(_MOST_AT_ONCE + 1)
    counts = Counter(session.scalars(some))
    return dict(counts) if counts.total() <= _MOST_AT_ONCE else None


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
