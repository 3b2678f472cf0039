"""Locate, preview, apply, revert: the same for every system, and never a write on a guess.

Each answers one of four: done, already right, not found, context changed. What is written depends
on what was seen: whoever applies names the state that they were shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.cms.contract import (
    Adapter,
    ChangedMeanwhileError,
    CmsError,
    Document,
    OtherPageError,
    Sought,
)
from core.cms.retyping import Edit
from core.cms.source import Correction, Miss, Words, apply_edits, correct


class Outcome(StrEnum):
    """What came of it."""

    DONE = "done"
    ALREADY_RIGHT = "already_right"
    NOT_FOUND = "not_found"
    CONTEXT_CHANGED = "context_changed"


_OUTCOMES = {
    Miss.ALREADY_RIGHT: Outcome.ALREADY_RIGHT,
    Miss.CONTEXT_CHANGED: Outcome.CONTEXT_CHANGED,
}
_TELLING = (
    Miss.SEVERAL,
    Miss.ALREADY_RIGHT,
    Miss.MARKUP,
    Miss.CONTEXT_CHANGED,
    Miss.NO_SUGGESTION,
    Miss.NOT_FOUND,
)
_LAST = "excerpt"  # often repeats the text, and is seldom what the page shows


@dataclass(frozen=True)
class Preview:
    """What would change. With the outcome `done` there is a correction of one field.

    `miss` says why not. `expected` is the state that an apply has to name.
    """

    outcome: Outcome
    document: Document | None = None
    field: str = ""
    correction: Correction | None = None
    miss: Miss | None = None

    @property
    def expected(self) -> str:
        """The state of the document that was looked at."""
        return self.document.state if self.document else ""


@dataclass(frozen=True)
class Applied:
    """What came of a write.

    `after` is the document as it stands now; `inverse` makes the field what it was, as long as
    the document is in the state `state`.
    """

    outcome: Outcome
    after: Document | None = None
    field: str = ""
    inverse: tuple[Edit, ...] = ()
    miss: Miss | None = None

    @property
    def state(self) -> str:
        """The state that was left behind."""
        return self.after.state if self.after else ""


def locate(adapter: Adapter, sought: Sought) -> Document | None:
    """The document behind a page. Raises CmsError."""
    try:
        return adapter.find(sought)
    except OtherPageError:
        return None


def preview(adapter: Adapter, sought: Sought, words: Words) -> Preview:
    """What a correction would change, in the source as it is now. Raises CmsError."""
    try:
        document = adapter.find(sought)
    except OtherPageError:
        return Preview(Outcome.NOT_FOUND, miss=Miss.OTHER_PAGE)
    if document is None:
        return Preview(Outcome.NOT_FOUND)
    return _planned(adapter, document, words)


def apply(adapter: Adapter, sought: Sought, words: Words, expected: str) -> Applied:
    """Write a correction, if the document is still in the state that was shown.

    Whatever else has changed in it since, nothing is written: somebody may be at work on it.
    Raises CmsError.
    """
    try:
        document = adapter.find(sought)
    except OtherPageError:
        return Applied(Outcome.NOT_FOUND, miss=Miss.OTHER_PAGE)
    if document is None:
        return Applied(Outcome.NOT_FOUND)
    planned = _planned(adapter, document, words)
    if document.state != expected:
        is_right = planned.outcome is Outcome.ALREADY_RIGHT
        return Applied(Outcome.ALREADY_RIGHT if is_right else Outcome.CONTEXT_CHANGED, document)
    if planned.correction is None:
        return Applied(planned.outcome, document, miss=planned.miss)
    return _written(adapter, document, planned.field, planned.correction.corrected, planned)


def revert(
    adapter: Adapter, document_id: str, state: str, field: str, inverse: Sequence[Edit]
) -> Applied:
    """Take a correction back, if nobody has changed the document since. Raises CmsError."""
    document = adapter.read(document_id)
    if document is None:
        return Applied(Outcome.NOT_FOUND)
    if document.state != state or field not in document.fields:
        return Applied(Outcome.CONTEXT_CHANGED, document)
    return _written(adapter, document, field, apply_edits(document.fields[field], inverse), None)


def _written(
    adapter: Adapter, document: Document, field: str, source: str, planned: Preview | None
) -> Applied:
    try:
        after = adapter.write(document, {field: source})
    except ChangedMeanwhileError:
        return Applied(Outcome.CONTEXT_CHANGED, document)
    except CmsError as fault:
        after = _written_all_the_same(adapter, document, field, source, fault)
    correction = planned.correction if planned else None
    kept = after.fields.get(field) == source  # else the system has rewritten it in its own way
    return Applied(Outcome.DONE, after, field, correction.inverse if correction and kept else ())


def _written_all_the_same(
    adapter: Adapter, document: Document, field: str, source: str, fault: CmsError
) -> Document:
    """The document, if it has what was to be written although no good answer came.

    A system may write and then answer too late. Raises the fault where it has not, or where it
    cannot be read.
    """
    try:
        after = adapter.read(document.id)
    except CmsError:
        raise fault from None
    if after is None or after.fields.get(field) != source:
        raise fault
    return after


def _planned(adapter: Adapter, document: Document, words: Words) -> Preview:
    """The one field in which the words stand, in one place; else why not."""
    found = {
        name: correct(source, words, shortcodes=adapter.shortcodes)
        for name, source in document.fields.items()
    }
    corrections = {name: made for name, made in found.items() if isinstance(made, Correction)}
    if len(corrections) > 1:
        corrections.pop(_LAST, None)
    misses = {made for made in found.values() if isinstance(made, Miss)}
    if len(corrections) > 1 or Miss.SEVERAL in misses:
        return _missed(document, Miss.SEVERAL)
    for name, made in corrections.items():
        return Preview(Outcome.DONE, document, name, made)
    return _missed(document, next((m for m in _TELLING if m in misses), Miss.NOT_FOUND))


def _missed(document: Document, miss: Miss) -> Preview:
    return Preview(_OUTCOMES.get(miss, Outcome.NOT_FOUND), document, miss=miss)
