"""The address of a person's feed: a feed reader has no log-in, so the address itself is one.

It opens nothing but the feed, and ends with the person's password.
"""

import hashlib
import hmac

from sqlalchemy.orm import Session

from core.errors import NotFound
from core.models import User


def feed_key(user: User, secret_key: str) -> str:
    """What stands in the address of a person's feed."""
    said = f"{user.id} {user.password_hash}".encode()
    seal = hmac.new(f"feed {secret_key}".encode(), said, hashlib.sha256).hexdigest()[:40]
    return f"{user.id}-{seal}"


def feed_reader(session: Session, key: str, secret_key: str) -> User:
    """The person whose feed this is. Raises NotFound."""
    number = key.partition("-")[0]
    if number.isascii() and number.isdigit() and len(number) < 19:
        user = session.get(User, int(number))
        if user and hmac.compare_digest(feed_key(user, secret_key).encode(), key.encode()):
            return user
    raise NotFound("There is no such feed.")
