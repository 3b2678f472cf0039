"""Keys by which a report finds the few cases that it may belong to, where there is no page text.

Grams of the folded text around a claim. A case stores few of them: those at the edges of its
words, and of a long claim some within. A report looks all of its own up, so that the two meet
wherever a reader's context reaches over a claim's edge.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from core.matching.context import window
from core.matching.facts import Claim
from core.text.fold import fold_text

_GRAM = 8
_LONG = 24  # letters of a claim from which grams within it are stored too
_WINDOW = 8  # of so many neighbouring grams within a long claim the smallest is stored
_PLACE = 64  # positions in one bucket


def candidate_keys(claim: Claim) -> frozenset[int]:
    """The keys to look a claim's candidates up by; each 0 … 2**32 - 1.

    Where many cases share a key, those that share the most keys are the likely ones.
    """
    text = window(claim).text
    grams = _hashed(text, range(len(text) - _GRAM + 1))
    return frozenset(grams) | _places(claim, _PLACE) | {_word(claim)}


def storage_keys(claim: Claim) -> frozenset[int]:
    """The keys to store with a case whose claim this is; they are looked up by `candidate_keys`."""
    around = window(claim)
    start, end = around.span
    chosen = {start - _GRAM, start - _GRAM // 2, start, end - _GRAM // 2, end}
    last = len(around.text) - _GRAM
    kept = set(_hashed(around.text, (at for at in chosen if 0 <= at <= last)))
    if end - start >= _LONG:
        grams = _hashed(around.text, range(start, min(end, last + 1)))
        kept |= {min(grams[at : at + _WINDOW]) for at in range(len(grams) - _WINDOW + 1)}
    return frozenset(kept) | _places(claim, 0) | {_word(claim)}


def _hashed(text: str, places: Iterable[int]) -> list[int]:
    data = text.encode("utf-32-le", "surrogatepass")
    return [crc32(data[4 * at : 4 * (at + _GRAM)]) for at in places]


def _word(claim: Claim) -> int:
    return crc32(b"word:" + fold_text(claim.exact).strip().encode("utf-8", "surrogatepass"))


def _places(claim: Claim, around: int) -> frozenset[int]:
    """Where on the page the words are, in buckets: quotes without any context have only that."""
    if claim.position is None:
        return frozenset()
    first = (claim.position - around) // _PLACE
    last = (claim.position + len(claim.exact) + around) // _PLACE
    return frozenset(crc32(b"place:%d" % bucket) for bucket in range(first, last + 1))
