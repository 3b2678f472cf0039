"""Keys by which a report finds the few cases that it may belong to, where there is no page text.

Grams of the folded claim and its context, thinned by winnowing: of every few neighbouring grams
the smallest is kept, so that two texts that share a stretch of `_GRAM + _WINDOW - 1` characters
share a key for certain, while a case stores only about a fifth of its grams.
"""

from __future__ import annotations

from zlib import crc32

from core.matching.facts import Claim
from core.text.fold import fold_text

_GRAM = 8
_WINDOW = 8
_PLACE = 64  # positions in one bucket


def candidate_keys(claim: Claim) -> frozenset[int]:
    """The keys to look a claim's candidates up by; each 0 … 2**32 - 1.

    Where many cases share a key, those that share the most keys are the likely ones.
    """
    return _grams(claim) | _places(claim, _PLACE)


def storage_keys(claim: Claim) -> frozenset[int]:
    """The keys to store with a case whose claim this is; they are looked up by `candidate_keys`."""
    return _grams(claim) | _places(claim, 0)


def _grams(claim: Claim) -> frozenset[int]:
    text = fold_text(f"{claim.prefix}{claim.exact}{claim.suffix}").replace(" ", "")
    data, size = text.encode("utf-32-le"), 4 * _GRAM
    grams = [crc32(data[at : at + size]) for at in range(0, len(data) - size + 4, 4)]
    kept = {min(grams[at : at + _WINDOW]) for at in range(len(grams) - _WINDOW + 1)}
    kept.update(grams if len(grams) < _WINDOW else ())
    kept.add(crc32(b"word:" + fold_text(claim.exact).strip().encode()))
    return frozenset(kept)


def _places(claim: Claim, around: int) -> frozenset[int]:
    """Where on the page the words are, in buckets: quotes without any context have only that."""
    if claim.position is None:
        return frozenset()
    first = (claim.position - around) // _PLACE
    last = (claim.position + len(claim.exact) + around) // _PLACE
    return frozenset(crc32(b"place:%d" % bucket) for bucket in range(first, last + 1))
