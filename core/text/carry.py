"""Carrying places over from one version of a text to the next."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Sequence
from itertools import accumulate

from rapidfuzz.distance import Levenshtein

Span = tuple[int, int]
Block = tuple[int, int, int]  # start in the old text, start in the new one, length

_PAIRED = 4_000  # letters in changed lines from which as many new ones are compared one by one
_BY_LETTERS = 4_000 * 4_000  # product of lengths up to which changed lines are compared by letters
_BY_WORDS = 10_000 * 10_000  # and by words; longer ones are taken as wholly new
_HOLDS = 4  # letters that hold a place; fewer are the same by chance
_GREW = 30  # letters by which a place may grow; one that grows more has been written over
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def carry(spans: Sequence[Span], old: str, new: str) -> list[Span | None]:
    """Where each span of `old` stands in `new`, in the same order.

    A span whose text was changed is carried to what stands between its surroundings now; one
    whose words have gone, or whose surroundings are gone or were written over, is None. Lines
    that stayed are found first, so that the cost is that of the changed lines only.
    """
    if old == new:
        return list(spans)
    blocks = list(_blocks(old, new))
    starts = [start for start, _, _ in blocks]
    ends = [start + length for start, _, length in blocks]
    return [_carried(span, blocks, starts, ends) for span in spans]


def _blocks(old: str, new: str) -> Iterator[Block]:
    """What stayed, in order."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    a_at, b_at = _offsets(before), _offsets(after)
    for same, a, b, c, d in _runs(before, after):
        if same:
            yield a_at[a], b_at[c], a_at[b] - a_at[a]
            continue
        pairs = [(a, b, c, d)]
        if b - a == d - c and a_at[b] - a_at[a] > _PAIRED:
            pairs = [(a + i, a + i + 1, c + i, c + i + 1) for i in range(b - a)]
        for first, last, there, until in pairs:
            one, other = old[a_at[first] : a_at[last]], new[b_at[there] : b_at[until]]
            for start, at, length in _within(one, other):
                yield a_at[first] + start, b_at[there] + at, length


def _within(one: str, other: str) -> Iterator[Block]:
    """What stayed in changed lines: by letters, or by words where they are long."""
    size = len(one) * len(other)
    if not size or size > _BY_WORDS:
        return
    if size <= _BY_LETTERS:
        for same, a, b, c, _ in _runs(one, other):
            if same and b - a >= _HOLDS:
                yield a, c, b - a
        return
    before, after = _TOKEN.findall(one), _TOKEN.findall(other)
    a_at, b_at = _offsets(before), _offsets(after)
    for same, a, b, c, _ in _runs(before, after):
        if same and a_at[b] - a_at[a] >= _HOLDS:
            yield a_at[a], b_at[c], a_at[b] - a_at[a]


def _runs(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> Iterator[tuple[bool, int, int, int, int]]:
    """(whether it stayed, [a, b) of the old, [c, d) of the new), neighbours of a kind joined."""
    run: tuple[bool, int, int, int, int] | None = None
    for step in Levenshtein.opcodes(before, after):
        same = step.tag == "equal"
        if run is not None and run[0] == same:
            run = (same, run[1], step.src_end, run[3], step.dest_end)
            continue
        if run is not None:
            yield run
        run = (same, step.src_start, step.src_end, step.dest_start, step.dest_end)
    if run is not None:
        yield run


def _offsets(pieces: Sequence[str]) -> list[int]:
    return list(accumulate(map(len, pieces), initial=0))


def _carried(
    span: Span, blocks: Sequence[Block], starts: Sequence[int], ends: Sequence[int]
) -> Span | None:
    start, end = span
    left = bisect_right(starts, start) - 1
    right = bisect_left(ends, end)
    if left < 0 or right == len(blocks):
        return None
    old, new, length = blocks[left]
    first = new + min(start - old, length)
    old, new, _ = blocks[right]
    last = new + max(end - old, 0)
    if not first <= last <= first + 2 * (end - start) + _GREW:
        return None
    if first == last and start < end:
        return None
    return first, last
