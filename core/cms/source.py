"""A case's words found in HTML source, and put right without touching anything else.

Exactly one place or nothing: a correction in the wrong sentence is worse than none. What a browser
shows differs from what the editor's field holds, so letters are compared and the rest is not:
tags may stand anywhere, entities stand for their characters, white space is white space, marks
that nobody sees do not count, and a typographic sign is the plain one that it was made from.
Letters that only look alike are different letters: they are what many cases are about.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from core.cms.markup import Unit, escaped, shortcode_spans, skeleton, units
from core.cms.retyping import Edit, retyped

_SPEAKS = 12  # letters from which a quote is believed for itself
_AGREES = 8  # letters of context that make a short one believed
_DASHES = "-‐‑‒–—―−"
_SIGNS = {
    **dict.fromkeys('"«»„“”‟″', '"'),
    **dict.fromkeys("'`´ʹʻʼ‘’‚‛′", "'"),
    **dict.fromkeys(_DASHES, "-"),
    "…": "...",
}
Edits = tuple[Edit, ...]


class Miss(StrEnum):
    """Why nothing can be corrected."""

    ALREADY_RIGHT = "already_right"
    NOT_FOUND = "not_found"
    SEVERAL = "several"  # more than one place fits
    CONTEXT_CHANGED = "context_changed"  # the words are there, in other surroundings
    MARKUP = "markup"  # the correction would have to change tags
    NO_SUGGESTION = "no_suggestion"


@dataclass(frozen=True, slots=True)
class Words:
    """What is wrong, the text around it as the page shows it, and what should stand instead."""

    exact: str
    prefix: str
    suffix: str
    right: str | None

    def reversed(self) -> Words:
        """The same the other way round: to take a correction back."""
        return Words(self.right or "", self.prefix, self.suffix, self.exact)


@dataclass(frozen=True, slots=True)
class Correction:
    """What has to change in a source. `edits` are in order and do not overlap."""

    source: str
    edits: Edits

    @property
    def corrected(self) -> str:
        """The source as it should be."""
        return apply_edits(self.source, self.edits)

    @property
    def inverse(self) -> Edits:
        """The edits that make the source of the corrected one again."""
        undone, shift = [], 0
        for edit in self.edits:
            start = edit.start + shift
            undone.append(Edit(start, start + len(edit.text), self.source[edit.start : edit.end]))
            shift += len(edit.text) - (edit.end - edit.start)
        return tuple(undone)


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """The source with edits made."""
    parts, at = [], 0
    for edit in edits:
        parts += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join(parts) + source[at:]


def correct(source: str, words: Words, *, shortcodes: bool = False) -> Correction | Miss:
    """How to put a case's words right in a source, or why that cannot be done.

    With `shortcodes`, what looks like one of WordPress's is not text; if the words are not found
    so, brackets that are text after all (`[sic]`) are looked at, but nothing inside them.
    """
    if words.right is None:
        return Miss.NO_SUGGESTION
    found = _correct(_Source(source, shortcodes), words, words.right)
    if found is Miss.NOT_FOUND and shortcodes:
        plain = _correct(_Source(source, shortcodes=False), words, words.right)
        if isinstance(plain, Correction) and not _in_shortcode(source, plain.edits, words):
            return plain
    return found


def _correct(source: _Source, words: Words, right: str) -> Correction | Miss:
    wrong = source.places(_Quote(words.prefix, words.exact, words.suffix))
    fixed = source.places(_Quote(words.prefix, right, words.suffix))
    if fixed and (not wrong or fixed[0].rank < wrong[0].rank):
        return Miss.ALREADY_RIGHT
    if not wrong:
        exact = _letters(words.exact)
        return Miss.CONTEXT_CHANGED if exact and exact in source.stream.text else Miss.NOT_FOUND
    best = [place for place in wrong if place.rank == 0] or wrong
    if len(best) > 1:
        return Miss.SEVERAL
    return _rewritten(source, best[0], words.exact, right)


def _rewritten(source: _Source, place: _Place, exact: str, right: str) -> Correction | Miss:
    """The edits at a place, believed only if they do what they should and nothing else."""
    edits: list[Edit] = []
    for wanted in retyped(exact, right):
        made = place.edits(wanted, source.shortcodes)
        if made is None:
            return Miss.MARKUP
        edits += made
    correction = Correction(source.text, tuple(sorted(edits, key=lambda edit: edit.start)))
    after = _Source(correction.corrected, source.shortcodes)
    if skeleton(after.text, shortcodes=after.shortcodes) != source.skeleton:
        return Miss.MARKUP
    if not edits or after.stream.text != place.stream_with(right):
        return Miss.MARKUP
    return correction


def _in_shortcode(source: str, edits: Edits, words: Words) -> bool:
    """Whether edits fall into what looks like a shortcode and was not read as text on the page."""
    read = words.prefix + words.exact + words.suffix
    return any(
        start <= edit.start < end and source[start:end] not in read
        for start, end in shortcode_spans(source)
        for edit in edits
    )


@dataclass(frozen=True)
class _Stream:
    """The letters of a text as they are compared, and which units [first, last] each came from."""

    text: str
    first: Sequence[int]
    last: Sequence[int]

    @classmethod
    def of(cls, texts: Iterable[str]) -> _Stream:
        letters: list[str] = []
        first: list[int] = []
        last: list[int] = []
        for index, text in enumerate(texts):
            for letter in _letters(text):
                if letter == "-" and letters[-1:] == ["-"] and last[-1] == index - 1:
                    last[-1] = index  # `--` is how a dash is typed
                    continue
                letters.append(letter)
                first.append(index)
                last.append(index)
        return cls("".join(letters), first, last)

    def before(self, index: int) -> int:
        """How many letters come before the unit with that index."""
        return bisect_left(self.first, index)


def _letters(text: str) -> str:
    """What of a text is compared."""
    plain = "".join(_SIGNS.get(char, char) for char in text)
    kept = [char for char in plain if not char.isspace() and not is_invisible(char)]
    return unicodedata.normalize("NFD", "".join(kept))


def is_invisible(char: str) -> bool:
    """Soft hyphens, zero-width characters, marks of direction."""
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or char == "\u034f"


class _Quote:
    """Words in their context, ready to be looked for."""

    def __init__(self, prefix: str, exact: str, suffix: str) -> None:
        self.text = prefix + exact + suffix
        self.offset = len(prefix)
        self.stream = _Stream.of(self.text)
        self.start = self.stream.before(len(prefix))
        self.end = self.stream.before(len(prefix) + len(exact))
        self.letters = self.stream.text[self.start : self.end]

    def gap(self, letter: int) -> str:
        """What stands between a letter and the one before it."""
        stream = self.stream
        start = stream.last[letter - 1] + 1 if letter > 0 else 0
        end = stream.first[letter] if letter < len(stream.text) else len(self.text)
        return self.text[start:end]

    def around(self, index: int) -> tuple[str, str]:
        """The characters on both sides of a place."""
        return self.text[max(0, index - 1) : index], self.text[index : index + 1]


class _Source:
    """A source ready to be looked through."""

    def __init__(self, text: str, shortcodes: bool) -> None:
        self.text = text
        self.shortcodes = shortcodes
        self.units = units(text, shortcodes=shortcodes)
        self.stream = _Stream.of("" if unit.is_break else unit.text for unit in self.units)

    @cached_property
    def skeleton(self) -> str:
        return skeleton(self.text, shortcodes=self.shortcodes)

    def places(self, quote: _Quote) -> list[_Place]:
        """Where the quote's words stand in its context, the best first."""
        found = [_Place(self, quote, at) for at in self._candidates(quote)]
        believed = [place for place in found if place.rank < _Place.NOWHERE]
        return sorted(believed, key=lambda place: place.rank)

    def gap(self, letter: int) -> list[Unit]:
        """The units between a letter and the one before it: none of them is read as a letter."""
        stream = self.stream
        start = stream.last[letter - 1] + 1 if letter > 0 else 0
        end = stream.first[letter] if letter < len(stream.text) else len(self.units)
        return self.units[start:end]

    def _candidates(self, quote: _Quote) -> Iterator[int]:
        # A gap between letters has no letters of its own: it is found by those around it.
        needle = quote.letters or quote.stream.text
        shift = 0 if quote.letters else quote.start
        at = self.stream.text.find(needle) if needle else -1
        while at >= 0:
            yield at + shift
            at = self.stream.text.find(needle, at + 1)


