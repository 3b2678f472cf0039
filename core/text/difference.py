"""The difference between a wrong and a right text, cut the way an editor reads it.

Letters inside a word are marked when up to a third of the word changes, else the whole word; in
scripts that join their letters (Arabic) always the whole word. What goes stands before what comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rapidfuzz.distance import Levenshtein

from core.text.scripts import joins_letters
from core.text.words import words

Kind = Literal["same", "del", "ins"]
_CHANGED_AT_MOST = 1 / 3
_SPACES_AND_HYPHENS = re.compile(r"[\s\u00ad\u200b\-‐‑]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a difference. `whole_word`: whole words, not letters of one."""

    kind: Kind
    text: str
    whole_word: bool


def diff(old: str, new: str) -> list[Piece]:
    """How `old` becomes `new`: "same" and "del" joined are `old`, "same" and "ins" `new`."""
    before, after = _tokens(old), _tokens(new)
    pieces: list[Piece] = []
    for same, gone, come in _blocks(before, after):
        if same:
            pieces.append(Piece("same", same, False))
        pieces += _replaced(gone, come)
    return _joined(pieces)


def _tokens(text: str) -> list[str]:
    """The text cut into words, runs of white space and single other characters."""
    cuts = {0, len(text)}.union(*words(text))
    tokens: list[str] = []
    for start, end in pairwise(sorted(cuts)):
        piece = text[start:end]
        tokens += [piece] if piece[0].isalnum() else re.findall(r"\s+|\S", piece)
    return tokens


def _blocks(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[str, list[str], list[str]]]:
    """(what stays, tokens that go after it, tokens that come after it), in order."""
    same, gone, come = "", list[str](), list[str]()
    for step in Levenshtein.opcodes(before, after):
        if step.tag == "equal":
            if gone or come:
                yield same, gone, come
                same, gone, come = "", [], []
            same += "".join(before[step.src_start : step.src_end])
        else:
            gone += before[step.src_start : step.src_end]
            come += after[step.dest_start : step.dest_end]
    if same or gone or come:
        yield same, gone, come


def _replaced(gone: list[str], come: list[str]) -> list[Piece]:
    old, new = "".join(gone), "".join(come)
    if not (old and new):
        return _whole(old, new)
    if _SPACES_AND_HYPHENS.sub("", old) == _SPACES_AND_HYPHENS.sub("", new):
        return _letters(old, new)  # written together or apart: only the space or hyphen is marked
    if len(gone) == len(come):
        return [piece for one, other in zip(gone, come, strict=True) for piece in _word(one, other)]
    return _word(old, new)


def _word(old: str, new: str) -> list[Piece]:
    if old == new:
        return [Piece("same", old, False)]
    changed = Levenshtein.distance(old, new)
    if changed > max(len(old), len(new)) * _CHANGED_AT_MOST or joins_letters(old + new):
        return _whole(old, new)
    return _letters(old, new)


def _whole(old: str, new: str) -> list[Piece]:
    kinds: tuple[tuple[Kind, str], ...] = (("del", old), ("ins", new))
    return [Piece(kind, text, any(map(str.isalnum, text))) for kind, text in kinds if text]


def _letters(old: str, new: str) -> list[Piece]:
    pieces: list[Piece] = []
    for step in Levenshtein.opcodes(old, new):
        gone, come = old[step.src_start : step.src_end], new[step.dest_start : step.dest_end]
        if step.tag == "equal":
            pieces.append(Piece("same", gone, False))
        else:
            pieces += [Piece("del", gone, False)] if gone else []
            pieces += [Piece("ins", come, False)] if come else []
    return pieces


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one kind become one piece."""
    out: list[Piece] = []
    for piece in pieces:
        if out and out[-1].kind == piece.kind == "same":
            out[-1] = Piece("same", out[-1].text + piece.text, False)
        else:
            out.append(piece)
    return out
