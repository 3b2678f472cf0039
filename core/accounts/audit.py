"""The book of administrative acts: only ever added to, the database itself refuses all else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import AdministrativeAct
from core.queries.paging import Listing, cursor_at, page_of, read_cursor

_LIST = "acts"


def note_act(
    session: Session,
    by: str,
    act: str,
    subject: str,
    site_id: int | None,
    now: datetime,
    **facts: str | None,
) -> None:
    """Write down who did what to whom or what, on one site or (None) for all of them."""
    session.add(
        AdministrativeAct(at=now, actor=by, act=act, subject=subject, site_id=site_id, data=facts)
    )


@dataclass(frozen=True)
class ActFilter:
    """Which lines of the book: on these sites (None: all, and what is about none of them), by an
    actor, of a kind, about a subject. Parts of `actor` and `subject` are enough."""

    site_ids: frozenset[int] | None
    actor: str = ""
    act: str = ""
    subject: str = ""
    site_id: int | None = None


def acts(
    session: Session, wanted: ActFilter, cursor: str | None, limit: int
) -> Listing[AdministrativeAct]:
    """A page of the book, newest first. Raises Invalid for a cursor of another list."""
    query = select(AdministrativeAct).order_by(AdministrativeAct.id.desc())
    if wanted.site_ids is not None:
        query = query.where(AdministrativeAct.site_id.in_(wanted.site_ids))
    if wanted.site_id is not None:
        query = query.where(AdministrativeAct.site_id == wanted.site_id)
    if wanted.act:
        query = query.where(AdministrativeAct.act == wanted.act)
    if wanted.actor:
        query = query.where(AdministrativeAct.actor.icontains(wanted.actor, autoescape=True))
    if wanted.subject:
        query = query.where(AdministrativeAct.subject.icontains(wanted.subject, autoescape=True))
    if cursor:
        query = query.where(AdministrativeAct.id < read_cursor(cursor, _LIST)[1])
    return page_of(session, query, limit, lambda act: cursor_at(_LIST, 0, act.id))


def kinds_of_acts(session: Session, site_ids: frozenset[int] | None) -> list[str]:
    """What kinds of acts there are on these sites (None: at all), by name."""
    query = select(AdministrativeAct.act).distinct().order_by(AdministrativeAct.act)
    if site_ids is not None:
        query = query.where(AdministrativeAct.site_id.in_(site_ids))
    return list(session.scalars(query))