@dataclass(frozen=True)
class _Place:
    """One place in a source where the letters of a quote stand."""

    source: _Source
    quote: _Quote
    start: int
    NOWHERE: int = field(default=3, init=False, repr=False)

    @cached_property
    def end(self) -> int:
        return self.start + len(self.quote.letters)

    @cached_property
    def rank(self) -> int:
        """How far the surroundings agree: 0 wholly, 1 up to the edges of a paragraph, 2 wholly on
        one side, 3 too little to be believed."""
        if not (self._is_whole() and self._is_spaced()):
            return self.NOWHERE
        left, right = self._agreed()
        quote = self.quote
        fulls = left == quote.start, right == len(quote.stream.text) - quote.end
        if all(fulls):
            return 0
        edges = self._breaks(self.start - left), self._breaks(self.end + right)
        context = len(quote.stream.text) - len(quote.letters)
        speaks = left + right >= min(_AGREES, context) or len(quote.letters) >= _SPEAKS
        if speaks and all(full or edge for full, edge in zip(fulls, edges, strict=True)):
            return 1
        one_side = (fulls[0] and left >= _AGREES) or (fulls[1] and right >= _AGREES)
        return 2 if one_side else self.NOWHERE

    def stream_with(self, right: str) -> str:
        """The letters of the source if other words stood here."""
        text = self.source.stream.text
        return _Stream.of([text[: self.start], *right, text[self.end :]]).text

    def edits(self, wanted: Edit, shortcodes: bool) -> list[Edit] | None:
        """An edit of the quote's words as edits of the source; None where tags are in the way."""
        text = escaped(wanted.text, shortcodes=shortcodes)
        if wanted.start == wanted.end:
            at = self._insertion(wanted.start, wanted.text)
            return [Edit(at, at, text)]
        gone = self._units(wanted)
        if gone is None:
            return None
        runs = _runs([self.source.units[index] for index in gone])
        return [Edit(*run, text if number == 0 else "") for number, run in enumerate(runs)]

    def _is_whole(self) -> bool:
        """Whether no character is cut in two at the edges."""
        stream = self.source.stream
        for edge in (self.start, self.end):
            if 0 < edge < len(stream.text) and (
                stream.last[edge - 1] >= stream.first[edge]
                or unicodedata.combining(stream.text[edge])
            ):
                return False
        return True

    def _is_spaced(self) -> bool:
        """Whether white space stands between the same letters.

        At the edge of a paragraph there may be some or none. Where the quote has no context on a
        side, a word must end there.
        """
        quote = self.quote
        for letter in range(quote.start, quote.end + 1):
            gap = self.source.gap(self.start + letter - quote.start)
            if any(unit.is_break for unit in gap):
                continue
            spaced = any(unit.text.isspace() for unit in gap)
            if 0 < letter < len(quote.stream.text):
                if spaced != any(char.isspace() for char in quote.gap(letter)):
                    return False
            elif not spaced and self._cuts_word(self.start + letter - quote.start):
                return False
        return True

    def _cuts_word(self, letter: int) -> bool:
        pair = self.source.stream.text[max(0, letter - 1) : letter + 1]
        return letter > 0 and len(pair) == 2 and pair.isalnum()

    def _agreed(self) -> tuple[int, int]:
        """How many letters of the context agree, from the words outwards."""
        ours, theirs = self.quote.stream.text, self.source.stream.text
        left = _common(reversed(ours[: self.quote.start]), reversed(theirs[: self.start]))
        return left, _common(ours[self.quote.end :], theirs[self.end :])

    def _breaks(self, letter: int) -> bool:
        """Whether a paragraph, or the source, begins or ends before that letter."""
        if letter in (0, len(self.source.stream.text)):
            return True
        return any(unit.is_break for unit in self.source.gap(letter))

    def _units(self, wanted: Edit) -> list[int] | None:
        """Which units of the source an edit takes away; None if it takes what markup makes."""
        gone: set[int] = set()
        for index in range(wanted.start + self.quote.offset, wanted.end + self.quote.offset):
            units = self._units_of(index)
            if units is None:
                return None
            gone |= units
        return _with_invisible(self.source.units, sorted(gone))

    def _units_of(self, index: int) -> set[int] | None:
        """The units of the source for one character of the quote."""
        quote, stream = self.quote, self.source.stream
        letter = quote.stream.before(index)
        there = letter + self.start - quote.start
        char = quote.text[index]
        if not char.isspace() and not is_invisible(char):
            last = letter
            while last < len(quote.stream.text) and quote.stream.first[last] == index:
                last += 1
            spans = range(there, there + max(1, last - letter))
            return {n for at in spans for n in range(stream.first[at], stream.last[at] + 1)}
        start = stream.last[there - 1] + 1 if there > 0 else 0
        gap = list(enumerate(self.source.gap(there), start))
        if char.isspace():
            return {n for n, unit in gap if unit.text.isspace() and not unit.is_break} or None
        return {n for n, unit in gap if unit.text == char}

    def _insertion(self, index: int, text: str) -> int:
        """Where in the source text goes that comes between two characters of the quote.

        Letters go to the word that they belong to, on its side of the tags; all else to the
        outside of them.
        """
        at = index + self.quote.offset
        there = self.quote.stream.before(at) + self.start - self.quote.start
        gap, stream, all_units = self.source.gap(there), self.source.stream, self.source.units
        left = all_units[stream.last[there - 1]].end if there > 0 else None
        right = all_units[stream.first[there]].start if there < len(stream.text) else None
        spaces = [unit for unit in gap if unit.text.isspace() and not unit.is_break]
        before, after = self.quote.around(at)
        if left is not None and before.isalnum() and text[0].isalnum():
            return left
        if right is not None and after.isalnum():
            if text[-1].isalnum() and not before.isalnum():
                return right
            if not before.isalnum():
                return spaces[-1].end if spaces else right
        if left is not None:
            return spaces[0].start if spaces else left
        return right if right is not None else 0


def _common(ours: Iterable[str], theirs: Iterable[str]) -> int:
    count = 0
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            break
        count += 1
    return count


def _with_invisible(all_units: Sequence[Unit], gone: list[int]) -> list[int]:
    """What goes, with the marks that nobody sees between two letters that go."""
    kept = list(gone)
    for one, other in zip(gone, gone[1:], strict=False):
        between = range(one + 1, other)
        if between and all(is_invisible(all_units[n].text[0]) for n in between):
            kept += between
    return sorted(kept)


def _runs(gone: Iterable[Unit]) -> list[tuple[int, int]]:
    """Neighbouring units as one stretch of the source."""
    runs: list[tuple[int, int]] = []
    for unit in gone:
        if runs and runs[-1][1] == unit.start:
            runs[-1] = runs[-1][0], unit.end
        else:
            runs.append((unit.start, unit.end))
    return runs
