"""Coming in: by a password, and by a code where the person has turned that on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.attempts import WrongCode, WrongPassword, forgive, note_attempt
from core.accounts.halfway import HalfWay, begin, get_half, take_half
from core.accounts.passwords import fits, hashed, is_outdated
from core.accounts.secondstep import second_step, take_code
from core.accounts.sessions import LoggedIn, open_session
from core.db import Database
from core.errors import NotFound
from core.models import User


def log_in(
    db: Database, email: str, password: str, address: str, user_agent: str, now: datetime
) -> LoggedIn | HalfWay:
    """A session for who knows the password, or half of one where a code is still owed.

    Takes as long for an e-mail that nobody has. Hashing is slow on purpose, so no database session
    is open meanwhile. Raises WrongPassword (a Forbidden) or Throttled.
    """
    email = email.strip().lower()
    with db.write() as session:
        tries_left = note_attempt(session, email, address, now)
        user = session.scalar(select(User).where(User.email == email))
    if not fits(user.password_hash if user else None, password) or user is None:
        raise WrongPassword(tries_left)
    new_hash = hashed(password) if is_outdated(user.password_hash) else None
    with db.write() as session:
        forgive(session, email, address, now)
        if new_hash:
            session.get_one(User, user.id).password_hash = new_hash
        return come_in(session, user.id, "password", user_agent, now)


def come_in(
    session: Session, user_id: int, way: str, user_agent: str, now: datetime
) -> LoggedIn | HalfWay:
    """Let somebody in who has shown who they are, as far as the first step goes."""
    if second_step(session, user_id):
        return begin(session, user_id, way, now)
    return open_session(session, user_id, user_agent, now, way)


def is_half_way(db: Database, cookie: str, now: datetime) -> bool:
    """Whether this browser owes a code."""
    with db.read() as session:
        try:
            return get_half(session, cookie, now).user_id is not None
        except NotFound:
            return False


def finish(
    db: Database,
    cookie: str,
    code: str,
    address: str,
    user_agent: str,
    secret_key: str,
    now: datetime,
) -> LoggedIn:
    """The second step: a code of the person's device, or a recovery code.

    Counted like passwords, but apart. Raises NotFound where nothing is half way, WrongCode,
    Throttled.
    """
    with db.write() as session:
        half = get_half(session, cookie, now)
        user = session.get(User, half.user_id) if half.user_id else None
        if user is None:
            raise NotFound("There is no such log-in to finish.")
        tries_left = note_attempt(session, user.email, address, now, "code")
    with db.write() as session:
        if not take_code(session, user, code, secret_key, now):
            raise WrongCode(tries_left)
        take_half(session, cookie, now)
        forgive(session, user.email, address, now, "code")
        return open_session(session, user.id, user_agent, now, half.way)
