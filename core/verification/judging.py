"""One reading of a page and one case: what the page says about it.

All that is judged goes through `judge_reading`, the benchmark's cases too.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from core import verdict
from core.readings import Reading
from core.text.anchor import anchor
from core.text.edits import minimal_edit
from core.text.passage import passage_of
from core.text.stretch import stretch_at, stretches_at
from core.verdict import Verdict

Span = tuple[int, int]

_OK = 200
_AROUND = 24  # characters on each side that must stand as they did, for a correction as suggested
_TELLING = 8  # letters on each side of a quote from which its place is known without the page
# What nobody sees, and typesetters put anywhere.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile(r"\s+")
_SIGNS = str.maketrans({**dict.fromkeys("«»„“”‟", '"'), **dict.fromkeys("’‘ʼ′`´", "'")})


@dataclass(frozen=True, slots=True)
class Words:
    """What a case says is wrong, the text around it, and what should stand instead if known."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    right: str | None = None
    kind: str = "typo"

    @property
    def together(self) -> str:
        """The words in their context."""
        return self.prefix + self.exact + self.suffix

    def in_sentence(self, said: str) -> str:
        """What is said in the place of the words, in their sentence; a cut end shows …."""
        passage = passage_of(self.exact, self.prefix, self.suffix)
        return f"{passage.before}{said}{passage.after}".strip()


@dataclass(frozen=True, slots=True)
class Seen:
    """A text of the page in which the error stood, as we have read it ourselves, and where."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reading says. `verdict` is one of the contract's, `reason` a code.

    `before`, `after`: the sentence as it was and as it is. `as_suggested`: a `fixed` where exactly
    what was suggested stands at the very place.
    """

    verdict: str
    reason: str
    before: str | None = None
    after: str | None = None
    as_suggested: bool = False


def judge_reading(
    words: Words, seen: Seen | None, reading: Reading, url: str, text: str | None
) -> Judgement:
    """Judge a case by a reading of its page at `url`.

    `text` is the page's main text that the reading found, or found unchanged; None where it found
    none. Where we never saw the error on the page ourselves (`seen` is None: the page had been
    corrected before our first look, or only a browser renders it), only the words in their whole
    context, or the suggestion in it, say anything; all else is unknown. So is a link whose words
    stand as they stood: where it leads is not in the text.
    """
    judged = _judge(words, seen, reading, url, text)
    if words.kind == "link" and judged.verdict == "still_there":
        return Judgement("unknown", "link_unseen", judged.before, judged.after)
    return judged


def _judge(
    words: Words, seen: Seen | None, reading: Reading, url: str, text: str | None
) -> Judgement:
    if reading.fault is not None:
        return Judgement("unknown", reading.fault)
    status = _OK if reading.unchanged else reading.status or 0
    found = verdict.Reading(url, reading.final_url or url, status, text or "", reading.told)
    if seen is None:
        return _by_quote(words, found)
    if words.exact == words.right:  # the reader saw an older text than our first one
        return _by_suggestion(seen, found)
    if status == _OK and text == seen.text:
        sentence = stretch_at(seen.text, *seen.span)
        return Judgement("still_there", "same_words", sentence, sentence)
    old, new = _plain(words, seen, found)
    judged = verdict.judge(old.text, old.span, new, words.right)
    suggested = judged.status == "fixed" and _stands(words, old, new.text)
    says, reason = str(judged.status), judged.reason
    if says == "fixed" and not suggested and not _keeps_gap(words, old, judged.after or ""):
        says, reason = "rewritten", "surroundings_changed"
    return Judgement(says, reason, *_sentences(judged, old, new.text), suggested)


def _by_suggestion(seen: Seen, found: verdict.Reading) -> Judgement:
    """The judgement where the page had what was suggested when we first read it: does it stand?"""
    judged = verdict.judge(seen.text, seen.span, found)
    sentence = stretch_at(seen.text, *seen.span)
    if judged.status == "still_there":
        return Judgement("fixed", "suggestion_stands", sentence, sentence, True)
    if judged.status == "fixed":
        return Judgement("unknown", "never_seen", sentence, judged.after)
    return _as(judged)


