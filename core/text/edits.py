"""What a suggestion changes: the minimal edit, also when readers write more than the right text.

Readers answer "what should stand instead" in many ways: the whole quote again, only the right
word, "надо: …", "wrong → right", in quotation marks, with a full stop of their own. The edit is
looked for in the quote with its surroundings, because a reader who marked half a word writes the
whole one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from core.text.fold import fold_text
from core.text.words import words

_ARROW = re.compile(r"\s*(?:-+>|=+>|→|⇒|➔|➜|⟶|>>)\s*")
_LEAD_IN = re.compile(
    r"""^\s*[«"'“„(]?\s*(?:
    надо|нужно|правильно|верно|должно\ быть|следует|лучше|исправить\ на|читать|писать|вместо\ этого|
    дұрысы|дұрыс|болуы\ керек|түзету|керегі|
    треба|потрібно|слід|має\ бути|правильно\ так|
    should\ (?:be|read)|must\ be|correct(?:ion)?|right|read|replace\ with|change\ to|fix|
    debe\ (?:ser|decir)|debería\ ser|correcto|
    lire|il\ faut(?:\ lire)?|devrait\ être|correct|
    richtig|muss\ heißen|sollte\ heißen|besser|
    doğrusu|olmalı|olması\ gereken|
    应为|应该是|应改为|改为|正しくは|正
    )\s*[:：\-–—]\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(r"^\s*[«\"“„‟”‘'「『](?P<inner>.+)[»\"”“‟’'」』]\s*[.!]?\s*$", re.DOTALL)
_CLOSE_ENOUGH = 0.5  # a replacement keeps at least half of what it replaces


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace [start, end) of a text by `right`. An insertion has start == end. Code points."""

    start: int
    end: int
    right: str


def readings(suggestion: str, quote: str) -> list[str]:
    """What the reader may have meant by `suggestion`, the likeliest first.

    Lead-in words, arrows, quotation marks and an exclamation mark of the reader's own go, but not
    where the quote has them too. White space at the ends is kept last, where it may be meant.
    """
    text = suggestion
    if _ARROW.search(text) and not _ARROW.search(quote):
        text = _ARROW.split(text)[-1]
    if not _LEAD_IN.match(quote):
        text = _LEAD_IN.sub("", text, count=1)
    quoted = _QUOTED.match(text)
    if quoted and not _QUOTED.match(quote):
        text = quoted["inner"]
    text = text.strip()
    if text.endswith("!") and "!" not in quote:
        text = text.rstrip("!").rstrip()
    return [text] if text == suggestion.strip() or not text else [text, suggestion.strip()]


def minimal_edit(old: str, new: str) -> Edit | None:
    """The one edit that turns `old` into `new`, as narrow as can be; None where nothing changes."""
    if old == new:
        return None
    head = _common_prefix(old, new)
    tail = _common_prefix(old[head:][::-1], new[head:][::-1])
    return Edit(head, len(old) - tail, new[head : len(new) - tail])


def edit_of(quote: str, suggestion: str, prefix: str = "", suffix: str = "") -> Edit | None:
    """The minimal edit that a suggestion makes to a quote; None where it proposes none that fits.

    `prefix` and `suffix` are the text around the quote; the offsets of the edit are in
    `prefix + quote + suffix`, less the length of the prefix (so an edit that begins before the
    quote has a negative start).
    """
    for reading in readings(suggestion, quote):
        found = _edit_by(reading, quote, prefix, suffix)
        if found is not None:
            return found
    return None


def _edit_by(reading: str, quote: str, prefix: str, suffix: str) -> Edit | None:
    text = prefix + quote + suffix
    first, last = len(prefix), len(prefix) + len(quote)
    place = _place(text, first, last, reading)
    if place is None:
        return None
    edit = minimal_edit(text[place[0] : place[1]], reading)
    if edit is None:
        return None
    return Edit(place[0] + edit.start - first, place[0] + edit.end - first, edit.right)


def _place(text: str, first: int, last: int, reading: str) -> tuple[int, int] | None:
    """Which stretch of whole words, touching [first, last), `reading` is to stand for."""
    if not reading:
        return None
    whole = _trim(text, first, last)
    target = fold_text(reading)
    best: tuple[float, int, int] | None = None
    for start, end in [whole, *_stretches(text, first, last, len(words(reading)))]:
        piece = fold_text(text[start:end])
        longest = max(len(piece), len(target))
        if not longest or text[start:end] == reading:
            continue
        likeness = 1 - Levenshtein.distance(piece, target, score_cutoff=longest) / longest
        if likeness >= _CLOSE_ENOUGH and (best is None or likeness > best[0]):
            best = (likeness, start, end)
    return best[1:] if best else None


def _stretches(text: str, first: int, last: int, count: int) -> list[tuple[int, int]]:
    """Runs of about `count` whole words that overlap [first, last)."""
    spans = words(text)
    found = []
    for size in sorted({max(1, count - 1), count, count + 1} - {0}):
        for index in range(len(spans) - size + 1):
            start, end = spans[index][0], spans[index + size - 1][1]
            if start < max(last, first + 1) and end > first:
                found.append((start, end))
    return found


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _common_prefix(one: Sequence[str], other: Sequence[str]) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
