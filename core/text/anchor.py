"""Where a quote stands in a text, found again although the text or the quote has changed a little.

Exact with context, then exact ranked by how much of the context agrees, then approximate. The
position is a hint: it breaks ties between places that the context cannot tell apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from core.text.fold import Folded, fold

Quality = Literal["context", "exact", "approximate"]
_MANY = 1_000  # places of a quote that are compared; a letter alone may stand thousands of times
_CLOSE = 66.0  # partial ratio under which an approximate place is none


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place: [start, end) in the original text, in code points.

    `quality`: "context": the quote with all the context that was given; "exact": the quote, with
    some or no context; "approximate": something like the quote. `alone`: no other place is as good.
    """

    start: int
    end: int
    quality: Quality
    alone: bool


def anchor(
    text: str | Folded, exact: str, prefix: str = "", suffix: str = "", position: int | None = None
) -> Anchor | None:
    """The best place of `exact` in `text`; None where nothing is close enough.

    `position` is a code point offset, only roughly right. Pass a `Folded` to fold a long text once.
    """
    page = fold(text) if isinstance(text, str) else text
    quote, before, after = fold(exact).text, fold(prefix).text, fold(suffix).text
    if not quote:
        return None
    hint = None if position is None else page.span_of_source(position, position)[0]
    found = _exactly(page.text, quote, before, after, hint) or _roughly(
        page.text, quote, before, after, hint
    )
    if found is None:
        return None
    start, end, quality, alone = found
    return Anchor(*page.span_in_source(start, end), quality, alone)


_Found = tuple[int, int, Quality, bool]


def _exactly(text: str, quote: str, before: str, after: str, hint: int | None) -> _Found | None:
    places = _places(text, before + quote + after)
    if places and (before or after):
        best = _nearest(places, hint, len(before))
        return best + len(before), best + len(before) + len(quote), "context", len(places) == 1
    places = _places(text, quote)
    if not places:
        return None
    scored = [(_agreement(text, place, quote, before, after), place) for place in places]
    top = max(score for score, _ in scored)
    equals = [place for score, place in scored if score >= top - 1]
    best = _nearest(equals, hint, 0)
    return best, best + len(quote), "exact", len(equals) == 1


def _places(text: str, needle: str) -> list[int]:
    found: list[int] = []
    at = text.find(needle)
    while at >= 0 and len(found) < _MANY:
        found.append(at)
        at = text.find(needle, at + 1)
    return found


def _agreement(text: str, place: int, quote: str, before: str, after: str) -> float:
    """How many characters of context agree, counted from the quote outwards."""
    agreed = 0.0
    if before:
        left = text[max(0, place - len(before)) : place]
        agreed += _run(before[::-1], left[::-1]) + fuzz.ratio(before, left) / 100
    if after:
        end = place + len(quote)
        right = text[end : end + len(after)]
        agreed += _run(after, right) + fuzz.ratio(after, right) / 100
    return agreed


def _run(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _nearest(places: list[int], hint: int | None, shift: int) -> int:
    if hint is None or len(places) == 1:
        return places[0]
    return min(places, key=lambda place: abs(place + shift - hint))


def _roughly(text: str, quote: str, before: str, after: str, hint: int | None) -> _Found | None:
    window = before + quote + after
    alignment = fuzz.partial_ratio_alignment(window, text, score_cutoff=_CLOSE)
    if alignment is None or len(window) < 5 or len(text) < len(quote):
        return None
    start = alignment.dest_start + len(before)
    return start, min(len(text), start + len(quote)), "approximate", True
