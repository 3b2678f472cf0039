"""How long after a failed try the next one comes; after the last the message is dead."""

import zlib
from datetime import timedelta

WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (30, 120, 600, 1_800, 7_200, 21_600, 43_200, 86_400)
)
MOST_TRIES = len(WAITS) + 1

# The table that Standard Webhooks 1.0 recommends.
HOOK_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
LONGEST_RETRY_AFTER = timedelta(hours=1)


def waits_of(kind: str) -> tuple[timedelta, ...]:
    """The table of a channel kind."""
    return HOOK_WAITS if kind == "webhook" else WAITS


def waiting(kind: str, attempts: int, key: str) -> timedelta | None:
    """The wait after so many tries; None when that was the last.

    Up to a tenth longer, by the message's own key, so that a crowd does not return at once.
    """
    table = waits_of(kind)
    if attempts > len(table):
        return None
    spread = zlib.crc32(f"{key}{attempts}".encode()) % 1_000
    return table[attempts - 1] * (1 + spread / 10_000)
