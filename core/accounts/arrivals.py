"""Coming in through a provider: begun at the door or by an invitation, finished by its word."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.entering import come_in
from core.accounts.halfway import HalfWay, begin
from core.accounts.invitations import get_invitation, join
from core.accounts.passwords import NO_PASSWORD, check_password, hashed
from core.accounts.sessions import LoggedIn, end_sessions
from core.db import Database
from core.errors import Forbidden
from core.models import DeskSession, HalfLogIn, Invitation, User
from core.openid import Identity, NotBelieved

FRESH = timedelta(minutes=10)


class NotInvited(Forbidden):
    """The provider knows this person, we do not."""

    def __init__(self, email: str) -> None:
        super().__init__(f"Nobody with the address {email} may come in here.")
        self.email = email


def begin_arrival(
    session: Session, secret: str | None, way: dict[str, str | None], now: datetime
) -> HalfWay:
    """Note that a browser goes to the provider, for an invitation's `secret` if it has one.

    `way` is where to go afterwards. Raises InvitationOver.
    """
    joins = get_invitation(session, secret, now).digest if secret else None
    return begin(session, None, "provider", now, joins=joins, **way)


def arrive(
    session: Session,
    half: HalfLogIn,
    who: Identity,
    user_agent: str,
    language: str,
    now: datetime,
) -> LoggedIn | HalfWay:
    """Let in whom the provider names, if they are a user already or follow their invitation.

    The provider must have verified the address, else whoever types a colleague's address there
    would be that colleague. A second step that is on here is owed as after a password.
    Raises NotBelieved for an address that is not verified, NotInvited for somebody unknown.
    """
    if not who.email or not who.verified:
        raise NotBelieved("the provider has not verified the e-mail address")
    user = session.scalar(select(User).where(User.email == who.email))
    if user is None:
        user = _joined(session, half, who, language, now)
    return come_in(session, user.id, "provider", user_agent, now)


def has_password(user: User) -> bool:
    """Whether a person has a password; who joined through a provider has none at first."""
    return user.password_hash != NO_PASSWORD


def is_fresh(desk_session: DeskSession, now: datetime) -> bool:
    """Whether somebody has just come in through the provider."""
    return desk_session.way == "provider" and desk_session.created_at > now - FRESH


def set_first_password(db: Database, here: DeskSession, new: str, now: datetime) -> None:
    """A password for who has none; having just come in through the provider stands for an old one.

    Ends all other log-ins. Raises Invalid, Forbidden.
    """
    check_password(new, "new", here.user.email, here.user.name)
    new_hash = hashed(new)
    with db.write() as session:
        user = session.get_one(User, here.user_id)
        if has_password(user) or not is_fresh(here, now):
            raise Forbidden("Log in through the provider once more, then choose a password.")
        user.password_hash = new_hash
        end_sessions(session, user.id, here.id)


def _joined(session: Session, half: HalfLogIn, who: Identity, language: str, now: datetime) -> User:
    query = select(Invitation).where(Invitation.digest == half.data.get("joins"))
    found = session.scalar(query.where(Invitation.expires_at > now))
    if found is None or found.email != who.email:
        raise NotInvited(who.email)
    return join(session, found, _fitting(who.name), None, language, now)


def _fitting(name: str) -> str:
    """A name that we would take; else the e-mail's first part stands for it."""
    return name if len(name) <= 100 and name.isprintable() else ""
