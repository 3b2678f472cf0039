"""An error as it is shown to people: in its sentence, and as a pair of wrong and right."""

import re
from dataclasses import dataclass

from core.text.difference import Piece, diff
from core.text.words import sentence_around, words

ELLIPSIS = "…"
_CUT_CONTEXT = 56  # a context of this length was cut by the snippet (64), perhaps within a word
_SHORT = 3  # characters that say little by themselves
_NEAR = 2  # how far away the word beside them may be
_LONG = 28  # a longer stretch that both texts share is shortened
_BEGINS_A_WORD = re.compile(r"[^\W_]|[(\[«“„\"—–…]")
_ENDS = " .,;:!?)»”…"  # what a context may begin with is the end of a sentence before it
_READ = 120  # characters beside a change that who reads the whole sentence sees of it


@dataclass(frozen=True, slots=True)
class Passage:
    """The words in question with the rest of their sentence. A cut end shows …."""

    before: str
    exact: str
    after: str

    @property
    def without(self) -> str:
        """The sentence once the words have gone: no space is left double, or before a sign."""
        after = self.after.lstrip()
        gap = " " if after and self.before.strip() and _BEGINS_A_WORD.match(after) else ""
        return f"{self.before.rstrip()}{gap}{after}"


@dataclass(frozen=True, slots=True)
class Pair:
    """What stands and what should stand. Side by side, because a struck letter reads as another."""

    wrong: tuple[Piece, ...]
    right: tuple[Piece, ...]

    @property
    def wrong_text(self) -> str:
        """The wrong side as plain text."""
        return "".join(piece.text for piece in self.wrong)

    @property
    def right_text(self) -> str:
        """The right side as plain text; empty where something is only to go."""
        return "".join(piece.text for piece in self.right)


def passage_of(exact: str, prefix: str, suffix: str) -> Passage:
    """The sentence around a quote, as far as its context reaches."""
    text = prefix + exact + suffix
    start, end = len(prefix), len(prefix) + len(exact)
    first, last = sentence_around(text, start, end)
    before, after = text[first:start], text[end:last]
    if first == 0 and len(prefix) >= _CUT_CONTEXT:
        before = ELLIPSIS + before.partition(" ")[2] if " " in before.strip() else ELLIPSIS + before
    if last >= len(text.rstrip()) and len(suffix) >= _CUT_CONTEXT:
        after = after.rpartition(" ")[0] + ELLIPSIS if " " in after.strip() else after + ELLIPSIS
    return Passage(before, exact, after)


def beside(passage: Passage, prefix: str, suffix: str) -> tuple[str, str]:
    """What is known of the text before and after the sentence of a passage. A cut end shows …."""
    before = prefix[: len(prefix) - len(passage.before)]
    after = suffix[len(passage.after) :]
    if len(prefix) >= _CUT_CONTEXT:
        before = before.partition(" ")[2]
    before = before.lstrip(_ENDS)
    if len(suffix) >= _CUT_CONTEXT:
        after = after.rpartition(" ")[0]
    if passage.before.startswith(ELLIPSIS) or not before.strip():
        before = ""
    if passage.after.endswith(ELLIPSIS) or not after.strip():
        after = ""
    gap = "" if after[-1:].isalnum() else " "  # four dots in a row would be a slip of ours
    return (ELLIPSIS + before if before else "", after + gap + ELLIPSIS if after else "")


def pair_of(exact: str, suggestion: str | None, prefix: str = "", suffix: str = "") -> Pair | None:
    """The difference as a pair; None where nothing, or the same, is proposed.

    An empty suggestion is one too: the words shall go. What would say little by itself (a word
    that goes, a number, a letter) takes the word beside it along, so that a word written twice
    reads "the the → the".
    """
    if suggestion is None or suggestion == exact:
        return None
    wrong, right = exact, suggestion
    if not suggestion.strip() or len(exact.strip()) < _SHORT:
        wrong, right = _with_neighbour(exact, suggestion, prefix, suffix)
    pieces = diff(wrong, right)
    return Pair(
        _shortened([piece for piece in pieces if piece.kind != "ins"]),
        _shortened([piece for piece in pieces if piece.kind != "del"]),
    )


def whole_pair(before: str, after: str | None) -> Pair | None:
    """The difference of two sentences, for who reads them whole; None as for `pair_of`.

    Only what lies far from every change is left out, between words.
    """
    if after is None or after == before:
        return None
    pieces = diff(before, after)
    return Pair(
        _trimmed([piece for piece in pieces if piece.kind != "ins"]),
        _trimmed([piece for piece in pieces if piece.kind != "del"]),
    )


def _with_neighbour(exact: str, right: str, prefix: str, suffix: str) -> tuple[str, str]:
    """Both sides with the word before them, else with the one after."""
    before, after = words(prefix), words(suffix)
    if before and len(prefix) - before[-1][1] <= _NEAR:
        text = prefix[before[-1][0] :]
        return text + exact, text + right
    if after and after[0][0] <= _NEAR:
        text = suffix[: after[0][1]]
        return exact + text, right + text
    return exact, right


def _shortened(pieces: list[Piece]) -> tuple[Piece, ...]:
    """What both sides share, cut down to the words next to a change."""
    last = len(pieces) - 1
    return tuple(
        Piece("same", _cut(piece.text, head=index > 0, tail=index < last), False)
        if piece.kind == "same"
        else piece
        for index, piece in enumerate(pieces)
    )


def _trimmed(pieces: list[Piece]) -> tuple[Piece, ...]:
    """What both sides share, cut where it is far from a change. A cut end shows …, no space."""
    last = len(pieces) - 1
    return tuple(
        Piece("same", _near(piece.text, index > 0, index < last), False)
        if piece.kind == "same"
        else piece
        for index, piece in enumerate(pieces)
    )


def _near(text: str, head: bool, tail: bool) -> str:
    if len(text) <= _READ * (head + tail) or not (head or tail):
        return text
    start, end = text[:_READ], text[-_READ:]
    start, end = start.rpartition(" ")[0] or start, end.partition(" ")[2] or end
    if head and tail:
        return f"{start} {ELLIPSIS} {end}"
    return f"{start}{ELLIPSIS}" if head else f"{ELLIPSIS}{end}"


def _cut(text: str, head: bool, tail: bool) -> str:
    if len(text) <= _LONG:
        return text
    spans = words(text)
    if len(spans) < 4:
        return text
    start = text[: spans[1][1]] if head else ""
    end = text[spans[-2][0] :] if tail else ""
    if not (head or tail):
        return text
    return f"{start} {ELLIPSIS}{f' {end}' if end else ''}" if start else f"{ELLIPSIS} {end}"
