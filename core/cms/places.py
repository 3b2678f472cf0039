"""Where in a source the letters of a quote stand, and what an edit of the quote is there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from core.cms.markup import Unit, escaped, units, without
from core.cms.retyping import Edit
from core.cms.streams import Quote, Stream, is_invisible

NOWHERE = 3
_SPEAKS = 12  # letters from which a quote is believed for itself
_AGREES = 8  # letters of context that make a short one believed


class Source:
    """A source ready to be looked through."""

    def __init__(self, text: str, shortcodes: bool) -> None:
        self.text = text
        self.shortcodes = shortcodes
        self.units = units(text, shortcodes=shortcodes)
        self.stream = Stream.of("" if unit.is_break else unit.text for unit in self.units)

    @cached_property
    def skeleton(self) -> str:
        return without(self.text, self.units)

    def places(self, quote: Quote) -> list[Place]:
        """Where the quote's words stand in its context, the best first."""
        found = [Place(self, quote, at) for at in self._candidates(quote)]
        believed = [place for place in found if place.rank < NOWHERE]
        return sorted(believed, key=lambda place: place.rank)

    def gap(self, letter: int) -> list[Unit]:
        """The units between a letter and the one before it: none of them is read as a letter."""
        stream = self.stream
        start = stream.last[letter - 1] + 1 if letter > 0 else 0
        end = stream.first[letter] if letter < len(stream.text) else len(self.units)
        return self.units[start:end]

    def _candidates(self, quote: Quote) -> Iterator[int]:
        # A gap between letters has no letters of its own: it is found by those around it.
        needle = quote.letters or quote.stream.text
        shift = 0 if quote.letters else quote.start
        at = self.stream.text.find(needle) if needle else -1
        while at >= 0:
            yield at + shift
            at = self.stream.text.find(needle, at + 1)


@dataclass(frozen=True)
class Place:
    """One place in a source where the letters of a quote stand."""

    source: Source
    quote: Quote
    start: int

    @cached_property
    def end(self) -> int:
        return self.start + len(self.quote.letters)

    @cached_property
    def rank(self) -> int:
        """How far the surroundings agree: 0 wholly, 1 up to the edges of a paragraph, 2 wholly on
        one side, 3 too little to be believed."""
        if not (self._is_whole() and self._is_spaced()):
            return NOWHERE
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
        return 2 if one_side else NOWHERE

    @property
    def opens(self) -> bool:
        """Whether a paragraph begins with these words."""
        return self._breaks(self.start)

    def stream_with(self, right: str) -> str:
        """The letters of the source if other words stood here."""
        text = self.source.stream.text
        return Stream.of([text[: self.start], *right, text[self.end :]]).text

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
    for one, other in pairwise(gone):
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
