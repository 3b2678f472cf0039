"""What an editor has to type to make one text of another: as little as possible.

People type plain signs where typographers set others. So a plain sign in the correction never
replaces a typographic one, nor does a space replace a no-break space, unless that is all there is
to correct. A typographic sign in the correction was meant.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.text.difference import Piece, diff

_PLAIN = {
    **dict.fromkeys("«»„“”‟″", '"'),
    **dict.fromkeys("`´ʹʻʼ‘’‚‛′", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}


@dataclass(frozen=True, slots=True)
class Edit:
    """[start, end) becomes `text`. Code points of whatever text it is for."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Sign:
    """One character as it is compared, as it was typed, and where: [start, end)."""

    plain: str
    typed: str
    start: int
    end: int


def retyped(wrong: str, right: str) -> list[Edit]:
    """The edits that make `right` of `wrong`, in order; none if they are the same text."""
    old, new = _signs(wrong), _signs(right)
    pieces = diff("".join(sign.plain for sign in old), "".join(sign.plain for sign in new))
    edits = list(_edits(pieces, old, new))
    if not edits and wrong != right:  # all that differs is what is not compared: then it counts
        pieces = diff(wrong, right)
        edits = list(_edits(pieces, _exactly(wrong), _exactly(right)))
    return edits


def _signs(text: str) -> list[_Sign]:
    """A text's characters without what nobody sees, runs of white space as one."""
    signs: list[_Sign] = []
    for at, char in enumerate(text):
        if unicodedata.category(char) == "Cf":
            continue
        if char.isspace() and signs and signs[-1].plain == " ":
            last = signs[-1]
            signs[-1] = _Sign(" ", last.typed + char, last.start, at + 1)
            continue
        plain = " " if char.isspace() else _PLAIN.get(char, char)
        signs.append(_Sign(plain, char, at, at + 1))
    return signs


def _exactly(text: str) -> list[_Sign]:
    return [_Sign(char, char, at, at + 1) for at, char in enumerate(text)]


def _edits(pieces: Sequence[Piece], old: list[_Sign], new: list[_Sign]) -> Iterator[Edit]:
    """Edits in offsets of the old text; what goes and comes at one place is one edit."""
    pending: Edit | None = None
    for edit in _raw(pieces, old, new):
        if pending is not None and pending.end == edit.start:
            pending = Edit(pending.start, edit.end, pending.text + edit.text)
            continue
        if pending is not None:
            yield pending
        pending = edit
    if pending is not None:
        yield pending


def _raw(pieces: Sequence[Piece], old: list[_Sign], new: list[_Sign]) -> Iterator[Edit]:
    at = to = 0
    gone = False  # what comes in the place of something stands where that stood
    for piece in pieces:
        size = len(piece.text)
        if piece.kind == "same":
            for one, other in zip(old[at : at + size], new[to : to + size], strict=True):
                if other.typed not in (one.typed, other.plain) and not _blank(other):
                    yield Edit(one.start, one.end, other.typed)
            at, to = at + size, to + size
        elif piece.kind == "del":
            yield Edit(old[at].start, old[at + size - 1].end, "")
            at += size
        else:
            place = old[at].start if at < len(old) else (old[-1].end if old else 0)
            place = old[at - 1].end if gone else place
            yield Edit(place, place, "".join(sign.typed for sign in new[to : to + size]))
            to += size
        gone = piece.kind == "del"


def _blank(sign: _Sign) -> bool:
    """A run of ordinary white space, however long; a no-break space that was typed is meant."""
    return sign.plain == " " and "\u00a0" not in sign.typed and "\u202f" not in sign.typed
