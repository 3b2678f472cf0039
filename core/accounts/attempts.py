"""How often one may try a password.

An attempt is written down before the password is looked at, so that tries made at the same moment
count too, and is forgotten when it succeeds. Three limits in ten minutes: a person from one
address, a person from anywhere, an address for anybody. The first is the narrow one, so that a
stranger cannot lock an editor out from afar. One-time codes are counted in the same way but apart,
and fewer from anywhere: whoever may try one knows the password already, and has a million to try.
"""

import hashlib
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.errors import Forbidden, Throttled
from core.models import LoginFailure

WINDOW = timedelta(minutes=10)
FROM_ONE_ADDRESS, FROM_ANYWHERE, BY_ONE_ADDRESS = 5, 50, 30
CODES_FROM_ANYWHERE = 10
DEPARTURES = 60  # of one address to the log-in provider; a newsroom may share one

Tried = Literal["password", "code"]


class WrongPassword(Forbidden):
    """E-mail and password do not match. `tries_left` until a pause."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("E-mail and password do not match.")
        self.tries_left = tries_left


class WrongCode(Forbidden):
    """Not a code of now, or one that was used before. `tries_left` until a pause."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("The code is not right, or was used before.")
        self.tries_left = tries_left


def note_attempt(
    session: Session, email: str, address: str, now: datetime, tried: Tried = "password"
) -> int:
    """Count one attempt and return how many are left from this address. Raises Throttled."""
    subjects = _subjects(email, address, tried)
    for subject, most in subjects.items():
        _demand_below(session, subject, most, now)
    session.add_all(LoginFailure(subject=subject, at=now) for subject in subjects)
    pair = next(iter(subjects))
    return max(0, FROM_ONE_ADDRESS - _count(session, pair, now))


def forgive(
    session: Session, email: str, address: str, now: datetime, tried: Tried = "password"
) -> None:
    """After a success: this person has no failures from here, and the attempt itself was none."""
    pair, *others = _subjects(email, address, tried)
    session.execute(delete(LoginFailure).where(LoginFailure.subject == pair))
    for subject in others:
        last = (
            select(func.max(LoginFailure.id))
            .where(LoginFailure.subject == subject, LoginFailure.at == now)
            .scalar_subquery()
        )
        session.execute(delete(LoginFailure).where(LoginFailure.id == last))


def note_departure(session: Session, address: str, now: datetime) -> None:
    """Count one way to the log-in provider, which is asked each time. Raises Throttled."""
    subject = _digest(f"provider {_network(address)}")
    _demand_below(session, subject, DEPARTURES, now)
    session.add(LoginFailure(subject=subject, at=now))


def forget_attempts(session: Session, now: datetime) -> None:
    """Remove what no limit looks at any more."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - WINDOW))


def _subjects(email: str, address: str, tried: Tried) -> dict[str, int]:
    """Who is counted, and how much is allowed; the pair first. Kept as hashes: what is typed into
    the e-mail field is sometimes a password."""
    network = _network(address)
    who = email if tried == "password" else f"{tried} {email}"
    return {
        _digest(f"{who} {network}"): FROM_ONE_ADDRESS,
        _digest(who): FROM_ANYWHERE if tried == "password" else CODES_FROM_ANYWHERE,
        _digest(network): BY_ONE_ADDRESS,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _network(address: str) -> str:
    """One household: an IPv4 address or the /64 of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return str(parsed)


def _demand_below(session: Session, subject: str, most: int, now: datetime) -> None:
    recent = session.scalars(
        select(LoginFailure.at)
        .where(LoginFailure.subject == subject, LoginFailure.at > now - WINDOW)
        .order_by(LoginFailure.at.desc())
        .limit(most)
    ).all()
    if len(recent) >= most:
        wait = recent[-1] + WINDOW - now
        raise Throttled("Too many tries.", retry_after=max(1, int(wait.total_seconds())))


def _count(session: Session, subject: str, now: datetime) -> int:
    session.flush()
    return session.scalars(
        select(func.count()).where(LoginFailure.subject == subject, LoginFailure.at > now - WINDOW)
    ).one()
