"""Who may do what, changed by those who may."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.accounts.audit import note_act
from core.accounts.sessions import end_sessions
from core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from core.models import Membership, User
from core.rights import ROLES, Rights


def check_grant(rights: Rights, role: str, site_id: int | None) -> None:
    """An administrator of a site gives roles on that site; of the installation, everywhere.

    Raises Invalid for an unknown role, NotFound for a foreign site, Forbidden.
    """
    if role not in ROLES:
        raise Invalid(FieldError("role", f"must be one of {', '.join(ROLES)}"))
    if site_id is not None:
        rights.demand("admin", site_id)
    elif rights.site_ids("admin") is not None:
        raise Forbidden("Only an administrator of the whole installation gives roles on all sites.")


def people(session: Session, site_ids: frozenset[int] | None) -> list[User]:
    """Everybody with a role on one of these sites (None: everybody), by name."""
    query = select(User).order_by(User.name, User.id)
    if site_ids is not None:
        query = query.where(User.memberships.any(Membership.site_id.in_(site_ids)))
    return list(session.scalars(query))


def get_person(session: Session, user_id: int, site_ids: frozenset[int] | None) -> User:
    """One of `people`. Raises NotFound."""
    found = session.get(User, user_id)
    if found is None or (
        site_ids is not None and not any(m.site_id in site_ids for m in found.memberships)
    ):
        raise NotFound("There is no such person here.")
    return found


def set_role(
    session: Session,
    user: User,
    site_id: int | None,
    role: str | None,
    by: User,
    rights: Rights,
    now: datetime,
) -> None:
    """Give a person a role on a site or (None) on all of them; no role takes it away.

    Their log-ins end, so that what they see is what they may. Raises Invalid, NotFound, Forbidden,
    and Conflict where nobody would be left who may do this everywhere.
    """
    check_grant(rights, role or ROLES[0], site_id)
    kept = [m for m in user.memberships if m.site_id == site_id]
    before = kept[0].role if kept else None
    if before == role:
        return
    if site_id is None and before == "admin" and _owners(session) == 1:
        raise Conflict("Somebody has to remain administrator of the installation.")
    _replace(user, kept, site_id, role)
    note_act(session, by.email, "role", user.email, site_id, now, before=before, after=role)
    if user.id != by.id:
        end_sessions(session, user.id)
    session.flush()


def _replace(user: User, kept: Sequence[Membership], site_id: int | None, role: str | None) -> None:
    for membership in kept:
        user.memberships.remove(membership)
    if role is not None:
        user.memberships.append(Membership(site_id=site_id, role=role))


def _owners(session: Session) -> int:
    query = select(func.count(func.distinct(Membership.user_id)))
    return session.scalars(
        query.where(Membership.site_id.is_(None), Membership.role == "admin")
    ).one()
