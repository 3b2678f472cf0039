"""Whether two claims are about the same place, told from the text around them alone.

The two windows (prefix, words, suffix) are laid on one another by the grams that they share. At
the same place they agree wherever both are known; the same wrong word elsewhere stands in other
company. White space does not count, and a letter changed here or there around the words does not
matter. In the words themselves it does: other words at a like place, as lists and tables have them,
are another error.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from core.matching.facts import CaseFacts, Claim, Span
from core.text.fold import fold

_GRAM = 5
_NEAR = 100  # positions closer than this may be the same place: advertisements shift them
_TELLING = 20  # characters of agreement that are believed against a position
# The share of the common stretch that has to be the same, by what the positions say.
_AGREES_NEAR = 0.7
_AGREES_UNKNOWN = 0.7
_AGREES_FAR = 0.92
_SENTENCE = 40  # claimed characters among which a letter changed here or there does not matter
_SENTENCE_AGREES = 0.9


@dataclass(frozen=True, slots=True)
class Window:
    """Folded text without white space, and where in it the claimed words stand."""

    text: str
    span: Span
    bare: bool  # nothing is known but the words
    position: int | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two claims laid on one another: the characters they share, and the length of either.

    `agreement`: how much of what is known around both is the same, 0 … 1. `astray`: for
    words without context how far apart their positions say that they are, else 0.
    """

    shared: int
    mine: int
    yours: int
    agreement: float = 1.0
    astray: int = 0

    @property
    def likeness(self) -> float:
        """Shared characters in the share of all that either claims, 0 … 1."""
        return self.shared / max(1, self.mine + self.yours - self.shared)


def window(of: Claim | CaseFacts) -> Window:
    """The window of a claim or of a case."""
    folded = fold(f"{of.prefix}{of.exact}{of.suffix}")
    first, last = folded.span_of_source(len(of.prefix), len(of.prefix) + len(of.exact))
    text = folded.text
    start = first - text.count(" ", 0, first)
    size = last - first - text.count(" ", first, last)
    return Window(
        text.replace(" ", ""),
        (start, start + size),
        not (of.prefix.strip() or of.suffix.strip()),
        of.position,
    )


def meet(mine: Window, yours: Window) -> Meeting | None:
    """How two claims overlap; None where they are not about the same place."""
    shifts = _shifts(mine.text, yours.text)
    ahead = _ahead(mine, yours)
    if ahead is not None and min(len(mine.text), len(yours.text)) < _TELLING:
        likely = sorted(shifts, key=lambda shift: abs(shift - ahead))
    else:
        likely = [shift for shift, _ in shifts.most_common(3)]
    for shift in likely[:3]:
        found = _on(mine, yours, shift)
        if found is not None:
            return found
    return None


def _ahead(mine: Window, yours: Window) -> int | None:
    """By how much the positions say that the first window is to be shifted on the second."""
    if mine.position is None or yours.position is None:
        return None
    return mine.position - mine.span[0] - (yours.position - yours.span[0])


def _shifts(mine: str, yours: str) -> Counter[int]:
    """How often each shift lays a gram of one text on the same gram of the other."""
    size = min(_GRAM, len(mine), len(yours))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at in range(len(yours) - size + 1 if size else 0):
        places[yours[at : at + size]].append(at)
    shifts: Counter[int] = Counter()
    for at in range(len(mine) - size + 1 if size else 0):
        for there in places.get(mine[at : at + size], ()):
            shifts[there - at] += 1
    return shifts


def _on(mine: Window, yours: Window, shift: int) -> Meeting | None:
    """The meeting of two windows when the first is laid on the second at `shift`."""
    first = max(mine.span[0] + shift, yours.span[0])
    last = min(mine.span[1] + shift, yours.span[1])
    if last <= first or not _same_words(mine.text[first - shift : last - shift], yours, first):
        return None
    low, high = max(0, -shift), min(len(mine.text), len(yours.text) - shift)
    agreement = _agreement(mine.text, yours.text, low, high, shift)
    ahead = _ahead(mine, yours)
    if ahead is not None and abs(ahead - shift) <= _NEAR:
        # the text around may have been edited since: one side that stayed is enough
        sides = [
            _agreement(mine.text, yours.text, low, last - shift, shift),
            _agreement(mine.text, yours.text, first - shift, high, shift),
        ]
        if max(sides) < _AGREES_NEAR:
            return None
    elif not _speaks_for_itself(agreement, high - low, ahead is None):
        return None
    return Meeting(
        shared=last - first,
        mine=mine.span[1] - mine.span[0],
        yours=yours.span[1] - yours.span[0],
        agreement=agreement,
        astray=0 if ahead is None or not mine.bare else abs(ahead - shift),
    )


def _same_words(words: str, yours: Window, at: int) -> bool:
    """Whether what both claim reads the same in both."""
    theirs = yours.text[at : at + len(words)]
    if len(words) < _SENTENCE:
        return words == theirs
    return Levenshtein.normalized_similarity(words, theirs) >= _SENTENCE_AGREES


def _speaks_for_itself(agreement: float, length: int, unknown: bool) -> bool:
    """Whether the text around is enough, where positions are unknown or speak against it."""
    if unknown:
        return agreement >= _AGREES_UNKNOWN
    return agreement >= _AGREES_FAR and agreement * length >= _TELLING


def _agreement(mine: str, yours: str, low: int, high: int, shift: int) -> float:
    return Levenshtein.normalized_similarity(mine[low:high], yours[low + shift : high + shift])
