"""A case's words found in HTML source, and put right without touching anything else.

Exactly one place or nothing: a correction in the wrong sentence is worse than none. What a browser
shows differs from what the editor's field holds, so letters are compared and the rest is not:
tags may stand anywhere, entities stand for their characters, white space is white space, marks
that nobody sees do not count, and a typographic sign is the plain one that it was made from.
Letters that only look alike are different letters: they are what many cases are about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.cms.markup import shortcode_spans
from core.cms.places import Place, Source
from core.cms.retyping import Edit, retyped
from core.cms.streams import Quote, letters_of

Edits = tuple[Edit, ...]


class Miss(StrEnum):
    """Why nothing can be corrected."""

    ALREADY_RIGHT = "already_right"
    NOT_FOUND = "not_found"
    SEVERAL = "several"  # more than one place fits
    CONTEXT_CHANGED = "context_changed"  # the words are there, in other surroundings
    MARKUP = "markup"  # the correction would have to change tags
    NO_SUGGESTION = "no_suggestion"
    OTHER_PAGE = "other_page"  # the document that was found is another page's


@dataclass(frozen=True, slots=True)
class Words:
    """What is wrong, the text around it as the page shows it, and what should stand instead."""

    exact: str
    prefix: str
    suffix: str
    right: str | None

    def reversed(self) -> Words:
        """The same the other way round: to take a correction back."""
        return Words(self.right or "", self.prefix, self.suffix, self.exact)


@dataclass(frozen=True, slots=True)
class Correction:
    """What has to change in a source. `edits` are in order and do not overlap."""

    source: str
    edits: Edits

    @property
    def corrected(self) -> str:
        """The source as it should be."""
        return apply_edits(self.source, self.edits)

    @property
    def inverse(self) -> Edits:
        """The edits that make the source of the corrected one again."""
        undone, shift = [], 0
        for edit in self.edits:
            start = edit.start + shift
            undone.append(Edit(start, start + len(edit.text), self.source[edit.start : edit.end]))
            shift += len(edit.text) - (edit.end - edit.start)
        return tuple(undone)


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """The source with edits made."""
    parts, at = [], 0
    for edit in edits:
        parts += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join(parts) + source[at:]


def correct(source: str, words: Words, *, shortcodes: bool = False) -> Correction | Miss:
    """How to put a case's words right in a source, or why that cannot be done.

    With `shortcodes`, what looks like one of WordPress's is not text; if the words are not found
    so, brackets that are text after all (`[sic]`) are looked at, but nothing inside them.
    """
    if words.right is None:
        return Miss.NO_SUGGESTION
    found = _correct(Source(source, shortcodes), words, words.right)
    if found is Miss.NOT_FOUND and shortcodes:
        plain = _correct(Source(source, shortcodes=False), words, words.right)
        if isinstance(plain, Correction) and not _in_shortcode(source, plain.edits, words):
            return plain
    return found


def _correct(source: Source, words: Words, right: str) -> Correction | Miss:
    wrong = source.places(Quote(words.prefix, words.exact, words.suffix))
    fixed = source.places(Quote(words.prefix, right, words.suffix))
    if fixed and (not wrong or fixed[0].rank < wrong[0].rank):
        return Miss.ALREADY_RIGHT
    if not wrong:
        exact = letters_of(words.exact)
        return Miss.CONTEXT_CHANGED if exact and exact in source.stream.text else Miss.NOT_FOUND
    best = [place for place in wrong if place.rank == 0] or wrong
    if len(best) > 1:
        return Miss.SEVERAL
    for wider in _closed_up(words, best[0]):
        again = source.places(Quote(wider.prefix, wider.exact, wider.suffix))
        place = next((each for each in again if each.start == best[0].start), None)
        made = _rewritten(source, place, wider.exact, right) if place else Miss.MARKUP
        if isinstance(made, Correction):
            return made
    return _rewritten(source, best[0], words.exact, right)


def _closed_up(words: Words, place: Place) -> Iterator[Words]:
    """Words that go wholly take the space before them along, at an opening the one after."""
    exact, prefix, suffix = words.exact, words.prefix, words.suffix
    if words.right or not exact.strip() or exact != exact.strip():
        return
    if prefix[-1:].isspace() and not suffix[:1].isalnum() and not place.opens:
        yield Words(prefix[-1] + exact, prefix[:-1], suffix, words.right)
    elif suffix[:1].isspace() and (place.opens or not prefix[-1:].isalnum()):
        yield Words(exact + suffix[0], prefix, suffix[1:], words.right)


def _rewritten(source: Source, place: Place, exact: str, right: str) -> Correction | Miss:
    """The edits at a place, believed only if they do what they should and nothing else."""
    edits: list[Edit] = []
    for wanted in retyped(exact, right):
        made = place.edits(wanted, source.shortcodes)
        if made is None:
            return Miss.MARKUP
        edits += made
    correction = Correction(source.text, tuple(sorted(edits, key=lambda edit: edit.start)))
    after = Source(correction.corrected, source.shortcodes)
    if after.skeleton != source.skeleton:
        return Miss.MARKUP
    if not edits or after.stream.text != place.stream_with(right):
        return Miss.MARKUP
    return correction


def _in_shortcode(source: str, edits: Edits, words: Words) -> bool:
    """Whether edits fall into what looks like a shortcode and was not read as text on the page."""
    read = words.prefix + words.exact + words.suffix
    return any(
        start <= edit.start < end and source[start:end] not in read
        for start, end in shortcode_spans(source)
        for edit in edits
    )
