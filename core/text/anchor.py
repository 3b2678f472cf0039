"""Where a quote stands in a text, found again although the text or the quote has changed a little.

Exact with its context, then exact, ranked by how much of the context agrees, then approximate.
White space never counts: a browser, a feed and a server's HTML put lines and gaps elsewhere. The
position is a hint: it breaks ties between places that the context cannot tell apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from core.text.fold import Folded, fold, fold_solid

Quality = Literal["context", "exact", "approximate"]
_MANY = 500  # places of a quote that are compared; one letter may stand thousands of times
_CLOSE = 70.0  # per cent of likeness below which an approximate place is none
_REMEMBERED = 128  # texts; about a quarter of a megabyte each for a long article
_SPEAKS = 12  # letters from which a quote or an agreeing context is believed for itself


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

    @classmethod
    def of(cls, exact: str, prefix: str = "", suffix: str = "") -> Quote:
        """The quote as it is looked for."""
        folded = fold(f"{prefix}\n{exact}\n{suffix}")
        start, end = folded.span_of_source(len(prefix) + 1, len(prefix) + 1 + len(exact))
        before, inner, after = folded.text[:start], folded.text[start:end], folded.text[end:]
        return cls(inner.replace(" ", ""), before.replace(" ", ""), after.replace(" ", ""))


@lru_cache(maxsize=_REMEMBERED)
def searchable(text: str) -> Folded:
    """A text made ready for `find`: folded, without white space. The latest are remembered."""
    return fold_solid(text)


def anchor(
    text: str, exact: str, prefix: str = "", suffix: str = "", position: int | None = None
) -> Anchor | None:
    """The best place of `exact` in `text`; None where nothing is close enough.

    `position` is a code point offset where the quote should begin, only roughly right.
    """
    return find(searchable(text), Quote.of(exact, prefix, suffix), position)


def find(text: Folded, quote: Quote, position: int | None = None) -> Anchor | None:
    """As `anchor`, for a text and a quote that were made ready."""
    hint = None if position is None else text.span_of_source(position, position)[0]
    found = _exactly(text.text, quote, hint) or _roughly(text.text, quote)
    if found is None:
        return None
    start, end = text.span_in_source(found.start, found.end)
    if found.start == found.end and 0 < found.start < len(text.text):
        start, end = text.ends[found.start - 1], text.starts[found.start]  # a gap between letters
    return Anchor(start, end, found.quality, found.agreement, found.alone)


def _exactly(text: str, quote: Quote, hint: int | None) -> Anchor | None:
    """The place of the quote itself, in offsets of the folded text."""
    shift, size = len(quote.before), len(quote.exact)
    if quote.before or quote.after:
        whole = _places(text, quote.before + quote.exact + quote.after)
        if whole:
            start = _nearest(whole, hint, shift) + shift
            return Anchor(start, start + size, "context", 1.0, len(whole) == 1)
    if not quote.exact:
        return None
    places = _places(text, quote.exact)
    if not places:
        return None
    scored = [(_agreement(text, place, quote), place) for place in places]
    top = max(scored)[0]
    equals = [place for score, place in scored if score >= top - 0.02]
    if top < _enough(size):
        return None
    best = _nearest(equals, hint, 0)
    return Anchor(best, best + size, "exact", top, len(equals) == 1)


def _enough(size: int) -> float:
    """The share of the context that must agree: none for a quote that speaks for itself."""
    return 0.5 if size < _SPEAKS else 0.0


def _places(text: str, needle: str) -> list[int]:
    found: list[int] = []
    at = text.find(needle)
    while at >= 0 and len(found) < _MANY:
        found.append(at)
        at = text.find(needle, at + 1)
    return found


def _agreement(text: str, place: int, quote: Quote) -> float:
    """The share of the context that agrees at a place, the better side counting more."""
    sides = []
    if quote.before:
        left = text[max(0, place - len(quote.before)) : place]
        sides.append(Levenshtein.normalized_similarity(quote.before, left))
    if quote.after:
        end = place + len(quote.exact)
        right = text[end : end + len(quote.after)]
        sides.append(Levenshtein.normalized_similarity(quote.after, right))
    return (2 * max(sides) + sum(sides)) / (2 + len(sides)) if sides else 1.0


def _nearest(places: list[int], hint: int | None, shift: int) -> int:
    if hint is None or len(places) == 1:
        return places[0]
    return min(places, key=lambda place: abs(place + shift - hint))


def _roughly(text: str, quote: Quote) -> Anchor | None:
    """A place that is only like the quote in its context."""
    window = quote.before + quote.exact + quote.after
    if len(window) < 5 or not text:
        return None
    found = fuzz.partial_ratio_alignment(window, text, score_cutoff=_CLOSE)
    if found is None:
        return None
    there = text[found.dest_start : found.dest_end]
    start = _carried(window, there, len(quote.before))
    end = max(start, _carried(window, there, len(quote.before) + len(quote.exact)))
    return Anchor(
        found.dest_start + start, found.dest_start + end, "approximate", found.score / 100, True
    )


def _carried(old: str, new: str, at: int) -> int:
    """Where the offset `at` of `old` is in `new`, by the alignment of the two."""
    for step in Levenshtein.opcodes(old, new):
        if at < step.src_end or (at == step.src_end == len(old)):
            return min(step.dest_start + at - step.src_start, step.dest_end)
    return len(new)
