"""Log-ins of which a step is still owed: a random cookie, known here only by its hash."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.models import HalfLogIn

HALF_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class HalfWay:
    """The password or the provider's word was right, and a code is still owed.

    `cookie` is the secret for the person's browser, which is shown only here.
    """

    cookie: str = field(repr=False)


def begin(
    session: Session,
    user_id: int | None,
    way: str,
    now: datetime,
    cookie: str | None = None,
    **data: str | None,
) -> HalfWay:
    """Note that somebody is half way in; `user_id` None where it is not known yet who."""
    cookie = cookie or secrets.token_urlsafe(32)
    row = HalfLogIn(
        id=cookie_digest(cookie), user_id=user_id, way=way, data=data, expires_at=now + HALF_LASTS
    )
    session.add(row)
    session.flush()
    return HalfWay(cookie)


def get_half(session: Session, cookie: str, now: datetime) -> HalfLogIn:
    """The half log-in of a cookie. Raises NotFound for one that is done, over or never was."""
    query = select(HalfLogIn).where(
        HalfLogIn.id == cookie_digest(cookie), HalfLogIn.expires_at > now
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no such log-in to finish.")
    return found


def take_half(session: Session, cookie: str, now: datetime) -> HalfLogIn:
    """The same, and nobody gets it a second time."""
    found = get_half(session, cookie, now)
    taken = session.execute(
        delete(HalfLogIn).where(HalfLogIn.id == found.id).returning(HalfLogIn.id)
    ).all()
    if not taken:
        raise NotFound("There is no such log-in to finish.")
    return found


def end_half_log_ins(session: Session, user_id: int) -> None:
    """End all of a person."""
    session.execute(delete(HalfLogIn).where(HalfLogIn.user_id == user_id))


def forget_half_log_ins(session: Session, now: datetime) -> None:
    """Remove those that are over."""
    session.execute(delete(HalfLogIn).where(HalfLogIn.expires_at <= now))


def cookie_digest(cookie: str) -> str:
    """What is kept of a cookie: who reads the database cannot come in by it."""
    return hashlib.sha256(cookie.encode(errors="replace")).hexdigest()
