"""Carrying places over from one version of a text to the next."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

Span = tuple[int, int]


def carry(spans: Sequence[Span], old: str, new: str) -> list[Span | None]:
    """Where each span of `old` stands in `new`, in the same order.

    A span whose text was changed is carried to what stands between its surroundings now (it may
    be empty); one whose surroundings are gone is None. Lines that stayed are found first, so that
    the cost is that of the changed lines only.
    """
    if old == new:
        return list(spans)
    blocks = _blocks(old, new)
    return [_carried(span, blocks) for span in spans]


def _blocks(old: str, new: str) -> list[tuple[int, int, int]]:
    """(start in old, start in new, length) of what stayed, in order."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[tuple[int, int, int]] = []
    a_at, b_at = _starts(before), _starts(after)
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((a_at[a], b_at[c], a_at[b] - a_at[a]))
        elif tag == "replace":
            one, other = old[a_at[a] : a_at[b]], new[b_at[c] : b_at[d]]
            inner = SequenceMatcher(None, one, other, autojunk=False)
            found += [
                (a_at[a] + i, b_at[c] + j, n) for i, j, n in inner.get_matching_blocks() if n >= 4
            ]
    return found


def _starts(lines: Sequence[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts


def _carried(span: Span, blocks: list[tuple[int, int, int]]) -> Span | None:
    start, end = span
    left = [block for block in blocks if block[0] <= start]
    right = [block for block in blocks if block[0] + block[2] >= end]
    if not left or not right:
        return None
    a, b, n = left[-1]
    first = b + min(start - a, n)
    a, b, _ = right[0]
    last = b + max(end - a, 0)
    return (first, last) if first <= last else None
