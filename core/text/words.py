"""Words and sentences in Cyrillic, Latin, Arabic, Chinese and Japanese, as spans.

Spans are (start, end) in code points. No dictionary: Chinese and Japanese are cut where the kind
of letter changes, and a Chinese character is a word of its own, because a wrong character is
what readers point at there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA = "\u3041-\u3096\u309d\u309e"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30fe\u31f0-\u31ff\uff66-\uff9f"
_CJK = _HAN + _HIRAGANA + _KATAKANA
# What may stand inside a word between two letters: marks that readers do not see, apostrophes,
# the middle dot of Catalan. Combining marks and Arabic vowel signs are \w-less in Python's re.
_MARKS = (
    "\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u3099\u309a"
)
_LETTER = f"[^\\W_{_CJK}]"
_WORD = re.compile(
    f"{_LETTER}[{_MARKS}]*(?:['’ʼʻ·‘`]?{_LETTER}[{_MARKS}]*)*"
    f"|[{_HAN}]|[{_HIRAGANA}]+|[{_KATAKANA}]+"
)
_SENTENCE_END = re.compile(r"""[.!?…؟۔]+["»”’')\]]*(?=\s)|[。！？｡]+[」』”’）]*|\n+""")
# A point after these does not end a sentence: initials and usual short forms.
_SHORT_FORM = re.compile(
    r"(?:^|[\s(«\"“„])(?:[^\W\d_]|г|гг|т\.\s?д|т\.\s?п|т\.\s?к|т\.\s?е|ж|жж|т\.\s?б|мыс|см|др|стр|ул|"
    r"им|тыс|млн|млрд|руб|тг|Mr|Mrs|Ms|Dr|St|Prof|vs|etc|e\.g|i\.e|No|z\.\s?B|bzw|Sr|Sra|M|Mme)$"
)


def words(text: str) -> list[Span]:
    """All words of the text, in order."""
    return [match.span() for match in _WORD.finditer(text)]


def iter_words(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The words that begin in [start, end), in order."""
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        yield match.span()


def grow_to_words(text: str, start: int, end: int) -> Span:
    """[start, end) grown until no word is cut, and no white space hangs over at an edge.

    White space alone (words written apart) takes the words on both sides; an empty span, and one
    of punctuation alone, the word that it touches, the one before it first; where none touches,
    it stays as it is.
    """
    start, end = max(0, start), min(len(text), end)
    blank = start < end and text[start:end].isspace()
    if not blank:
        start, end = _without_edges(text, start, end)
    near = iter_words(text, _word_edge(text, start), min(len(text), end + 200))
    spans = [span for span in near if span[1] >= start and span[0] <= end]
    taken = [span for span in spans if span[0] < end and span[1] > start]
    if not taken:
        taken = spans if blank else spans[:1]
    if not taken:
        return start, end
    return min(start, taken[0][0]), max(end, taken[-1][1])


def _without_edges(text: str, start: int, end: int) -> Span:
    """[start, end) less the white space at its edges."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _word_edge(text: str, at: int) -> int:
    """A place at or before `at` where no word is being cut, at most 200 characters back."""
    floor = max(0, at - 200)
    while at > floor and not text[at - 1].isspace():
        at -= 1
    return at


def sentences(text: str) -> list[Span]:
    """The sentences of the text, in order, without the white space between them."""
    found: list[Span] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[match.start()] == "." and _SHORT_FORM.search(
            text[max(0, match.start() - 12) : match.start()]
        ):
            continue
        found += _trimmed(text, start, match.end())
        start = match.end()
    return found + _trimmed(text, start, len(text))


def sentence_around(text: str, start: int, end: int) -> Span:
    """From the beginning of the sentence of `start` to the end of the sentence of `end`."""
    first, last = start, end
    for a, b in sentences(text):
        if a <= start < b:
            first = min(first, a)
        if a < end <= b or a <= end < b:
            last = max(last, b)
    return first, last


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return []
    first = start + len(piece) - len(piece.lstrip())
    return [(first, first + len(stripped))]
