"""The address of a person's feed: a feed reader has no log-in, so the address itself is one.

It opens nothing but the feed, and holds until the person asks for a new one.
"""

import hashlib
import hmac
import secrets

from sqlalchemy.orm import Session

from core.errors import NotFound
from core.models import User


def feed_key(user: User, secret_key: str) -> str:
    """What stands in the address of a person's feed."""
    if user.feed_salt is None:
        return _old_key(user, secret_key)
    return _sealed(user, f"salt {user.feed_salt}", secret_key)


def feed_reader(session: Session, key: str, secret_key: str) -> User:
    """The person whose feed this is. Raises NotFound."""
    number = key.partition("-")[0]
    if number.isascii() and number.isdigit() and len(number) < 19:
        user = session.get(User, int(number))
        if user and any(
            hmac.compare_digest(known.encode(), key.encode()) for known in _keys(user, secret_key)
        ):
            return user
    raise NotFound("There is no such feed.")


def renew_feed(session: Session, user_id: int) -> None:
    """Give a person's feed a new address; every earlier one ends."""
    user = session.get_one(User, user_id)
    user.feed_salt, user.feed_old = secrets.token_urlsafe(24), False


def _keys(user: User, secret_key: str) -> list[str]:
    old = [_old_key(user, secret_key)] if user.feed_old else []
    return [feed_key(user, secret_key), *old]


def _old_key(user: User, secret_key: str) -> str:
    return _sealed(user, user.password_hash, secret_key)


def _sealed(user: User, by: str, secret_key: str) -> str:
    said = f"{user.id} {by}".encode()
    seal = hmac.new(f"feed {secret_key}".encode(), said, hashlib.sha256).hexdigest()[:40]
    return f"{user.id}-{seal}"
