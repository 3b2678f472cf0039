"""Where the lines around an error are in the text that stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from core.text.fold import fold_text
from core.verdict.articles import TELLING
from core.verdict.facts import Span

KNOWN_AGAIN = 0.75
"""Likeness from which a line is known again anywhere."""
_LEAST = 0.25  # likeness below which lines are not compared
_SAME_LINE = 0.45  # likeness from which a changed line may be the old line


@dataclass(frozen=True, slots=True)
class Place:
    """The old lines around an error, the error's span in them, and the new lines in their stead."""

    old: str
    span: Span
    new: str
    likeness: float


def counterpart(old_text: str, span: Span, new_text: str) -> Place | None:
    """The lines that stand in the place of those around `span`; None where none are like them."""
    if len(old_text) < TELLING:
        return _fragment(old_text, span, new_text)
    before, after = old_text.split("\n"), new_text.split("\n")
    start = old_text.count("\n", 0, span[0])
    end = old_text.count("\n", 0, span[1]) + 1
    offset = sum(len(line) + 1 for line in before[:start])
    old = "\n".join(before[start:end])
    low, high = _lines_between(before, after, start, end)
    near = _likest(old, after, max(0, low - 2), min(len(after), high + 2), end - start)
    if near is None or near[0] < _SAME_LINE:
        near = _likest(old, after, 0, len(after), end - start)  # moved to another place
        if near is None or near[0] < KNOWN_AGAIN:
            return None
    return Place(old, (span[0] - offset, span[1] - offset), near[1], near[0])


def _fragment(old: str, span: Span, new_text: str) -> Place | None:
    """The counterpart of words whose page is not known: where a stretch is most like them.

    If they stand anywhere as they were, that is the likest place, and they count as still there.
    """
    found = fuzz.partial_ratio_alignment(old, new_text, score_cutoff=100 * _SAME_LINE)
    if found is None:
        return None
    start, end = found.dest_start, found.dest_end
    if len(new_text) > len(old):  # what was added makes the new stretch longer than the old
        end = min(len(new_text), end + max(4, len(old) // 10))
    return Place(old, span, new_text[start:end], found.score / 100)


def _lines_between(before: Sequence[str], after: Sequence[str], start: int, end: int) -> Span:
    """The new lines that stand between what stayed before and what stayed after [start, end)."""
    steps = Levenshtein.opcodes(
        [fold_text(line) for line in before], [fold_text(line) for line in after]
    )
    low: int | None = None
    high = len(after)
    for step in steps:
        if step.src_end > start and step.src_start < end:
            first, last = step.dest_start, step.dest_end
            if step.tag == "equal":
                first += max(0, start - step.src_start)
                last -= max(0, step.src_end - end)
            low = first if low is None else low
            high = last
    return low or 0, high


def _likest(
    old: str, after: Sequence[str], low: int, high: int, count: int
) -> tuple[float, str] | None:
    """(likeness, lines) of the run of lines beginning in [low, high) that is most like the old."""
    best: tuple[float, str] | None = None
    for start in range(low, high):
        for size in {1, count, count + 1}:
            line = "\n".join(after[start : start + size])
            likeness = Levenshtein.normalized_similarity(
                old, line, score_cutoff=best[0] if best else _LEAST
            )
            if likeness >= _LEAST and (best is None or likeness > best[0]):
                best = (likeness, line)
    return best
