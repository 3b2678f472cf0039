"""The difference between what stands and what should stand, ready to be drawn.

Notation: what goes stands in a dashed box, what comes is bold over a bar. Only whole words are
struck: a line through one letter makes another one of it (г becomes ғ). Spaces and invisible
characters show as signs.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.i18n import Translator
from core.i18n.characters import character_word
from core.text.difference import Piece, diff
from core.text.lookalikes import Oddity, is_invisible, oddities
from core.text.words import words

_DIRECTING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they reorder what comes after them
_IN_A_ROW = re.compile(" {2,}")
_LONGEST_STRIP = 24  # letters of a word that is shown one by one


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; with a `name` it is one character that cannot be seen."""

    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One part of a marked text. `struck`: it is whole words that go."""

    kind: Literal["same", "del", "ins", "target"]
    struck: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of a word under the glass. `kind` as in Mark, or `unseen`."""

    kind: Literal["same", "del", "ins", "unseen"]
    text: str


@dataclass(frozen=True, slots=True)
class Glass:
    """One word letter by letter, as it stands and as it should stand."""

    wrong: tuple[Letter, ...]
    right: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One character that is not what it seems. `place` counts letters from 1.

    `twin` is what it is taken for: the letter, its code point, its name; None for what cannot be
    seen, whose `after` is the number of the letter before it.
    """

    place: int
    shown: str
    code: str
    name: str
    twin: tuple[str, str, str] | None


def marks_of(exact: str, suggestion: str | None) -> tuple[Mark, ...]:
    """The words in question with their difference; flagged as a whole where nothing is proposed.

    An empty suggestion is one: that the words go.
    """
    if suggestion is None or suggestion == exact:
        return (Mark("target", False, runs_of(exact)),) if exact else ()
    return _marks(diff(exact, suggestion))


def marks_of_pieces(pieces: Sequence[Piece], flagged: bool) -> tuple[Mark, ...]:
    """Words that stand in a text, with what of them goes or has come; `flagged` as a whole."""
    if flagged:
        return tuple(Mark("target", False, runs_of(piece.text)) for piece in pieces)
    return _marks(pieces)


def runs_of(text: str) -> tuple[Run, ...]:
    """The text cut at its invisible characters, each of which gets its short name."""
    return _cut(text, _unseen(text))


def seen_runs_of(text: str) -> tuple[Run, ...]:
    """The same, and each of several spaces in a row gets its sign: a page shows them as one."""
    spaces = {at: "␣" for row in _IN_A_ROW.finditer(text) for at in range(*row.span())}
    return _cut(text, spaces | _unseen(text))


def _unseen(text: str) -> dict[int, str]:
    return {o.position: o.short for o in oddities(text) if o.kind == "invisible"}


def calm_runs_of(text: str) -> tuple[Run, ...]:
    """The same for what stands around the words: only what would reorder the line is named."""
    if not _DIRECTING.search(text):
        return (Run(text),)
    odd = oddities(text)
    return _cut(text, {o.position: o.short for o in odd if _DIRECTING.match(o.char)})


def _cut(text: str, names: Mapping[int, str]) -> tuple[Run, ...]:
    runs: list[Run] = []
    start = 0
    for position in sorted(names):
        if start < position:
            runs.append(Run(text[start:position]))
        runs.append(Run(text[position], names[position]))
        start = position + 1
    return (*runs, Run(text[start:])) if start < len(text) else tuple(runs)


def is_odd(text: str) -> bool:
    """Whether a text has a character that is not what it seems."""
    return bool(oddities(text))


def lookalike_tags(t: Translator, exact: str) -> list[str]:
    """ "Latin a" for each letter that only looks right, each once."""
    found = [odd.char for odd in oddities(exact) if odd.kind == "lookalike"]
    return [_script_tag(t, char) for char in dict.fromkeys(found)]


def findings_of(t: Translator, exact: str) -> list[Finding]:
    """Every character of the words in question that is not what it seems."""
    return [_finding(t, exact, odd) for odd in oddities(exact)]


def glass_of(exact: str, suggestion: str | None) -> Glass | None:
    """The one word that changes, letter by letter; None where it is more or less than one word,
    or where no letter stays, so that there is nothing to look for."""
    pair = _changed_word(exact, suggestion) if suggestion else None
    if pair is None or max(map(len, pair)) > _LONGEST_STRIP:
        return None
    pieces = diff(*pair)
    if all(piece.kind != "same" for piece in pieces):
        return None
    wrong = [piece for piece in pieces if piece.kind != "ins"]
    right = [piece for piece in pieces if piece.kind != "del"]
    return Glass(_letters(wrong), _letters(right))


def _marks(pieces: Sequence[Piece]) -> tuple[Mark, ...]:
    return tuple(mark for piece in pieces for mark in _drawn(piece))


def _drawn(piece: Piece) -> list[Mark]:
    """Words that go are marked without the space beside them: a line through it would be read as
    a dash. A single letter has no line, which would hide it."""
    if piece.kind == "del" and piece.whole_word and piece.text.strip():
        words = piece.text.strip(" ")
        head, _, tail = piece.text.partition(words)
        struck = Mark("del", len(words.strip()) > 1, runs_of(words))
        parts = [_same(head), struck, _same(tail)]
        return [mark for mark in parts if mark.runs]
    if piece.kind != "same" and piece.text and piece.text.isspace():
        return [Mark(piece.kind, False, tuple(_space(char) for char in piece.text))]
    return [Mark(piece.kind, False, runs_of(piece.text))]


def _same(text: str) -> Mark:
    return Mark("same", False, runs_of(text))


def _space(char: str) -> Run:
    if is_invisible(char):
        return runs_of(char)[0]
    return Run(char, "¶" if char == "\n" else "␣")


def _script_tag(t: Translator, char: str) -> str:
    if unicodedata.name(char, "").startswith("CYRILLIC"):
        return t.pgettext("letter", "Cyrillic {letter}", letter=char)
    return t.pgettext("letter", "Latin {letter}", letter=char)


def _finding(t: Translator, exact: str, odd: Oddity) -> Finding:
    place = sum(not is_invisible(char) for char in exact[: odd.position])
    name = character_word(t, odd.char)
    if odd.kind == "invisible":
        return Finding(place, odd.short, _code(odd.char), name, None)
    twin = odd.twin or " "
    taken_for = (twin, _code(twin), character_word(t, twin))
    return Finding(place + 1, odd.char, _code(odd.char), name, taken_for)


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"


def _changed_word(exact: str, suggestion: str) -> tuple[str, str] | None:
    """The only word that differs, with what it should be, where all others stay in their place."""
    old = [exact[start:end] for start, end in words(exact)]
    new = [suggestion[start:end] for start, end in words(suggestion)]
    if len(old) != len(new):
        return None
    changed = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
    return changed[0] if len(changed) == 1 else None


def _letters(pieces: Sequence[Piece]) -> tuple[Letter, ...]:
    return tuple(_letter(piece, char) for piece in pieces for char in piece.text)


def _letter(piece: Piece, char: str) -> Letter:
    if is_invisible(char):
        return Letter("unseen", runs_of(char)[0].name)
    return Letter(piece.kind, char)
