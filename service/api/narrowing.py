"""Which cases a program asks for, within what it may see."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.models import Site, User
from core.queries import CaseFilter
from service.api import shapes
from service.api.callers import Caller

_NOBODY = -1  # an editor's address that fits no one: such a list is empty, not everything


def cases_wanted(session: Session, caller: Caller, query: shapes.CasesWanted) -> CaseFilter:
    """The filter that an address names, within what the caller may see. Raises NotFound."""
    assignee_id = None
    if query.assignee == "me":
        assignee_id = caller.user.id
    elif query.assignee and query.assignee != "none":
        found = select(User.id).where(User.email == query.assignee.strip().lower())
        assignee_id = session.scalar(found) or _NOBODY
    return CaseFilter(
        site_ids=site_ids(session, caller, query.site),
        statuses=tuple(query.status),
        text=query.q.strip(),
        page_url=query.page_url or "",
        assignee_id=assignee_id,
        unassigned=query.assignee == "none",
        kind=query.kind or "",
        section=query.section,
        author=query.author,
        language=query.language,
        sort=query.sort,
    )


def site_ids(session: Session, caller: Caller, key: str | None) -> frozenset[int] | None:
    """The caller's sites, or the one that is named. Raises NotFound, also for a foreign one."""
    mine = caller.rights.site_ids()
    if key is None:
        return mine
    site_id = session.scalar(select(Site.id).where(Site.key == key))
    if site_id is None or (mine is not None and site_id not in mine):
        raise NotFound("There is no such site.")
    return frozenset({site_id})


def administered(session: Session, caller: Caller, key: str) -> Site:
    """A site that the caller administers. Raises NotFound for a foreign one, Forbidden."""
    site = session.scalar(select(Site).where(Site.key == key))
    if site is None:
        raise NotFound("There is no such site.")
    caller.rights.demand("admin", site.id)
    return site
