"""How much of many cases goes into one mail."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

MOST_BYTES = 95_000  # Gmail cuts what is longer than about 102 KB, and with it the way out
MOST_IN_FULL = 40
MOST_LINES = 200
_SOME_LINES = 40


@dataclass(frozen=True)
class Share:
    """Of the cases in their order so many in full, and after them so many in a line each."""

    full: int
    lines: int


def fitted(count: int, size: Callable[[Share], int]) -> Share:
    """The largest share of `count` cases whose mail, `size` bytes long, is not cut off by Gmail.

    Cases in full come before lines, and lines before a bare number.
    """
    full = min(count, MOST_IN_FULL)
    whole = Share(full, min(count - full, MOST_LINES))
    if size(whole) <= MOST_BYTES:
        return whole

    def with_full(full: int) -> Share:
        return Share(full, min(count - full, _SOME_LINES))

    def with_lines(lines: int) -> Share:
        return Share(0, lines)

    for share, most in ((with_full, full), (with_lines, min(count, MOST_LINES))):
        fits = bisect_left(range(1, most + 1), True, key=_too_long(share, size))
        if fits:
            return share(fits)
    return Share(0, 0)


def _too_long(share: Callable[[int], Share], size: Callable[[Share], int]) -> Callable[[int], bool]:
    return lambda number: size(share(number)) > MOST_BYTES
