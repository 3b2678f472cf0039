"""How many cases there are, counted no further than anybody needs to know."""

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from core.models import Case
from core.queries.narrowing import CaseFilter, conditions
from core.queries.search import MOST_HITS, sampled
from core.workflow import STATUSES

MOST_COUNTED = 1_000


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
    parts = []
    for status in STATUSES:
        some = select(literal(1)).select_from(Case).where(Case.status == status, *narrowed)
        counted = some.limit(MOST_COUNTED + 1).subquery()
        parts.append(select(literal(status), func.count()).select_from(counted))
    rows = session.execute(union_all(*parts))
    return {status: count for status, count in rows if count}
