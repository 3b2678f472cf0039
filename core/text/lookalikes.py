"""Letters that look like another script's, and characters that nobody sees, with their names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from core.text.scripts import CYRILLIC_BY_LATIN, LATIN_BY_CYRILLIC, script_of
from core.text.words import words

_SHORT_NAMES = {
    "\u00a0": "NBSP", "\u202f": "NNBSP", "\u2007": "FIGSP", "\u2009": "THINSP", "\u200a": "HAIRSP",
    "\u00ad": "SHY", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u2060": "WJ",
    "\ufeff": "BOM", "\u200e": "LRM", "\u200f": "RLM", "\u061c": "ALM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\u034f": "CGJ",
}  # fmt: skip
_UNSEEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]")


@dataclass(frozen=True, slots=True)
class Oddity:
    """One character at code point `position` that is not what it seems.

    `name` is its Unicode name, `short` how it is written in a difference ("NBSP", "Latin a");
    `twin` the letter that it looks like, None for what cannot be seen.
    """

    position: int
    char: str
    kind: Literal["lookalike", "invisible"]
    name: str
    short: str
    twin: str | None = None


def oddities(text: str) -> list[Oddity]:
    """Every look-alike letter in a word of mixed scripts and every invisible character."""
    found = [_invisible(index, char) for index, char in enumerate(text) if is_invisible(char)]
    for start, end in words(text):
        found += _lookalikes(text, start, end)
    return sorted(found, key=lambda oddity: oddity.position)


def is_invisible(char: str) -> bool:
    """Whether a character cannot be seen, or looks like a plain space and is none."""
    return (
        char in _SHORT_NAMES
        or _UNSEEN.match(char) is not None
        or (unicodedata.category(char) == "Cf")
    )


def _invisible(position: int, char: str) -> Oddity:
    code = f"U+{ord(char):04X}"
    return Oddity(
        position, char, "invisible", unicodedata.name(char, code), _SHORT_NAMES.get(char, code)
    )


def _lookalikes(text: str, start: int, end: int) -> list[Oddity]:
    """The letters of a word in the rarer of its two scripts that have a twin in the other."""
    letters = [(index, script_of(text[index])) for index in range(start, end)]
    counts = Counter(script for _, script in letters if script in ("Latin", "Cyrillic"))
    if len(counts) < 2:
        return []
    odd = "Latin" if counts["Latin"] <= counts["Cyrillic"] else "Cyrillic"
    twins = CYRILLIC_BY_LATIN if odd == "Latin" else LATIN_BY_CYRILLIC
    strange = [index for index, script in letters if script == odd]
    if not all(text[index] in twins for index in strange):
        return []  # a name such as VPN with an ending of the other script
    return [
        Oddity(
            position=index,
            char=text[index],
            kind="lookalike",
            name=unicodedata.name(text[index], ""),
            short=f"{odd} {text[index]}",
            twin=twins[text[index]],
        )
        for index in strange
    ]
