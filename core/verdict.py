"""Is it fixed? What a reading of the live page says about one error.

A verdict looks at the place where the error stood, carried over into the text that stands now, and
at nothing else: the same wrong word elsewhere, the right word elsewhere, and a comment that quotes
the error say nothing. Whatever is not plain is `rewritten` or `unknown`, never `fixed`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein, Opcode

from core.text.edits import minimal_edit
from core.text.fold import fold_text
from core.text.urls import is_home, normalise

Status = Literal["fixed", "still_there", "rewritten", "page_gone", "unknown"]
Span = tuple[int, int]

_GONE = (404, 410, 451)
_TELLING = 300  # characters of old text from which the share that is left says anything
_LEFT = 0.16  # share of the old text that has to be left for the page to be the same article
_LEFT_OF_IDEOGRAPHS = 0.32  # more by chance: runs of few signs are alike in all texts
_LEFT_ELSEWHERE = 0.5  # where the address has changed too
_LEAST = 0.25  # likeness below which lines are not compared
_SAME_LINE = 0.45  # likeness from which a changed line may be the old line
_BESIDE = 20  # characters on either side of an error in which its sentence is known again
_STAYED = 0.5  # share of them that has to have stayed on each side
_STAYED_IN_ALL = 1.2  # and on both sides together
_KNOWN_AGAIN = 0.75  # likeness from which a line is known again anywhere
_LIKE_THE_WORDS = 0.5  # likeness from which a correction says which words are to go
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reading says. `reason` is a code; `before`, `after`: the place then and now."""

    status: Status
    reason: str
    before: str | None = None
    after: str | None = None

    @property
    def evidence(self) -> dict[str, str | None]:
        """For the case's page and the API."""
        return {"reason": self.reason, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a page: what was asked for, what came. `text` is its main text."""

    url: str
    final_url: str
    http_status: int
    text: str


def judge(old_text: str, span: Span, reading: Reading, right: str | None = None) -> Verdict:
    """The verdict about the error at `span` of `old_text`, a text that had it.

    `old_text` is the page's main text as it was, or, where none is known, the words with the text
    around them. `right`: what should stand instead of the words at `span`, where that is known:
    it tells which part of them is wrong, and is never a reason by itself to believe in a repair.
    """
    if reading.http_status in _GONE:
        return Verdict("page_gone", "http_status")
    if reading.http_status != 200:
        return Verdict("unknown", "http_status")
    if not reading.text.strip():
        return Verdict("unknown", "no_text")
    words, span = old_text[slice(*span)], _wrong_part(old_text, span, right)
    found = _counterpart(old_text, span, reading.text)
    if (found is None or found.likeness < _KNOWN_AGAIN) and not _same_article(old_text, reading):
        return Verdict("page_gone", "other_text")
    if found is None:
        return Verdict("rewritten", "place_gone", _around(old_text, span))
    verdict = _compare(found)
    if verdict.status == "fixed" and _still_stand(words, right, found):
        return Verdict("unknown", "words_stand", verdict.before, verdict.after)
    return verdict


def _still_stand(words: str, right: str | None, place: _Place) -> bool:
    """Whether the wrong words stand in the new lines as often as in the old ones.

    Something was written beside them, or they were moved: what was to go has not gone. Capitals
    make no other words of them, unless capitals are the correction. A correction that is not like
    the words does not tell what was to go.
    """
    if right is None or not words.strip():
        return False
    if Levenshtein.normalized_similarity(words, right) < _LIKE_THE_WORDS:
        return False
    capitals = words.casefold() == right.casefold()
    wrong, wanted, old, new = (
        " ".join((text if capitals else text.casefold()).split())
        for text in (words, right, place.old, place.new)
    )
    whole = re.compile(rf"(?<!\w){re.escape(wrong)}(?!\w)")
    before = len(whole.findall(old))
    return before > 0 and not whole.search(wanted) and len(whole.findall(new)) >= before


def _same_article(old_text: str, reading: Reading) -> bool:
    """Whether enough of the old text is left; a redirect has to bring more of it along."""
    if len(old_text) < _TELLING:
        return not _left_for_home(reading)
    han = len(_IDEOGRAPHS.findall(old_text)) > len(old_text) * 0.2
    enough = _LEFT_OF_IDEOGRAPHS if han else _LEFT
    if _is_elsewhere(reading):
        enough = max(enough, _LEFT_ELSEWHERE)
    return share_left(old_text, reading.text, 5 if han else 12) >= enough


def _is_elsewhere(reading: Reading) -> bool:
    try:
        return normalise(reading.url) != normalise(reading.final_url)
    except ValueError:
        return False


def _left_for_home(reading: Reading) -> bool:
    return _is_elsewhere(reading) and is_home(normalise(reading.final_url))


def share_left(old_text: str, new_text: str, size: int) -> float:
    """How much of a text is left in another: the share of its runs of `size` letters, 0 … 1."""
    before, after = (fold_text(text).replace(" ", "") for text in (old_text, new_text))
    runs = {before[at : at + size] for at in range(len(before) - size + 1)}
    there = {after[at : at + size] for at in range(len(after) - size + 1)}
    return len(runs & there) / max(1, len(runs))


def _wrong_part(text: str, span: Span, right: str | None) -> Span:
    """The part of the words at `span` that the correction changes; empty for an insertion."""
    edit = minimal_edit(text[span[0] : span[1]], right) if right is not None else None
    return (span[0] + edit.start, span[0] + edit.end) if edit else span


@dataclass(frozen=True, slots=True)
class _Place:
    """The old lines around an error, the error's span in them, and the new lines in their stead."""

    old: str
    span: Span
    new: str
    likeness: float


def _counterpart(old_text: str, span: Span, new_text: str) -> _Place | None:
    if len(old_text) < _TELLING:
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
        if near is None or near[0] < _KNOWN_AGAIN:
            return None
    return _Place(old, (span[0] - offset, span[1] - offset), near[1], near[0])


def _fragment(old: str, span: Span, new_text: str) -> _Place | None:
    """The counterpart of words whose page is not known: where a stretch is most like them.

    If they stand anywhere as they were, that is the likest place, and they count as still there.
    """
    found = fuzz.partial_ratio_alignment(old, new_text, score_cutoff=100 * _SAME_LINE)
    if found is None:
        return None
    start, end = found.dest_start, found.dest_end
    if len(new_text) > len(old):  # what was added makes the new stretch longer than the old
        end = min(len(new_text), end + max(4, len(old) // 10))
    return _Place(old, span, new_text[start:end], found.score / 100)


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


def _compare(place: _Place) -> Verdict:
    """What became of the span in the lines that stand there now."""
    before, after = _plain(place.old), _plain(place.new)
    steps = list(Levenshtein.opcodes(before, after))
    changes = [step for step in steps if step.tag != "equal"]
    touching = [
        step
        for step in changes
        if _touches(step, before, after, place.span) and not _is_other_space(step, before, after)
    ]
    at = _carried(place.span[0], changes)
    shown = (
        _around(place.old, place.span),
        _around(place.new, (at, at + place.span[1] - place.span[0])),
    )
    if not _stayed_around(steps, place.span, len(before)):
        return Verdict("rewritten", "surroundings_changed", *shown)
    if not touching:
        return Verdict("still_there", "same_words", *shown)
    if all(step.src_start == len(before) for step in touching):
        # a caption's point, a link's arrow, a joined block: text at an end may belong to the page
        return Verdict("unknown", "added_at_end", *shown)
    return Verdict("fixed", "changed_in_place", *shown)


def _stayed_around(steps: Sequence[Opcode], span: Span, length: int) -> bool:
    """Whether the text on both sides of the span is the old one, near enough."""
    left = _stayed(steps, max(0, span[0] - _BESIDE), span[0])
    right = _stayed(steps, span[1], min(length, span[1] + _BESIDE))
    return min(left, right) >= _STAYED and left + right >= _STAYED_IN_ALL


def _stayed(steps: Sequence[Opcode], start: int, end: int) -> float:
    """The share of [start, end) that stayed, in runs of three or more; 1 for hardly any text."""
    if end - start < 4:
        return 1.0
    stayed = sum(
        max(0, min(end, step.src_end) - max(start, step.src_start))
        for step in steps
        if step.tag == "equal" and step.src_end - step.src_start >= 3
    )
    return stayed / (end - start)


def _carried(at: int, steps: Sequence[Opcode]) -> int:
    return at + sum(
        (step.dest_end - step.dest_start) - (step.src_end - step.src_start)
        for step in steps
        if step.src_end <= at and step.src_start < at
    )


def _touches(step: Opcode, before: str, after: str, span: Span) -> bool:
    """Whether a change is one of the words at `span`, or fills the gap that an empty span is.

    An insertion or deletion may be told at several places ("the the": which one went?); any of
    them counts. What is written at a word's edge counts only without white space between.
    """
    start, end = step.src_start, step.src_end
    if step.tag == "replace":
        return start <= span[0] <= end if span[0] == span[1] else start < span[1] and end > span[0]
    if step.tag == "delete":
        back, forth = _slide(before, start, end)
        return span[0] < span[1] and start - back < span[1] and end + forth > span[0]
    back, forth = _slide(after, step.dest_start, step.dest_end)
    return start - back <= span[1] + _gap(before, span[1]) and (
        start + forth >= span[0] - _gap(before[::-1], len(before) - span[0])
    )


def _is_other_space(step: Opcode, before: str, after: str) -> bool:
    """Whether a change only makes other white space of white space: a line's end, a wider gap."""
    gone, come = before[step.src_start : step.src_end], after[step.dest_start : step.dest_end]
    if (gone + come).strip():
        return False
    was, stands = (
        text[max(0, start - 1) : end + 1]
        for text, start, end in (
            (before, step.src_start, step.src_end),
            (after, step.dest_start, step.dest_end),
        )
    )
    return any(map(str.isspace, was)) and any(map(str.isspace, stands))


def _gap(text: str, at: int) -> int:
    """The length of the white space that begins at `at`."""
    return len(text[at:]) - len(text[at:].lstrip(" "))


def _slide(text: str, start: int, end: int) -> tuple[int, int]:
    """How far the stretch [start, end) may move back and forth with the text staying the same."""
    back = forth = 0
    while start - back > 0 and text[start - back - 1] == text[end - back - 1]:
        back += 1
    while end + forth < len(text) and text[start + forth] == text[end + forth]:
        forth += 1
    return back, forth


def _plain(text: str) -> str:
    """The text with typographic variants of signs written one way, letter by letter."""
    return "".join(_SIGNS.get(char, char) for char in text)


_SIGNS = {
    **dict.fromkeys("\u00a0\u2009\u200a\u202f\u2007", " "),
    **dict.fromkeys("«»„“”‟\u2033", '"'),
    **dict.fromkeys("’‘ʼ′`´", "'"),
    **dict.fromkeys("–—−‑‐", "-"),
}


def _around(text: str, span: Span) -> str:
    return text[max(0, span[0] - 30) : span[1] + 30]
