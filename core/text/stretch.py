"""The stretch of a text that shows a place: its sentence, or what is beside it in a long one.

Cut between words, and a cut end shows …. Of two texts it is the same stretch, so that nothing but
what changed differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein, Postfix

from core.text.words import Span, sentence_around, words

ELLIPSIS = "…"
LONGEST = 400
"""Characters of a sentence that is shown whole."""
BESIDE = 160
"""Characters on either side of a place in a longer one."""
_LINE = 4_000  # characters of a line that are read on either side of a place
_WORD = 60  # characters of a word that is left out rather than cut
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_OLD_BESIDE = range(78, 81)  # characters beside a place that earlier versions kept, less the spaces
_TELLING = 8  # letters in a row by which two stretches are known to go on alike


@dataclass(frozen=True, slots=True)
class _Line:
    """The line of a place, the place's span in it, and its sentence's."""

    text: str
    place: Span
    sentence: Span

    @classmethod
    def of(cls, text: str, start: int, end: int) -> _Line:
        low = max(text.rfind("\n", 0, start) + 1, start - _LINE)
        high = text.find("\n", end)
        line = text[low : min(len(text) if high < 0 else high, end + _LINE)]
        place = start - low, end - low
        return cls(line, place, sentence_around(line, *place))

    @property
    def is_short(self) -> bool:
        return self.sentence[1] - self.sentence[0] <= LONGEST

    def told(self, start: int, end: int, cut_before: bool, cut_after: bool) -> str:
        """[start, end) of the line as it is shown."""
        before, after = ELLIPSIS * cut_before, ELLIPSIS * cut_after
        return f"{before}{self.text[start:end].strip()}{after}"

    def near(self) -> str:
        """The sentence, or what is beside the place in a long one."""
        start, end = self.sentence
        if self.is_short:
            return self.told(start, end, False, False)
        cut_before = self.place[0] - start > BESIDE
        cut_after = end - self.place[1] > BESIDE
        if cut_before:
            start = _first_word(self.text, self.place[0] - BESIDE, self.place[0])
        if cut_after:
            end = _last_word(self.text, self.place[1], self.place[1] + BESIDE)
        return self.told(start, end, cut_before, cut_after)


def stretch_at(text: str, start: int, end: int) -> str:
    """The stretch that shows [start, end) of a text."""
    return _Line.of(text, start, end).near()


def stretches_at(old: str, span: Span, new: str, place: int) -> tuple[str, str]:
    """The stretch that shows `span` of an old text, and the same one of the new text.

    `place` is where the words are, or what stands in their stead, in the new text.
    """
    was, stands = _Line.of(old, *span), _Line.of(new, place, place)
    if was.is_short and stands.is_short:
        return was.near(), stands.near()
    return _alike(was, stands) or (was.near(), stands.near())


def head(text: str, most: int) -> str:
    """The beginning of a text, cut after a word."""
    if len(text) <= most:
        return text
    return text[: _last_word(text, 0, most)].rstrip(" .…") + ELLIPSIS  # never four dots


def tail(text: str, most: int) -> str:
    """The end of a text, cut before a word."""
    if len(text) <= most:
        return text
    return ELLIPSIS + text[_first_word(text, len(text) - most, len(text)) :].lstrip(" …")


def mended(before: str, after: str, exact: str) -> tuple[str, str]:
    """Two stretches as they were kept, without the half words at which earlier versions cut them.

    Those kept 80 characters on either side of a place, and of the new text those beside another
    letter of the word. `exact` are the words in question, as they stand in `before`.
    """
    at = _kept_at(before, exact)
    if at is None:
        return before, after
    left, right = before[:at], before[at + len(exact) :]
    ends = len(left) in _OLD_BESIDE, len(right) in _OLD_BESIDE
    if not any(ends) or _is_whole(before, *ends):
        return before, after
    low, low_after = _apart(left, after)
    high, high_after = _apart(right[::-1], after[::-1])
    cut_before = ends[0] or (low == 0) != (low_after == 0)
    cut_after = ends[1] or (high == 0) != (high_after == 0)
    if cut_before:
        before, after = before[low:], after[low_after:]
    if cut_after:
        before, after = before[: len(before) - high], after[: len(after) - high_after]
    return (
        _without_halves(before, cut_before, cut_after),
        _without_halves(after, cut_before, cut_after),
    )


def _alike(was: _Line, stands: _Line) -> tuple[str, str] | None:
    """The same stretch of both lines, from a word that both have to one; None where none is."""
    pairs = [
        (old, new)
        for old, new in _shared(was.text, stands.text)
        if _lies_in(old, was.sentence) and _lies_in(new, stands.sentence)
    ]
    start, end = was.place
    before = [pair for pair in pairs if start - BESIDE <= pair[0][0] and pair[0][1] <= start]
    after = [pair for pair in pairs if end <= pair[0][0] and pair[0][1] <= end + BESIDE]
    lows, cut_before = (was.sentence[0], stands.sentence[0]), False
    if before:
        shared = before[0][0][0], before[0][1][0]
        cut_before = min(lows[0] - start, lows[1] - shared[1]) < -BESIDE
        lows = shared if cut_before else lows
    highs, cut_after = (was.sentence[1], stands.sentence[1]), False
    if after:
        shared = after[-1][0][1], after[-1][1][1]
        cut_after = max(highs[0] - end, highs[1] - shared[1]) > BESIDE
        highs = shared if cut_after else highs
    longest = LONGEST + BESIDE + end - start
    if (
        not lows[1] <= stands.place[0] <= highs[1]
        or max(highs[0] - lows[0], highs[1] - lows[1]) > longest
    ):
        return None
    return (
        was.told(lows[0], highs[0], cut_before, cut_after),
        stands.told(lows[1], highs[1], cut_before, cut_after),
    )


def _shared(old: str, new: str) -> Iterator[tuple[Span, Span]]:
    """The words that both texts have, in order: their span in each."""
    before, after = words(old), words(new)
    steps = Levenshtein.opcodes(
        [old[slice(*span)] for span in before], [new[slice(*span)] for span in after]
    )
    for step in steps:
        if step.tag == "equal":
            yield from zip(
                before[step.src_start : step.src_end],
                after[step.dest_start : step.dest_end],
                strict=True,
            )


def _lies_in(span: Span, other: Span) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _first_word(text: str, low: int, high: int) -> int:
    """Where the first word begins in [low, high]; `low` where that would be far."""
    low = max(0, low)
    starts = (start for start, _ in words(text[max(0, low - _WORD) : high]))
    origin = max(0, low - _WORD)
    found = next((start + origin for start in starts if start + origin >= low), high)
    return found if found - low <= _WORD else low


def _last_word(text: str, low: int, high: int) -> int:
    """Where the last word ends in [low, high]; `high` where that would be far."""
    high = min(len(text), high)
    ends = [end + low for _, end in words(text[low : high + _WORD]) if end + low <= high]
    found = ends[-1] if ends else low
    return found if high - found <= _WORD else high


def _kept_at(text: str, exact: str) -> int | None:
    """Where words stand in a stretch that an earlier version may have cut beside them."""
    places = [
        (min(abs(_OLD_BESIDE[-1] - left), abs(_OLD_BESIDE[-1] - right)), left)
        for left in range(len(text))
        if text.startswith(exact, left)
        and max(left, right := len(text) - left - len(exact)) <= _OLD_BESIDE[-1]
    ]
    return min(places)[1] if exact and places else None


def _apart(beside: str, other: str) -> tuple[int, int]:
    """How much each of two texts has at its beginning before they go on alike.

    `beside` ends at the words in question, which begin somewhere in `other`.
    """
    far = min(len(other), _OLD_BESIDE[-1])
    at = max(range(far + 1), key=lambda end: Postfix.similarity(beside, other[:end]))
    alike = Postfix.similarity(beside, other[:at])
    if alike >= min(_TELLING, len(beside)) and alike in (len(beside), at):
        return len(beside) - alike, at - alike
    for step in Levenshtein.opcodes(beside, other[:far]):
        if step.tag == "equal" and step.src_end - step.src_start >= _TELLING:
            return step.src_start, step.dest_start
    return 0, 0


def _is_whole(text: str, cut_before: bool, cut_after: bool) -> bool:
    """Whether a stretch has the look of a sentence, or its … already, where it may be cut."""
    begins = text[:1] == ELLIPSIS or text[:1].isupper() or not cut_before
    ends = text.rstrip("»”\"’')]").endswith(_ENDS) or not cut_after
    return begins and ends


def _without_halves(text: str, cut_before: bool, cut_after: bool) -> str:
    """A stretch without what may be half a word at a cut end; a cut end shows …."""
    if cut_before:
        starts = [start for start, _ in words(text) if start]
        text = ELLIPSIS + (text[starts[0] :] if starts and starts[0] <= _WORD else text)
    if cut_after:
        ends = [end for _, end in words(text) if end < len(text)]
        keeps = bool(ends) and len(text) - ends[-1] <= _WORD
        text = (text[: ends[-1]] if keeps else text).rstrip(" .…") + ELLIPSIS
    return text
