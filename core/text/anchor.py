"""Where a quote stands in a text, found again although the text or the quote has changed a little.

Exact with its context, then exact, ranked by how much of the context agrees, then approximate.
White space never counts: a browser, a feed and a server's HTML put lines and gaps elsewhere. The
position is a hint: it breaks ties between places that the context cannot tell apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from core.text.fold import Folded, fold_solid, solid_text

Quality = Literal["context", "exact", "approximate"]
_MANY = 500  # places of a quote that are compared; one letter may stand thousands of times
_REMEMBERED = 128  # texts; about a quarter of a megabyte each for a long article
_SPEAKS = 12  # letters from which a quote is believed against its context
_AGREES = 0.5  # share of the context that has to agree with a shorter one
_EQUAL = 0.02  # differences of agreement that decide nothing
_TOO_SHORT = 5  # letters, context included, below which nothing is looked for approximately
_CLOSE = 70.0  # per cent of likeness below which an approximate place is none
_LONG = 40  # letters of a quote that is looked for as a sentence
_REWRITTEN = 0.82  # likeness below which a sentence has been rewritten
_SEARCHES = 9  # how often a text is searched for other places that are as like
_SLACK = 3  # letters by which the edges of an approximate place are tried out


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place: [start, end) in the original text, in code points.

    `quality`: "context": the quote with all the context that was given, of which there is some;
    "exact": the quote, with part of the context; "approximate": something like the quote.
    `agreement`: the share of the context that agrees, 0 … 1 (1 where none was given).
    `alone`: no other place is as good; otherwise the position, or order, has chosen.
    """

    start: int
    end: int
    quality: Quality
    agreement: float
    alone: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote with its context, folded and without white space, for many searches."""

    exact: str
    before: str
    after: str
    written: str
    gap_before: int
    gap_after: int

    @classmethod
    def of(cls, exact: str, prefix: str = "", suffix: str = "") -> Quote:
        """The quote as it is looked for."""
        return cls(
            solid_text(exact),
            solid_text(prefix),
            solid_text(suffix),
            prefix + exact + suffix,
            _gap(exact),
            _gap(exact[::-1]),
        )


@dataclass(frozen=True, slots=True)
class Searchable:
    """A text made ready for `find`: as it is, and folded without white space."""

    source: str
    solid: Folded


@lru_cache(maxsize=_REMEMBERED)
def searchable(text: str) -> Searchable:
    """A text made ready for `find`. The latest are remembered."""
    return Searchable(text, fold_solid(text))


def anchor(
    text: str, exact: str, prefix: str = "", suffix: str = "", position: int | None = None
) -> Anchor | None:
    """The best place of `exact` in `text`; None where nothing is close enough.

    `position` is a code point offset where the quote should begin, only roughly right.
    """
    return find(searchable(text), Quote.of(exact, prefix, suffix), position)


def find(text: Searchable, quote: Quote, position: int | None = None) -> Anchor | None:
    """As `anchor`, for a text and a quote that were made ready."""
    solid = text.solid
    hint = None if position is None else solid.span_of_source(position, position)[0]
    places = _exactly(solid.text, quote) or _roughly(solid.text, quote)
    if not places:
        return None
    best = _chosen(text, quote, places, hint)
    start, end = solid.span_in_source(best.start, best.end)
    if best.start == best.end and 0 < best.start < len(solid.text):
        start, end = solid.ends[best.start - 1], solid.starts[best.start]  # a gap between letters
    elif best.start < best.end:
        start, end = _with_gaps(text.source, start, end, quote)
    return Anchor(start, end, best.quality, best.agreement, len(places) == 1)


def _with_gaps(source: str, start: int, end: int, quote: Quote) -> tuple[int, int]:
    """The place with the white space at its edges, where the quote begins or ends with some."""
    before = source[max(0, start - quote.gap_before) : start]
    after = source[end : end + quote.gap_after]
    return start - _gap(before[::-1]), end + _gap(after)


def _gap(text: str) -> int:
    """The length of the white space that `text` begins with."""
    return len(text) - len(text.lstrip())


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in offsets of the solid text."""

    start: int
    end: int
    quality: Quality
    agreement: float


def _chosen(text: Searchable, quote: Quote, places: list[_Place], hint: int | None) -> _Place:
    """Of equally good places the one that is also written alike, then the one at the position."""
    if len(places) == 1:
        return places[0]
    written = quote.written
    alike = [
        Levenshtein.normalized_similarity(written, _around(text, quote, place)) for place in places
    ]
    top = max(alike)
    best = [place for place, likeness in zip(places, alike, strict=True) if likeness == top]
    return best[0] if hint is None else min(best, key=lambda place: abs(place.start - hint))


