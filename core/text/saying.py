"""What a reader may have meant by a suggestion: the words that should stand, out of what is said.

Readers answer "what should stand instead" in many ways: only the right word, "надо: …", "wrong →
right", "вместо X надо Y", in quotation marks, with a full stop of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from core.text.fold import fold

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
# Both words in one sentence: "вместо X надо Y". Believed where X stands in the quote.
_WRONG, _RIGHT = "(?P<wrong>.+?)", "(?P<right>.+?)"
_PAIRS = [
    re.compile(told.replace("X", _WRONG).replace("Y", _RIGHT), re.IGNORECASE)
    for told in (
        r"вместо\s+X[\s,—–-]+(?:надо|нужно|должно\s+быть|следует|правильно|лучше)\s*:?\s+Y",
        r"не\s+X,\s*а\s+Y",
        r"Y,?\s+(?:вместо|а\s+не|не)\s+X",
        r"X\s+емес,?\s+Y",
        r"X\s+(?:деген(?:нің)?\s+|сөзінің\s+)?орнына\s+Y",
        r"замість\s+X[\s,—–-]+(?:треба|потрібно|слід|має\s+бути)\s*:?\s+Y",
        r"instead\s+of\s+X[\s,—–-]+(?:should\s+be|write|use|put)\s*:?\s+Y",
        r"not\s+X,?\s+but\s+Y",
        r"Y,?\s+(?:instead\s+of|rather\s+than|not)\s+X",
        r"X[\s,—–-]+(?:надо|нужно|должно\s+быть|правильно|дұрысы|треба|should\s+be|must\s+be)\s*:?\s+Y",
        r"X\s*/\s*Y",
    )
]
_ALIKE = 0.5  # likeness from which two words are the wrong one and the right one
_QUOTED = re.compile(r"^\s*[«\"“„‟”‘'「『](?P<inner>.+)[»\"”“‟’'」』]\s*[.!]?\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader may have meant: put `right`; where `wrong` is told, in place of that."""

    right: str
    wrong: str | None = None


def readings(suggestion: str, quote: str) -> list[Reading]:
    """What the reader may have meant by `suggestion`, the likeliest first; empty for "?" and "!!".

    Lead-in words, arrows, quotation marks and an exclamation mark of the reader's own go, but not
    where the quote has them too.
    """
    if not suggestion.strip("?! "):
        return []
    text, wrong = suggestion, None
    pair = _pair(suggestion, quote)
    if pair:
        wrong, text = pair
    elif _ARROW.search(text) and not _ARROW.search(quote):
        wrong, *_, text = _ARROW.split(text)
    if not _LEAD_IN.match(quote):
        text = _LEAD_IN.sub("", text, count=1)
    if not _QUOTED.match(quote):
        text = _unquoted(text)
    text = text.strip()
    if text.endswith(("!", "?")) and text[-1] not in quote:
        text = text.rstrip("!?").rstrip()
    plain = Reading(suggestion.strip())
    return [Reading(text, wrong), plain] if text and text != plain.right else [plain]


def _pair(suggestion: str, quote: str) -> tuple[str, str] | None:
    """(wrong, right) where a reader names both.

    The wrong words stand in the quote, the right ones do not and are like them: a sentence that is
    written anew has "not" and "instead of" in it too.
    """
    stands = fold(quote).text
    for told in _PAIRS:
        found = told.fullmatch(suggestion.strip())
        if found is None:
            continue
        wrong, right = (_unquoted(found[name]) for name in ("wrong", "right"))
        before, after = fold(wrong).text, fold(right).text
        alike = OSA.normalized_similarity(before, after) >= _ALIKE
        if (
            alike
            and after not in stands
            and re.search(rf"(?<!\w){re.escape(before)}(?!\w)", stands)
        ):
            return wrong, right
    return None


def _unquoted(text: str) -> str:
    quoted = _QUOTED.match(text)
    return (quoted["inner"] if quoted else text).strip()
