"""What a suggestion changes: the minimal edit, also when readers write more than the right text.

Readers answer "what should stand instead" in many ways: the whole quote again, only the right
word, "надо: …", "wrong → right", in quotation marks, with a full stop of their own. The edit is
looked for in the quote with its surroundings, because a reader who marked half a word writes the
whole one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA, Levenshtein

from core.text.fold import Folded, fold
from core.text.saying import Reading, readings
from core.text.words import words

_CLOSE_ENOUGH = 0.5  # a replacement keeps at least half of what it replaces
_CLOSE_IN_A_SENTENCE = 0.6  # more, where it is looked for among many words
_SURE = 0.75
_TELLING = 3  # letters below which a suggestion does not tell its place in a sentence
_TOO_CLOSE = 0.1


_Scored = tuple[float, int, int]  # likeness, start, end


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace [start, end) of a text by `right`. An insertion has start == end. Code points.

    `single`: one place changes; otherwise there are untouched words between the first and last.
    """

    start: int
    end: int
    right: str
    single: bool = True


def minimal_edit(old: str, new: str) -> Edit | None:
    """The one edit that turns `old` into `new`, as narrow as can be; None where nothing changes."""
    if old == new:
        return None
    head = _common_prefix(old, new)
    tail = _common_prefix(old[head:][::-1], new[head:][::-1])
    return Edit(head, len(old) - tail, new[head : len(new) - tail])


def edit_of(quote: str, suggestion: str, prefix: str = "", suffix: str = "") -> Edit | None:
    """The minimal edit that a suggestion makes to a quote; None where it proposes none that fits.

    `prefix` and `suffix` are the text around the quote. The offsets of the edit count from the
    beginning of the quote, so an edit that begins before it has a negative start; but it always
    touches the quote: a reader who means another word marks another word.

    Texts are compared folded, so that a reader's straight quotation marks are no edit; where
    nothing but such things differs, they are the edit.
    """
    source = prefix + quote + suffix
    text = fold(source)
    first, last = text.span_of_source(len(prefix), len(prefix) + len(quote))
    while first < last and text.text[first] == " ":
        first += 1
    while last > first and text.text[last - 1] == " ":
        last -= 1
    marked = text.span_in_source(first, last)

    def as_written(start: int, end: int) -> str:
        return source[slice(*text.span_in_source(start, end))]

    for reading in readings(suggestion, quote):
        target = fold(reading.right)
        for place in _places_of(text.text, first, last, target.text, reading, as_written):
            edit = _edit_at(text, place, source, target, reading.right)
            if edit is None:
                return None  # the words stand there already: they only point
            if _touches(edit, *marked):
                single = _is_single(source[edit.start : edit.end], edit.right)
                return Edit(edit.start - len(prefix), edit.end - len(prefix), edit.right, single)
    return None


def pointed_at(quote: str, suggestion: str) -> tuple[int, int] | None:
    """The words of the quote that a suggestion only repeats ("look at these"), else None.

    Offsets count from the beginning of the quote. Words that stand there twice point nowhere.
    """
    text = fold(quote)
    for reading in readings(suggestion, quote):
        target = fold(reading.right).text.strip()
        found = [
            match.span() for match in re.finditer(rf"(?<!\w){re.escape(target)}(?!\w)", text.text)
        ]
        if len(found) == 1 and len(target) < len(text.text.strip()):
            return text.span_in_source(*found[0])
    return None


_Written = Callable[[int, int], str]  # a folded stretch as it stands in the source


def _places_of(
    text: str, first: int, last: int, target: str, reading: Reading, as_written: _Written
) -> list[tuple[int, int]]:
    """As `_places`; but where the reader says what is wrong, and it stands once, it is there."""
    named = fold(reading.wrong).text.strip() if reading.wrong else ""
    if named and text.count(named, first, last) == 1:
        at = text.index(named, first, last)
        return [(at, at + len(named))]
    scored = _places(text, first, last, target)
    return [(start, end) for _, start, end in _decided(scored, reading.right, as_written)]


def _decided(scored: list[_Scored], right: str, as_written: _Written) -> list[_Scored]:
    """The places, less what is no better than chance; capitals decide between "Wir" and "wir"."""
    rivals = _rivals(scored)
    if not rivals or scored[0][0] >= _SURE:
        return scored
    written = sorted(
        (
            (OSA.normalized_similarity(as_written(start, end), right), likeness, start, end)
            for likeness, start, end in [scored[0], *rivals]
        ),
        reverse=True,
    )
    if written[0][0] - written[1][0] < _TOO_CLOSE:
        return []
    return [written[0][1:], *scored]


