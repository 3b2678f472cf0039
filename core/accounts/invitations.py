"""Invitations: whoever follows the link in the mail says a name and a password and is in.

Who has a log-in already comes in by that one and gains the role. The inviter is not told which of
the two it will be: whether somebody works on another site of the installation is not their matter.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.accounts.audit import note_act
from core.accounts.people import add_user, check_email, make_membership
from core.accounts.roles import check_grant
from core.errors import Conflict, Forbidden, NotFound
from core.models import Invitation, Membership, Site, User
from core.rights import ROLES, Rights, rights_of

LASTS = timedelta(days=7)


class InvitationOver(NotFound):
    """The link of an invitation that was used, is too old, was withdrawn or never was."""


def invite(
    session: Session,
    email: str,
    role: str,
    site_key: str | None,
    by: User,
    rights: Rights,
    now: datetime,
) -> tuple[Invitation, str]:
    """An invitation and the secret of its link, which is shown only here.

    An earlier one to the same address for the same site ends. Raises Invalid, Forbidden, NotFound
    (no such site), and Conflict for somebody who has a role on that very site: they stand in the
    list of people that the inviter sees.
    """
    email = check_email(email)
    site = _site(session, site_key)
    check_grant(rights, role, site.id if site else None)
    site_id = site.id if site else None
    person = session.scalar(select(User).where(User.email == email))
    if person is not None and _there(person, site_id):
        raise Conflict(f"{email} has a role there already.")
    for earlier in session.scalars(select(Invitation).where(Invitation.email == email)):
        if earlier.site_id == site_id:
            session.delete(earlier)
    secret = secrets.token_urlsafe(32)
    made = Invitation(
        email=email,
        role=role,
        site_id=site_id,
        digest=_digest(secret),
        invited_by=by.email,
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(made)
    note_act(session, by.email, "invited", email, site_id, now, role=role)
    session.flush()
    return made, secret


def invitations(session: Session, site_ids: frozenset[int] | None) -> list[Invitation]:
    """Open invitations to these sites (None: to all), newest first."""
    query = select(Invitation).order_by(Invitation.id.desc())
    if site_ids is not None:
        query = query.where(Invitation.site_id.in_(site_ids))
    return list(session.scalars(query))


def get_invitation(session: Session, secret: str, now: datetime) -> Invitation:
    """The invitation of a link.

    It holds as long as whoever sent it may give that role: who was removed cannot come back by an
    invitation of their own. Raises InvitationOver for one that does not hold, a wrong, a used and
    an old one.
    """
    query = select(Invitation).where(Invitation.digest == _digest(secret))
    found = session.scalar(query.where(Invitation.expires_at > now))
    if found is None or not _may_still_invite(session, found):
        raise InvitationOver("There is no such invitation.")
    return found


def invited_person(session: Session, found: Invitation) -> User | None:
    """Who has the invited address as a log-in already. Only the reader of the mail may learn it."""
    return session.scalar(select(User).where(User.email == found.email))


def accept(
    session: Session, secret: str, name: str, password: str, language: str, now: datetime
) -> User:
    """Become a user. Raises InvitationOver, Invalid, Conflict for who is one already."""
    found = get_invitation(session, secret, now)
    return join(session, found, name, password, language, now)


def gain(session: Session, secret: str, user_id: int, now: datetime) -> None:
    """Give a person who has a log-in the role of their own invitation; a higher one there stays.

    Their sessions go on: they may do no less than before. Of two clicks one finds it used. Raises
    InvitationOver, and Forbidden for somebody else's invitation.
    """
    found, user = get_invitation(session, secret, now), session.get_one(User, user_id)
    if found.email != user.email:
        raise Forbidden("This invitation is for somebody else.")
    taken = delete(Invitation).where(Invitation.id == found.id).returning(Invitation.id)
    if session.execute(taken).first() is None:
        raise InvitationOver("The invitation was used at this moment.")
    there = _there(user, found.site_id)
    if all(ROLES.index(each.held) < ROLES.index(found.role) for each in there):
        for each in there:
            user.memberships.remove(each)
        user.memberships.append(make_membership(found.role, found.site_id))
    note_act(session, user.email, "joined", user.email, found.site_id, now, role=found.role)
    session.flush()


def join(
    session: Session,
    found: Invitation,
    name: str,
    password: str | None,
    language: str,
    now: datetime,
) -> User:
    """Become the user that an invitation is for; without a password one comes in elsewhere."""
    site = session.get(Site, found.site_id) if found.site_id else None
    key = site.key if site else None
    user = add_user(session, found.email, name, password, found.role, key, language, now)
    note_act(session, user.email, "joined", user.email, found.site_id, now, role=found.role)
    session.delete(found)
    return user


def withdraw(
    session: Session, invitation_id: int, by: User, site_ids: frozenset[int] | None, now: datetime
) -> None:
    """End an invitation. Raises NotFound, also for a foreign site's."""
    found = session.get(Invitation, invitation_id)
    if found is None or (site_ids is not None and found.site_id not in site_ids):
        raise NotFound("There is no such invitation.")
    note_act(session, by.email, "withdrew", found.email, found.site_id, now)
    session.delete(found)


def _may_still_invite(session: Session, found: Invitation) -> bool:
    inviter = session.scalar(select(User).where(User.email == found.invited_by))
    if inviter is None:
        return False
    try:
        check_grant(rights_of(inviter), found.role, found.site_id)
    except (Forbidden, NotFound):
        return False
    return True


def _there(person: User, site_id: int | None) -> list[Membership]:
    return [each for each in person.memberships if each.site_id == site_id]


def _site(session: Session, key: str | None) -> Site | None:
    if key is None:
        return None
    site = session.scalar(select(Site).where(Site.key == key))
    if site is None:
        raise NotFound("There is no such site.")
    return site


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
