"""The verdict: one reading of a page, and one error."""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from core.text.edits import minimal_edit
from core.text.words import grow_to_words
from core.verdict.articles import (
    is_among_its_own,
    is_elsewhere,
    is_same_article,
    left_for_home,
)
from core.verdict.changes import around, compare, plain
from core.verdict.facts import Reading, Span, Verdict
from core.verdict.places import KNOWN_AGAIN, Place, counterpart

_GONE = (404, 410, 451)
_CODES = re.compile("&(?:#[0-9]+|#x[0-9a-f]+|[a-z]+[0-9]*);|\ufffd", re.IGNORECASE)
_STEM = 3  # letters from which a word is known again with another ending
_SLIP = 0.8  # likeness from which a correction mends letters of a word
_LIKE_THE_WORDS = 0.5  # likeness from which a correction says which words are to go


def judge(old_text: str, span: Span, reading: Reading, right: str | None = None) -> Verdict:
    """The verdict about the error at `span` of `old_text`, a text that had it.

    `old_text` is the page's main text as it was, or, where none is known, the words with the text
    around them. `right`: what should stand instead of the words at `span`, where that is known:
    it tells which part of them is wrong, and is never a reason by itself to believe in a repair.
    """
    if reading.http_status != 200:
        return Verdict("page_gone" if reading.http_status in _GONE else "unknown", "http_status")
    if not reading.text.strip():
        return Verdict("unknown", "no_text")
    words, span = old_text[slice(*span)], _wrong_part(old_text, span, right)
    found = counterpart(old_text, span, reading.text)
    known = found is not None and found.likeness >= KNOWN_AGAIN
    if left_for_home(reading) or not (known or is_same_article(old_text, reading)):
        return Verdict("page_gone", "other_text")
    if not reading.told and not is_among_its_own(old_text, span, reading):
        gone = is_elsewhere(reading)
        return Verdict("page_gone" if gone else "rewritten", "other_text", around(old_text, span))
    if found is None:
        return Verdict("rewritten", "place_gone", around(old_text, span))
    verdict = compare(found, as_written=is_typographic(words, right))
    if verdict.status == "fixed" and (
        _still_stand(words, right, found) or _goes_on(old_text[slice(*span)], right, found)
    ):
        return Verdict("unknown", "words_stand", verdict.before, verdict.after)
    if verdict.status == "fixed" and _is_garbled(right, found):
        return Verdict("unknown", "garbled", verdict.before, verdict.after)
    return verdict


def _is_garbled(right: str | None, place: Place) -> bool:
    """Whether letters of the new lines came out as codes: "балалар&#1171;а" is no correction.

    Articles about such codes have them too, and a correction may ask for one.
    """
    codes = [len(_CODES.findall(text)) for text in (place.new, place.old, right or "")]
    return codes[0] > codes[1] + codes[2]


def _still_stand(words: str, right: str | None, place: Place) -> bool:
    """Whether the wrong words stand in the new lines as often as in the old ones.

    Something was written beside them, or they were moved: what was to go has not gone. Capitals
    make no other words of them, unless capitals are the correction. A correction that is not like
    the words does not tell what was to go.
    """
    if right is None or not words.strip():
        return False
    if Levenshtein.normalized_similarity(words, right) < _LIKE_THE_WORDS:
        return False
    capitals = words.casefold() == right.casefold()
    wrong, wanted, old, new = (
        " ".join((text if capitals else text.casefold()).split())
        for text in (words, right, place.old, place.new)
    )
    ends = "" if len(wrong) >= _STEM else r"(?!\w)"  # an ending makes no other word of it
    whole = re.compile(rf"(?<!\w){re.escape(wrong)}{ends}")
    before = len(whole.findall(old))
    return before > 0 and not whole.search(wanted) and len(whole.findall(new)) >= before


def _goes_on(part: str, right: str | None, place: Place) -> bool:
    """Whether a wrong number stands as it stood and only has more beside it: "1995-2000"."""
    if right is None or not part.isdigit():
        return False
    number = re.compile(rf"(?<!\w){part}(?!\w)")
    before = len(number.findall(place.old))
    return 0 < before <= len(number.findall(place.new)) and not number.search(right)


def is_typographic(words: str, right: str | None) -> bool:
    """Whether a correction changes nothing but kinds of dashes, quotation marks and spaces."""
    return right is not None and words != right and plain(words) == plain(right)


def _wrong_part(text: str, span: Span, right: str | None) -> Span:
    """The part of the words at `span` that the correction changes; empty for an insertion.

    The letters of a slip. Where another number or another word is wanted the whole one is wrong:
    "1995" for "1985" is mended by "1984" too.
    """
    edit = minimal_edit(text[span[0] : span[1]], right) if right is not None else None
    if edit is None:
        return span
    start, end = span[0] + edit.start, span[0] + edit.end
    if start == end:
        return start, end
    grown = grow_to_words(text, start, end)
    first, last = min(start, grown[0]), max(end, grown[1])
    old, new = text[first:last], text[first:start] + edit.right + text[end:last]
    slip = Levenshtein.normalized_similarity(old, new) >= _SLIP
    if new and not (slip and not any(map(str.isdigit, old))):
        return first, last
    return start, end
