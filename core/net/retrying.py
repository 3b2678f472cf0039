"""What servers say about when to come back."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST = timedelta(days=1)


def retry_at(value: str | None, now: datetime) -> datetime | None:
    """The moment that a Retry-After header names: seconds from `now`, or a date.

    Never before `now` nor more than a day after it. None without a header or for nonsense.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return now + min(timedelta(seconds=int(text[:9])), _LONGEST)
    try:
        named = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if named.tzinfo is None:
        named = named.replace(tzinfo=UTC)
    return min(max(named, now), now + _LONGEST)
