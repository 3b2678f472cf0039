"""Log-ins that last: a random cookie, known here only by its hash."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from core.accounts.attempts import forget_attempts
from core.accounts.halfway import cookie_digest, end_half_log_ins, forget_half_log_ins
from core.db import Database
from core.errors import NotFound
from core.models import DeskSession

LASTS = timedelta(days=30)
IDLE = timedelta(days=14)
_SEEN_EVERY = timedelta(minutes=10)  # so that reading the desk does not write each time


@dataclass(frozen=True)
class LoggedIn:
    """A new session, and the secret for the person's cookie, which is shown only here."""

    cookie: str
    desk_session: DeskSession


def open_session(
    session: Session, user_id: int, user_agent: str, now: datetime, way: str = "password"
) -> LoggedIn:
    """Begin a session for a person who has shown who they are; `way` is how."""
    cookie = secrets.token_urlsafe(32)
    opened = DeskSession(
        id=cookie_digest(cookie),
        user_id=user_id,
        form_token=secrets.token_urlsafe(32),
        created_at=now,
        seen_at=now,
        expires_at=now + LASTS,
        user_agent=user_agent[:300],
        way=way,
    )
    session.add(opened)
    session.flush()
    return LoggedIn(cookie, opened)


def current(db: Database, cookie: str, now: datetime) -> DeskSession | None:
    """The session of a cookie with its user, if it has neither ended nor lain idle too long."""
    with db.read() as session:
        found = session.scalar(
            select(DeskSession)
            .where(DeskSession.id == cookie_digest(cookie), DeskSession.expires_at > now)
            .where(DeskSession.seen_at > now - IDLE)
            .options(joinedload(DeskSession.user))
        )
    if found is not None and now - found.seen_at > _SEEN_EVERY:
        with db.write() as session:
            session.execute(
                update(DeskSession).where(DeskSession.id == found.id).values(seen_at=now)
            )
    return found


def log_out(session: Session, session_id: str) -> None:
    """End one session, by its id."""
    session.execute(delete(DeskSession).where(DeskSession.id == session_id))


def sessions_of(session: Session, user_id: int, now: datetime) -> list[DeskSession]:
    """Where a person is logged in, the one used last first."""
    query = (
        select(DeskSession)
        .where(DeskSession.user_id == user_id, DeskSession.expires_at > now)
        .where(DeskSession.seen_at > now - IDLE)
        .order_by(DeskSession.seen_at.desc())
    )
    return list(session.scalars(query))


def end_session(session: Session, user_id: int, session_id: str) -> None:
    """End one of a person's own sessions. Raises NotFound, also for somebody else's."""
    found = session.get(DeskSession, session_id)
    if found is None or found.user_id != user_id:
        raise NotFound("There is no such session.")
    session.delete(found)


def end_sessions(session: Session, user_id: int, keep: str | None = None) -> None:
    """End all sessions of a person, but for the one with the id `keep`, and half log-ins."""
    end_half_log_ins(session, user_id)
    session.execute(
        delete(DeskSession).where(DeskSession.user_id == user_id, DeskSession.id != (keep or ""))
    )


def forget(session: Session, now: datetime) -> None:
    """Remove sessions and half log-ins that are over, and attempts that no longer count."""
    forget_half_log_ins(session, now)
    over = (DeskSession.expires_at <= now) | (DeskSession.seen_at <= now - IDLE)
    session.execute(delete(DeskSession).where(over))
    forget_attempts(session, now)
