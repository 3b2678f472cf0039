"""Passwords: argon2id, and what makes one acceptable."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from core.accounts.common import is_common
from core.errors import FieldError, Invalid

SHORTEST, LONGEST = 8, 256
NO_PASSWORD = "!"  # noqa: S105 (kept for who has none and comes in through a provider)
# 19 MiB and two passes: what a whole row of web threads can afford at the same moment.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def check_password(password: str, field: str = "password", *own: str) -> None:
    """Length is what makes a password strong; its make-up is not asked for. Those that everybody
    tries first are refused, and the person's `own` words. Raises Invalid."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(FieldError(field, f"must have {SHORTEST} to {LONGEST} characters"))
    if is_common(password, *own):
        raise Invalid(FieldError(field, "is one that everybody tries first; take another"))


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one. Takes as long when there is no hash to compare with."""
    kept = None if kept == NO_PASSWORD else kept
    try:
        _hasher.verify(kept or _nobody(), password[:LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
