"""The place of a correction in the source, cut for showing: a line as it is, one as it will be."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.cms.markup import tokens
from core.cms.retyping import Edit
from core.cms.source import Correction

_AROUND = 90  # characters of source shown on both sides
_LONGEST_TAG = 48
Kind = Literal["text", "markup", "del", "ins"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line. `del` goes, `ins` comes, `markup` is not read by readers."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Excerpt:
    """Both lines, and the number of the source's line on which they begin."""

    line: int
    minus: tuple[Piece, ...]
    plus: tuple[Piece, ...]


def excerpt_of(correction: Correction, *, is_source: bool = True) -> Excerpt:
    """What a person is shown before they let it be written.

    Where editors know no source (`Document.is_source`), the text alone, and paragraphs for lines.
    """
    source, edits = correction.source, correction.edits
    first, last = edits[0].start, edits[-1].end
    ends = "\n" if is_source else "<p>"
    line_start, line_end = source.rfind(ends, 0, first) + 1, source.find(ends, last)
    line_end = len(source) if line_end < 0 else line_end
    start, end = max(first - _AROUND, line_start), min(line_end, last + _AROUND)
    pieces = list(_cut(correction, start, end))
    if not is_source:
        pieces = [_read(piece) for piece in pieces if not piece.text.startswith("<")]
    if start > line_start:
        pieces.insert(0, Piece("text", "…"))
    if end < line_end:
        pieces.append(Piece("text", "…"))
    return Excerpt(
        line=source.count(ends, 0, first) + (1 if is_source else 0),
        minus=tuple(piece for piece in pieces if piece.kind != "ins"),
        plus=tuple(piece for piece in pieces if piece.kind != "del"),
    )


def _cut(correction: Correction, start: int, end: int) -> Iterator[Piece]:
    edits = list(correction.edits)
    at = 0
    for kind, token in tokens(correction.source):
        begins, at = at, at + len(token)
        if at <= start or begins >= end:
            continue
        shown: Kind = "markup" if kind == "markup" else "text"
        yield from _token(shown, token, begins, edits, start, end)
    yield from (Piece("ins", edit.text) for edit in edits if edit.text)


def _read(piece: Piece) -> Piece:
    """A piece of text as it is read."""
    kind: Kind = "text" if piece.kind == "markup" else piece.kind
    return Piece(kind, html.unescape(piece.text))


def _token(
    kind: Kind, token: str, begins: int, edits: list[Edit], start: int, end: int
) -> Iterator[Piece]:
    """One token with the edits that begin in it; those that were shown leave the list."""
    ends = begins + len(token)
    at = begins if kind == "markup" else max(begins, start)
    until = ends if kind == "markup" else min(ends, end)
    while edits and edits[0].start < ends:
        edit = edits.pop(0)
        if at < edit.start:
            yield Piece(kind, token[at - begins : edit.start - begins])
        if edit.start < edit.end:
            yield Piece("del", token[edit.start - begins : min(edit.end, ends) - begins])
        if edit.text:
            yield Piece("ins", edit.text)
        at = edit.end
        if edit.end > ends:
            edits.insert(0, Edit(ends, edit.end, ""))
    if at < until:
        rest = token[at - begins : until - begins]
        yield Piece(kind, _short(rest) if kind == "markup" else rest)


def _short(tag: str) -> str:
    return tag if len(tag) <= _LONGEST_TAG else f"{tag[: _LONGEST_TAG - 12]}…{tag[-8:]}"