def _by_quote(words: Words, found: verdict.Reading) -> Judgement:
    """The judgement where nothing but the reader's quote tells how the page was."""
    start = len(words.prefix)
    span = (start, start + len(words.exact))
    judged = verdict.judge(words.together, span, found, words.right)
    if judged.status in ("page_gone", "unknown"):
        return _as(judged)
    before = words.in_sentence(words.exact)
    if _stands_whole(words, words.exact, found.text):
        if stands_in(words.together, span, words.exact, words.right):
            return Judgement("fixed", "suggestion_stands", before, before, True)
        return Judgement("still_there", "same_words", before, before)
    if words.right is not None and _stands_whole(words, words.right, found.text):
        after = words.in_sentence(words.right)
        return Judgement("fixed", "suggestion_stands", before, after, True)
    return Judgement("unknown", "never_seen", before)


def _stands_whole(words: Words, exact: str, text: str) -> bool:
    """Whether words stand in a text with all their context, letter by letter."""
    if min(_letters(words.prefix), _letters(words.suffix)) < _TELLING:
        return False
    place = anchor(text, exact, words.prefix, words.suffix)
    if place is None or place.quality != "context" or not place.alone:
        return False
    return is_written(text[place.start : place.end], exact, words)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _stands(words: Words, seen: Seen, text: str) -> bool:
    """Whether the suggestion stands in the old surroundings, once, as it was suggested."""
    if words.right is None:
        return False
    start, end = seen.span
    before, after = seen.text[max(0, start - _AROUND) : start], seen.text[end : end + _AROUND]
    if verdict.is_typographic(words.exact, words.right):
        return text.count((before + words.right + after).strip()) == 1
    return _same(text).count(_same(before + words.right + after).strip()) == 1


def _plain(words: Words, seen: Seen, found: verdict.Reading) -> tuple[Seen, verdict.Reading]:
    """Both texts without what nobody sees, so that a typesetter's marks are no correction.

    Unless they are all that the case is about.
    """
    if words.right is not None and _visible(words.exact) == _visible(words.right):
        return seen, found
    start, end = (len(_visible(seen.text[:at])) for at in seen.span)
    plain = replace(found, text=_visible(found.text))
    return Seen(_visible(seen.text), (start, end)), plain


def _visible(text: str) -> str:
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _same(text: str) -> str:
    """A text as it is compared: unseen marks, kinds of spaces and of quotation marks aside."""
    return _SPACES.sub(" ", _visible(text).translate(_SIGNS))


def is_written(text: str, exact: str, words: Words) -> bool:
    """Whether a text is these words; sign by sign where kinds of signs are what is wrong."""
    if words.right is not None and verdict.is_typographic(words.exact, words.right):
        return _visible(text).strip() == _visible(exact).strip()
    return same_words(text, exact)


def same_words(one: str, other: str) -> bool:
    """Whether two quotes are the same words, letter by letter."""
    return _same(one).strip() == _same(other).strip()


def stands_in(text: str, span: Span, exact: str, right: str | None) -> bool:
    """Whether words at a place stand in their correction already, one that only adds to them."""
    at = -1 if right is None or not exact or same_words(right, exact) else right.find(exact)
    start = span[0] - at
    return (
        right is not None
        and 0 <= at <= span[0]
        and same_words(text[start : start + len(right)], right)
    )


def _keeps_gap(words: Words, old: Seen, after: str) -> bool:
    """Whether both neighbours of a gap still stand around what fills it now.

    Where something was left out, a change beside the gap is easily taken for what was to be added.
    """
    at = -1 if words.right is None or not words.exact else words.right.find(words.exact)
    if words.right is None or at < 0 or same_words(words.right, words.exact):
        return True
    gap = old.span[0] if at > 0 else old.span[1]
    left, right = old.text[:gap].split()[-1:], old.text[gap:].split()[:1]
    begins = after.find(left[0]) if left else 0
    return begins >= 0 and (not right or right[0] in after[begins + len("".join(left)) :])


def _sentences(judged: Verdict, old: Seen, text: str) -> tuple[str | None, str | None]:
    """The sentence as it was and as it is, of a verdict that shows the place then and now."""
    if judged.before is None:
        return None, judged.after
    if judged.after is None:
        return stretch_at(old.text, *old.span), None
    at = text.find(judged.after)
    if at < 0:
        return stretch_at(old.text, *old.span), judged.after
    edit = minimal_edit(judged.before, judged.after)
    place = at + min(edit.start if edit else 0, max(0, len(judged.after) - 1))
    return stretches_at(old.text, old.span, text, place)


def _as(judged: Verdict, as_suggested: bool = False) -> Judgement:
    return Judgement(judged.status, judged.reason, judged.before, judged.after, as_suggested)
