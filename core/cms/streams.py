"""Texts as they are compared: their letters, and where in the text each of them stands."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_DASHES = "-‐‑‒–—―−"
_SIGNS = {
    **dict.fromkeys('"«»„“”‟″', '"'),
    **dict.fromkeys("'`´ʹʻʼ‘’‚‛′", "'"),
    **dict.fromkeys(_DASHES, "-"),
    "…": "...",
}


@dataclass(frozen=True)
class Stream:
    """The letters of a text as they are compared, and which units [first, last] each came from."""

    text: str
    first: Sequence[int]
    last: Sequence[int]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Stream:
        letters: list[str] = []
        first: list[int] = []
        last: list[int] = []
        for index, text in enumerate(texts):
            for letter in _letters_of_unit(text) if len(text) < 3 else letters_of(text):
                if letter == "-" and letters[-1:] == ["-"] and last[-1] == index - 1:
                    last[-1] = index  # `--` is how a dash is typed
                    continue
                letters.append(letter)
                first.append(index)
                last.append(index)
        return cls("".join(letters), first, last)

    def before(self, index: int) -> int:
        """How many letters come before the unit with that index."""
        return bisect_left(self.first, index)


def letters_of(text: str) -> str:
    """What of a text is compared."""
    plain = "".join(_SIGNS.get(char, char) for char in text)
    kept = [char for char in plain if not char.isspace() and not is_invisible(char)]
    return unicodedata.normalize("NFD", "".join(kept))


# A newspaper uses few different characters, and each is asked for thousands of times.
_letters_of_unit = lru_cache(maxsize=8_192)(letters_of)


def is_invisible(char: str) -> bool:
    """Soft hyphens, zero-width characters, marks of direction."""
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or char == "\u034f"


class Quote:
    """Words in their context, ready to be looked for."""

    def __init__(self, prefix: str, exact: str, suffix: str) -> None:
        self.text = prefix + exact + suffix
        self.offset = len(prefix)
        self.stream = Stream.of(self.text)
        self.start = self.stream.before(len(prefix))
        self.end = self.stream.before(len(prefix) + len(exact))
        self.letters = self.stream.text[self.start : self.end]

    def gap(self, letter: int) -> str:
        """What stands between a letter and the one before it."""
        stream = self.stream
        start = stream.last[letter - 1] + 1 if letter > 0 else 0
        end = stream.first[letter] if letter < len(stream.text) else len(self.text)
        return self.text[start:end]

    def around(self, index: int) -> tuple[str, str]:
        """The characters on both sides of a place."""
        return self.text[max(0, index - 1) : index], self.text[index : index + 1]
