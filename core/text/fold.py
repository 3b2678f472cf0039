"""Folding: what two readers may write differently and still mean the same text.

Folded text is only for comparing. Every folded character knows which characters of the original
it came from, so a place that was found in folded text can be shown in the original.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.text.scripts import CYRILLIC_BY_LATIN, LATIN_BY_CYRILLIC

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_APOSTROPHES = "'`´ʹʻʼʽˈ΄‘’‚‛′＇"
_QUOTES = '"«»„“”‟″〝〞＂‹›'
_DASHES = "-‐‑‒–—―−﹘﹣－⸺⸻"
# Precomposed by hand, because NFKC or case folding would leave a stray combining mark.
_SPECIAL = {
    **dict.fromkeys(_APOSTROPHES, "'"),
    **dict.fromkeys(_QUOTES, '"'),
    **dict.fromkeys(_DASHES, "-"),
    "İ": "i",
    "ς": "σ",
}
_MIXED = re.compile(r"[a-z][\u0400-\u052f]|[\u0400-\u052f][a-z]")
_LETTERS = re.compile(r"[a-z\u00df-\u024f\u0400-\u052f]+")
_LATIN_LETTER = re.compile(r"[a-z\u00df-\u024f]")
_REMEMBERED = 20_000  # folded characters kept in memory: more than any newspaper uses


class _Folds(dict[str, str]):
    """One cluster of the original → what it folds to; computed once, kept while there is room."""

    def __missing__(self, cluster: str) -> str:
        folded = _fold_cluster(cluster)
        if len(self) < _REMEMBERED:
            self[cluster] = folded
        return folded


def _fold_cluster(cluster: str) -> str:
    if cluster in _SPECIAL:
        return _SPECIAL[cluster]
    if cluster.isspace() or cluster == "\u2800":
        return " "
    cluster = _INVISIBLE.sub("", cluster)
    plain = unicodedata.normalize("NFKC", cluster)
    folded = unicodedata.normalize("NFKC", plain.casefold())
    folded = "".join(_SPECIAL.get(char, char) for char in folded)
    return "".join(folded.split())  # a stray accent is folded to a space and itself


_FOLDS = _Folds()


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text with the way back.

    `starts[i]`, `ends[i]`: the code points of the original, [start, end), that character i of
    `text` came from. Both never decrease. `source_length` is the length of the original.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    source_length: int

    def span_in_source(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original behind the folded span [start, end); empty stays empty."""
        if start >= end:
            at = self.starts[start] if start < len(self.text) else self.source_length
            return at, at
        return self.starts[start], self.ends[end - 1]

    def span_of_source(self, start: int, end: int) -> tuple[int, int]:
        """The folded span that the original's span [start, end) became.

        Characters that folding drops become an empty span at the place where they stood.
        """
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end)
        return first, max(first, last)


def fold(text: str) -> Folded:
    """Fold `text` so that spellings that look or mean the same compare equal.

    NFKC, case, white space (runs become one space), soft hyphens, zero-width characters, bidi
    marks, quotes, dashes, and Latin look-alikes inside Cyrillic words (and the reverse).
    """
    clusters: Sequence[str] = text if unicodedata.is_normalized("NFC", text) else _clusters(text)
    pieces = [_FOLDS[cluster] for cluster in clusters]
    joined = "".join(pieces)
    if len(joined) == len(text) and "  " not in joined and all(pieces):
        # one folded character for each of the original: the way back is the identity
        return Folded(_unmix(joined), range(len(text)), range(1, len(text) + 1), len(text))
    return _fold_with_map(clusters, pieces, len(text))


def fold_solid(text: str) -> Folded:
    """As `fold`, and without any white space: for finding text whatever its lines and gaps."""
    if not unicodedata.is_normalized("NFC", text):
        return _solid(fold(text))
    pieces = [_FOLDS[char] for char in text]
    solid = _unmix("".join(pieces)).replace(" ", "")
    starts = array("i", [at for at, piece in enumerate(pieces) if piece != " " for _ in piece])
    return Folded(solid, starts, array("i", [at + 1 for at in starts]), len(text))


def solid_text(text: str) -> str:
    """Only the text of `fold_solid`, for comparing."""
    if not unicodedata.is_normalized("NFC", text):
        return fold(text).text.replace(" ", "")
    return _unmix("".join([_FOLDS[char] for char in text])).replace(" ", "")


def _solid(folded: Folded) -> Folded:
    kept = [index for index, char in enumerate(folded.text) if char != " "]
    return Folded(
        folded.text.replace(" ", ""),
        array("i", [folded.starts[index] for index in kept]),
        array("i", [folded.ends[index] for index in kept]),
        folded.source_length,
    )


def fold_text(text: str) -> str:
    """Only the folded text, for comparing."""
    return fold(text).text


def _fold_with_map(clusters: Iterable[str], pieces: list[str], length: int) -> Folded:
    out: list[str] = []
    starts, ends = array("i"), array("i")
    at = 0
    for cluster, piece in zip(clusters, pieces, strict=True):
        end = at + len(cluster)
        for char in piece:
            if char == " " and out and out[-1] == " ":
                ends[-1] = end  # the run of white space goes on
                continue
            out.append(char)
            starts.append(at)
            ends.append(end)
        at = end
    return Folded(_unmix("".join(out)), starts, ends, length)


def _clusters(text: str) -> list[str]:
    """Each character with the combining marks (or Hangul jamo) that follow it."""
    clusters: list[str] = []
    for char in text:
        joins = unicodedata.combining(char) or "\u1160" <= char <= "\u11ff"
        if joins and clusters and not clusters[-1].isspace():
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _unmix(folded: str) -> str:
    """Write words that mix Latin and Cyrillic in one script, where every odd letter has a twin."""
    if not _MIXED.search(folded):
        return folded
    return _LETTERS.sub(lambda match: _one_script(match[0]), folded)


def _one_script(word: str) -> str:
    latin = len(_LATIN_LETTER.findall(word))
    if not latin or latin == len(word):
        return word
    table = CYRILLIC_BY_LATIN if latin * 2 <= len(word) else LATIN_BY_CYRILLIC
    odd = [char for char in word if bool(_LATIN_LETTER.match(char)) == (latin * 2 <= len(word))]
    if all(char in table for char in odd):
        return "".join(table.get(char, char) for char in word)
    return word
