"""What can be chosen in a filter: the sections and authors that the pages name."""

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.models import Page
from core.queries.narrowing import of_sites
from core.queries.search import SiteIds

MOST_CHOICES = 100


def sections(session: Session, site_ids: SiteIds) -> list[str]:
    """The sections of pages, by name; the first MOST_CHOICES."""
    return _distinct(session, Page.section, site_ids)


def authors(session: Session, site_ids: SiteIds) -> list[str]:
    """The authors of pages, by name; the first MOST_CHOICES."""
    return _distinct(session, Page.author, site_ids)


def _distinct(
    session: Session, column: InstrumentedAttribute[str | None], site_ids: SiteIds
) -> list[str]:
    """Each value once. The index is jumped through: as many steps as values, not as pages."""
    here = of_sites(Page.site_id, site_ids)
    steps = select(func.min(column).label("value")).where(column > "", *here).cte(recursive=True)
    following = select(func.min(column)).where(column > steps.c.value, *here).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.value.is_not(None)))
    query = select(steps.c.value).where(steps.c.value.is_not(None)).limit(MOST_CHOICES)
    return sorted(session.scalars(query))
