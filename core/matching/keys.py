"""Keys by which a report finds the few cases of a page that it may belong to, where there is no text.

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


def candidate_keys(claim: Claim) -> frozenset[int]:
    """The keys to look a claim's candidates up by; each 0 … 2**32 - 1."""
    return _keys(claim)


def storage_keys(claim: Claim) -> frozenset[int]:
    """The keys to store with a case whose claim this is; they are looked up by `candidate_keys`."""
    return _keys(claim)


def _keys(claim: Claim) -> frozenset[int]:
    text = fold_text(f"{claim.prefix}{claim.exact}{claim.suffix}").encode("utf-32-le")
    size = 4 * _GRAM
    grams = [crc32(text[at : at + size]) for at in range(0, len(text) - size + 4, 4)]
    kept = (
        {min(grams[at : at + _WINDOW]) for at in range(max(1, len(grams) - _WINDOW + 1))}
        if grams
        else set()
    )
    kept.add(crc32(b"word:" + fold_text(claim.exact).strip().encode()))
    return frozenset(kept)