def _rivals(scored: list[_Scored]) -> list[_Scored]:
    """Other places that are about as likely as the first."""
    return [
        place
        for place in scored[1:]
        if (place[1] >= scored[0][2] or place[2] <= scored[0][1])
        and place[0] > scored[0][0] - _TOO_CLOSE
    ]


def _is_single(old: str, new: str) -> bool:
    """Whether no whole word stays between the first and the last change of an edit."""
    before, after = _words_of(old), _words_of(new)
    return not any(step.tag == "equal" for step in Levenshtein.opcodes(before[1:-1], after[1:-1]))


def _words_of(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text)]


def _touches(edit: Edit, start: int, end: int) -> bool:
    return edit.start <= end and edit.end >= start


def _edit_at(
    text: Folded, place: tuple[int, int], source: str, target: Folded, reading: str
) -> Edit | None:
    """The edit, in offsets of the source, when `target` stands for the folded stretch `place`."""
    folded = minimal_edit(text.text[place[0] : place[1]], target.text)
    start, end = text.span_in_source(*place)
    if folded is None:
        raw = minimal_edit(source[start:end], reading)
        return raw and Edit(start + raw.start, start + raw.end, raw.right)
    if reading.isupper() and not source[start:end].isupper():
        reading = _spoken(reading, like=source[start:end])
    begin, stop = text.span_in_source(place[0] + folded.start, place[0] + folded.end)
    right = target.span_in_source(folded.start, folded.start + len(folded.right))
    return Edit(begin, stop, reading[slice(*right)])


def _spoken(shouted: str, like: str) -> str:
    """Words written in capitals for emphasis, in small letters; the first as in `like`."""
    small = shouted.lower()
    if len(small) != len(shouted) or not like[:1].isupper():
        return small if len(small) == len(shouted) else shouted
    return shouted[:1] + small[1:]


def _places(text: str, first: int, last: int, target: str) -> list[_Scored]:
    """The stretches that `target` may be to stand for, the likeliest first.

    The whole selection [first, last), or a run of whole words that meets it.
    """
    target = target.strip()
    if not target:
        return []
    selected = text[first:last]
    spans, count = words(text), max(1, len(words(target)))
    within = sum(start < max(last, first + 1) and end > first for start, end in spans)
    if target == selected or _is_a_rest(target, selected):
        return [(1.0, first, last)]
    if within > 3 * count and len(target) < _TELLING:
        return []
    enough = _CLOSE_ENOUGH if within <= 2 * count else _CLOSE_IN_A_SENTENCE
    scored: list[tuple[float, int, int]] = []
    whole = OSA.normalized_similarity(selected, target)
    if whole >= enough or within <= 1 == count:
        scored.append((max(whole, enough) + 0.001, first, last))
    standing = False
    for start, end in _stretches(spans, first, last, count):
        likeness = OSA.normalized_similarity(text[start:end], target, score_cutoff=enough)
        if likeness == 1:  # the words stand there already, but for case and the like
            standing, likeness = True, _SURE
        if likeness >= enough:
            scored.append((likeness, start, end))
    scored.sort(key=lambda place: -place[0])
    if within > 2 and standing and scored and scored[0][0] < _SURE:
        return []
    return scored


def _is_a_rest(target: str, selected: str) -> bool:
    """Whether `target` is what remains when words at one end of the selection go."""
    return 3 * len(target) >= len(selected) > len(target) and (
        selected.startswith(target) or selected.endswith(target)
    )


def _stretches(
    spans: Sequence[tuple[int, int]], first: int, last: int, count: int
) -> Iterator[tuple[int, int]]:
    """Runs of about `count` whole words that overlap [first, last)."""
    low = next((i for i, span in enumerate(spans) if span[1] > first), len(spans))
    high = next((i for i, span in enumerate(spans) if span[0] >= max(last, first + 1)), len(spans))
    for size in (count, count + 1, count - 1):
        if size < 1:
            continue
        for index in range(max(0, low - size + 1), min(high, len(spans) - size + 1)):
            yield spans[index][0], spans[index + size - 1][1]


def _common_prefix(one: Sequence[str], other: Sequence[str]) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
