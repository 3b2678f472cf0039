"""How programs come in: a token that acts as the person who made it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from core.errors import FieldError, Invalid, NotFound
from core.models import Token, User

PREFIX = "tuzet_"  # so that people and secret scanners know one when they see it
NAME_LENGTH = 100
SCOPES = ("write", "read")
_NOTE_EVERY = timedelta(hours=1)


def add(
    session: Session,
    user: User,
    name: str,
    now: datetime,
    scope: str = "write",
    lasts: timedelta | None = None,
) -> str:
    """Make a token for a person and return it; it is shown this once and kept as a hash only.

    One of the scope `read` changes nothing. Raises Invalid.
    """
    if scope not in SCOPES:
        raise Invalid(FieldError("scope", f"must be one of {', '.join(SCOPES)}"))
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise Invalid(FieldError("name", f"must have 1 to {NAME_LENGTH} printable characters"))
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        Token(
            user_id=user.id,
            name=name,
            digest=_digest(token),
            created_at=now,
            scope=scope,
            expires_at=now + lasts if lasts else None,
        )
    )
    session.flush()
    return token


def tokens_of(session: Session, user_id: int) -> list[Token]:
    """A person's tokens, the newest first, those that have ended too."""
    query = select(Token).where(Token.user_id == user_id).order_by(Token.id.desc())
    return list(session.scalars(query))


def forget(session: Session, token_id: int, user_id: int) -> Token:
    """End a person's own token for good. Raises NotFound, also for somebody else's."""
    found = session.get(Token, token_id)
    if found is None or found.user_id != user_id:
        raise NotFound("There is no such token.")
    session.delete(found)
    return found


def find(session: Session, token: str, now: datetime) -> Token | None:
    """The token as kept, with its person; None for one that nobody was given or that has ended."""
    query = (
        select(Token)
        .where(Token.digest == _digest(token))
        .where(Token.expires_at.is_(None) | (Token.expires_at > now))
        .options(joinedload(Token.user))
    )
    return session.scalar(query)


def needs_note(token: Token, now: datetime) -> bool:
    """Whether a use is worth noting: about once an hour tells an owner enough, and no request
    should wait for more."""
    return token.last_used_at is None or token.last_used_at < now - _NOTE_EVERY


def note_use(session: Session, token_id: int, now: datetime) -> None:
    """Write down that a token has been used now."""
    session.execute(update(Token).where(Token.id == token_id).values(last_used_at=now))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
