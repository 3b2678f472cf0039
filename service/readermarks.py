"""The difference as it is drawn for readers, who want to know what changed, not how it is spelt."""

import re
from dataclasses import dataclass

from core.i18n import Translator
from core.i18n.characters import character_word
from core.text.difference import Piece, diff
from core.text.lookalikes import Oddity, is_invisible, oddities
from core.text.passage import whole_pair  # a reader sees the sentence, not an excerpt
from core.text.scripts import CYRILLIC_BY_LATIN
from service.dashboard.marks import Run, runs_of

_SPACES = re.compile("[\u00a0\u2007\u2009\u200a\u202f]")
_TWINS = str.maketrans(CYRILLIC_BY_LATIN)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One part of a side: what stays, goes or comes. `struck`: whole words that go."""

    kind: str
    struck: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Both sides, and what the characters of each are called that make all of the difference."""

    wrong: tuple[Drawn, ...]
    right: tuple[Drawn, ...]
    names_wrong: tuple[str, ...] = ()
    names_right: tuple[str, ...] = ()


def difference(t: Translator, before: str, after: str | None) -> Difference | None:
    """What a reader sees of a change; None where nothing, or the same, is there.

    Kinds of spaces, characters that nobody sees and letters of another script are no correction
    to a reader and are left alone, unless they are all of it: then they are named, as on the desk,
    or two equal words would stand there.
    """
    if after is None or after == before:
        return None
    alike = _as_seen(before) == _as_seen(after)
    names = [_names(t, text, before, after) if alike else () for text in (before, after)]
    named = any(names)
    texts = (before, after) if named else (_SPACES.sub(" ", before), _SPACES.sub(" ", after))
    pair = whole_pair(*texts) or whole_pair(before, after)
    if pair is None:
        return None
    draw = _named if named else _plain
    wrong = [part for piece in pair.wrong for part in draw(piece)]
    right = [part for piece in pair.right for part in draw(piece)]
    return Difference(tuple(wrong), tuple(right), *names)


def _as_seen(text: str) -> str:
    """What the eye takes a text for."""
    plain = (" " if char.isspace() else char for char in text)
    return "".join(char for char in plain if not is_invisible(char)).translate(_TWINS)


def _names(t: Translator, text: str, before: str, after: str) -> tuple[str, ...]:
    """What of a side the eye cannot tell from the other, each once: "NBSP: No-break space",
    "Latin letter a"."""
    changed = "".join(piece.text for piece in diff(before, after) if piece.kind != "same")
    odd = (odd for odd in oddities(text) if odd.char in changed)
    return tuple(dict.fromkeys(_name(t, each) for each in odd))


def _name(t: Translator, odd: Oddity) -> str:
    name = character_word(t, odd.char)
    return f"{odd.short}: {name}" if odd.kind == "invisible" else name


def _named(piece: Piece) -> list[Drawn]:
    if piece.kind == "same":
        return [_same(piece.text)]
    signs = (run if run.name or not run.text.isspace() else Run("␣") for run in runs_of(piece.text))
    return [Drawn(piece.kind, _is_struck(piece), tuple(signs))]


def _plain(piece: Piece) -> list[Drawn]:
    """A space at the edge of what goes or comes stands outside its mark: nobody reads it struck."""
    if piece.kind == "same" or not _as_seen(piece.text):
        return [_same(piece.text)]
    bare = piece.text.strip()
    head, _, tail = piece.text.partition(bare) if bare else ("", "", "")
    mark = Drawn(piece.kind, _is_struck(piece), (Run(bare or "␣"),))
    return [_same(head), mark, _same(tail)]


def _same(text: str) -> Drawn:
    return Drawn("same", False, (Run(text),))


def _is_struck(piece: Piece) -> bool:
    return piece.kind == "del" and piece.whole_word and len(piece.text.strip()) > 1
