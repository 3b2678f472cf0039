"""Who may do what, changed by those who may."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.audit import note_act
from core.accounts.people import make_membership, owners
from core.accounts.secondstep import turn_off
from core.accounts.sessions import end_sessions
from core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from core.models import Membership, User
from core.rights import ROLES, Rights


def check_grant(rights: Rights, role: str, site_id: int | None) -> None:
    """An administrator of a site gives roles on that site; only an owner gives them on all sites.

    Owners own the installation, not a site. Raises Invalid for an unknown role, NotFound for a
    foreign site, Forbidden.
    """
    if role not in ROLES:
        raise Invalid(FieldError("role", f"must be one of {', '.join(ROLES)}"))
    if site_id is None:
        return rights.demand_installation()
    rights.demand("admin", site_id)
    if role == "owner":
        raise Invalid(FieldError("role", "is for all sites together"))
    return None


def is_over(rights: Rights, by: User, person: User) -> bool:
    """Nobody changes how somebody comes in who may do more than they; one's own way in is a
    matter of the profile."""
    return person.id != by.id and all(rights.is_over(each) for each in person.memberships)


def reset_second_step(
    session: Session, person: User, by: User, rights: Rights, now: datetime
) -> None:
    """Let a person who has lost device and codes in by the password alone. Ends their log-ins.

    Raises Forbidden where `is_over` says no, NotFound where it is off.
    """
    if not is_over(rights, by, person):
        raise Forbidden("This person may do more than you.")
    turn_off(session, person, by.email, now)
    end_sessions(session, person.id)


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
    and Conflict where nobody would be left who owns the installation.
    """
    check_grant(rights, role or ROLES[0], site_id)
    kept = [m for m in user.memberships if m.site_id == site_id]
    before = kept[0].held if kept else None
    if before == role:
        return
    if before == "owner" and len(owners(session)) == 1:
        raise Conflict("Somebody has to remain owner of the installation.")
    _replace(user, kept, site_id, role)
    note_act(session, by.email, "role", user.email, site_id, now, before=before, after=role)
    if user.id != by.id:
        end_sessions(session, user.id)
    session.flush()


def _replace(user: User, kept: Sequence[Membership], site_id: int | None, role: str | None) -> None:
    for membership in kept:
        user.memberships.remove(membership)
    if role is not None:
        user.memberships.append(make_membership(role, site_id))
