"""The book of administrative acts: only ever added to, the database itself refuses all else."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import AdministrativeAct

MOST = 100


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


def acts(session: Session, site_ids: frozenset[int] | None) -> list[AdministrativeAct]:
    """The newest acts on these sites (None: all acts), newest first."""
    query = select(AdministrativeAct).order_by(AdministrativeAct.id.desc()).limit(MOST)
    if site_ids is not None:
        query = query.where(AdministrativeAct.site_id.in_(site_ids))
    return list(session.scalars(query))
