"""What became of words in the lines that stand there now."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA, Levenshtein, Opcode

from core.text.words import grow_to_words
from core.verdict.facts import Span, Verdict
from core.verdict.places import Place

_BESIDE = 20  # characters on either side of an error in which its sentence is known again
_STAYED = 0.5  # share of them that has to have stayed on each side
_STAYED_IN_ALL = 1.2  # and on both sides together
_SAME_WORD = 0.5  # likeness from which a word is another form of the old one
_WORD = 3  # letters below which a word is too short to be told from its neighbours


def compare(place: Place, as_written: bool = False) -> Verdict:
    """What became of the span in the lines that stand there now.

    Typographic variants of a sign and of white space are the same, unless `as_written`: then they
    are what the case is about.
    """
    before, after = place.old, place.new
    if not as_written:
        before, after = plain(before), plain(after)
    steps = list(Levenshtein.opcodes(before, after))
    changes = [step for step in steps if step.tag != "equal"]
    touching = [
        step
        for step in changes
        if _touches(step, before, after, place.span)
        and (as_written or not _is_other_space(step, before, after))
    ]
    at = _carried(place.span[0], changes)
    shown = (
        around(place.old, place.span),
        around(place.new, (at, at + place.span[1] - place.span[0])),
    )
    if not _stays_around(steps, place.span, len(before)):
        return Verdict("rewritten", "surroundings_changed", *shown)
    if not touching and _is_another_word(before, after, place.span, changes):
        return Verdict("fixed", "another_word", *shown)
    if not touching:
        return Verdict("still_there", "same_words", *shown)
    if all(step.src_start == len(before) for step in touching):
        # a caption's point, a link's arrow, a joined block: text at an end may belong to the page
        return Verdict("unknown", "added_at_end", *shown)
    return Verdict("fixed", "changed_in_place", *shown)


def _is_another_word(before: str, after: str, span: Span, changes: Sequence[Opcode]) -> bool:
    """Whether the word of the span has given way to one that only shares letters with it.

    "мәлеметі" was to be "мәліметі" and is "дерегі": the wrong letter has its like in the new word.
    """
    start, end = grow_to_words(before, *span)
    old = before[start:end]
    new = after[slice(*grow_to_words(after, _carried(start, changes), _carried(end, changes)))]
    if min(len(old), len(new)) < _WORD or old in new:
        return False
    return OSA.normalized_similarity(old.casefold(), new.casefold()) < _SAME_WORD


def _stays_around(steps: Sequence[Opcode], span: Span, length: int) -> bool:
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


def plain(text: str) -> str:
    """The text with typographic variants of signs written one way, letter by letter."""
    return "".join(_SIGNS.get(char, char) for char in text)


_SIGNS = {
    **dict.fromkeys("\u00a0\u2009\u200a\u202f\u2007", " "),
    **dict.fromkeys("«»„“”‟\u2033", '"'),
    **dict.fromkeys("’‘ʼ′`´", "'"),
    **dict.fromkeys("–—−‑‐", "-"),
}


def around(text: str, span: Span) -> str:
    """A stretch of text with a little of what stands beside it."""
    return text[max(0, span[0] - 30) : span[1] + 30]