def _around(text: Searchable, quote: Quote, place: _Place) -> str:
    """How the source writes a place with as much around it as the quote has."""
    first = max(0, place.start - len(quote.before))
    last = min(len(text.solid.text), place.end + len(quote.after))
    start, end = text.solid.span_in_source(first, last)
    return text.source[start:end]


def _exactly(text: str, quote: Quote) -> list[_Place]:
    """The places of the quote itself that are equally good by their context."""
    shift, size = len(quote.before), len(quote.exact)
    if quote.before or quote.after:
        whole = _places(text, quote.before + quote.exact + quote.after)
        if whole:
            return [_Place(at + shift, at + shift + size, "context", 1.0) for at in whole]
    if not quote.exact:
        return []
    scored = [(_agreement(text, at, at + size, quote), at) for at in _places(text, quote.exact)]
    top = max(scored, default=(0.0, 0))[0]
    if not scored or (size < _SPEAKS and top < _AGREES):
        return []  # a short quote is somewhere else if its surroundings are
    return [
        _Place(at, at + size, "exact", agreement)
        for agreement, at in scored
        if agreement >= top - _EQUAL
    ]


def _places(text: str, needle: str) -> list[int]:
    found: list[int] = []
    at = text.find(needle)
    while at >= 0 and len(found) < _MANY:
        found.append(at)
        at = text.find(needle, at + 1)
    return found


def _agreement(text: str, start: int, end: int, quote: Quote) -> float:
    """The share of the context that agrees at a place, the better side counting more.

    Where the text ends there is nothing that could disagree.
    """
    left = text[max(0, start - len(quote.before) * 3 // 2) : start]
    right = text[end : end + len(quote.after) * 3 // 2]
    sides = [
        fuzz.partial_ratio(known, there) / 100
        for known, there in ((quote.before, left), (quote.after, right))
        if known and there
    ]
    return (2 * max(sides) + sum(sides)) / (2 + len(sides)) if sides else 1.0


def _roughly(text: str, quote: Quote) -> list[_Place]:
    """The places that are only like the quote, in its context, and about as good as the best."""
    window = quote.before + quote.exact + quote.after
    if len(window) < _TOO_SHORT or not text:
        return []
    tried = (_edges(text, quote, window, *stretch) for stretch in _alike(text, window))
    found = [place for place in tried if place is not None]
    top = max((place.agreement for place in found), default=0.0)
    return [place for place in found if place.agreement >= top - _EQUAL]


def _alike(text: str, window: str) -> Iterator[tuple[int, int]]:
    """Stretches of the text that are about as like the window as the likest one."""
    least = _CLOSE
    segments = [(0, len(text))]
    for _ in range(_SEARCHES):
        if not segments:
            return
        start, end = segments.pop(0)
        found = fuzz.partial_ratio_alignment(window, text[start:end], score_cutoff=least)
        if found is None or end - start < len(window) // 2:
            continue
        least = max(least, found.score - 100 * _EQUAL)
        first, last = start + found.dest_start, start + found.dest_end
        yield first, last
        segments += [(start, first), (last, end)]


def _edges(text: str, quote: Quote, window: str, first: int, last: int) -> _Place | None:
    """Where the quote begins and ends in a stretch like its window; None if it was rewritten."""
    there = text[first:last]
    start = first + _carried(window, there, len(quote.before))
    end = first + _carried(window, there, len(quote.before) + len(quote.exact))
    tried = [
        (
            Levenshtein.distance(quote.exact, text[begin:stop]),
            abs(stop - begin - len(quote.exact)),
            begin,
            stop,
        )
        for begin in range(max(0, start - _SLACK), start + _SLACK + 1)
        for stop in range(max(begin, end - _SLACK), min(len(text), end + _SLACK) + 1)
    ]
    wrong, _, begin, stop = min(tried)
    likeness = 1 - wrong / max(1, stop - begin, len(quote.exact))
    if len(quote.exact) >= _LONG and likeness < _REWRITTEN:
        return None
    agreement = likeness * _agreement(text, begin, stop, quote)
    return _Place(begin, stop, "approximate", agreement)


def _carried(old: str, new: str, at: int) -> int:
    """Where the offset `at` of `old` is in `new`, by the alignment of the two."""
    for step in Levenshtein.opcodes(old, new):
        if at < step.src_end or (at == step.src_end == len(old)):
            return min(step.dest_start + at - step.src_start, step.dest_end)
    return len(new)
