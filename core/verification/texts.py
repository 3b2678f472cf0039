"""Where the error of a case stood on its page, in the texts that were kept."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Case, PageVersion, Report
from core.text.anchor import anchor
from core.text.fold import fold_text
from core.verdict import is_typographic
from core.verification.judging import Seen, Words, is_written, same_words, stands_in

_NEIGHBOURS = 60  # characters in which the words beside a place are looked for
_LAST = re.compile(r"\S*\s*\S*\Z")
_FIRST = re.compile(r"\S*\s*\S*")
_AGREES = 0.8  # the share of its context with which a quote is believed to stand at a place

Place = tuple[PageVersion, tuple[int, int]]


class KeptTexts:
    """The kept texts of one page, as they are before a new reading is stored."""

    def __init__(self, session: Session, page_id: int) -> None:
        self._session = session
        self._page_id = page_id

    @cached_property
    def versions(self) -> Sequence[PageVersion]:
        """The newest first."""
        query = select(PageVersion).where(PageVersion.page_id == self._page_id)
        return self._session.scalars(query.order_by(PageVersion.number.desc())).all()

    @property
    def newest(self) -> str | None:
        """The text in which the places of cases count; None where none was kept."""
        return self.versions[0].text if self.versions else None

    def seen(self, case: Case) -> Seen | None:
        """Where the error stood the last time we saw it, and remember it with the case.

        At the case's place in the newest text, or in the text that the case remembers; else
        wherever its words stand in their context. None where no kept text has them. A correction
        that only adds something leaves the words where they were: a text that has it, or other
        neighbours beside the words than the remembered one, is none in which the error stood.
        """
        newest, remembered = self._newest_place(case), self._remembered_place(case)
        if newest is not None and remembered is not None and _differ_beside(newest, remembered):
            newest = None
        places = [place for place in (newest, remembered) if place and not _is_right(case, *place)]
        for version, span in places:
            if is_written(version.text[slice(*span)], case.exact, _words(case)):
                return _remember(case, version, span)
        for version in self.versions:
            found = _find(case, version.text)
            if found is not None and not _is_right(case, version, found):
                return _remember(case, version, found)
        if is_typographic(case.exact, _right(case)):
            return None
        for version, span in places:  # a style sheet may have changed the case
            if fold_text(version.text[slice(*span)]) == fold_text(case.exact):
                return _remember(case, version, span)
        return None

    def _newest_place(self, case: Case) -> Place | None:
        if not self.versions or case.span_start is None or case.span_end is None:
            return None
        return self.versions[0], (case.span_start, case.span_end)

    def _remembered_place(self, case: Case) -> Place | None:
        if case.seen_version is None or case.seen_start is None or case.seen_end is None:
            return None
        kept = [version for version in self.versions if version.number == case.seen_version]
        return (kept[0], (case.seen_start, case.seen_end)) if kept else None


def words_of(session: Session, cases: Sequence[Case]) -> dict[int, Words]:
    """What each case says is wrong, and what should stand instead, by the case's number.

    A case whose words are what its reader suggested comes from an older text than the first that
    we read: it keeps no suggestion of its own, since nothing is left to change.
    """
    bare = [case.id for case in cases if case.suggestion is None and case.claim_right is None]
    query = select(Report.case_id, Report.suggestion).where(
        Report.case_id.in_(bare), Report.suggestion.is_not(None)
    )
    proposed = {tuple(row) for row in session.execute(query)} if bare else set()
    words = {}
    for case in cases:
        words[case.id] = _words(case)
        if words[case.id].right is None and (case.id, case.exact) in proposed:
            words[case.id] = replace(words[case.id], right=case.exact)
    return words


def _find(case: Case, text: str) -> tuple[int, int] | None:
    place = anchor(text, case.exact, case.prefix, case.suffix)
    if place is None or place.quality == "approximate" or not place.alone:
        return None
    believed = place.quality == "context" or place.agreement >= _AGREES
    span = place.start, place.end
    written = is_written(text[slice(*span)], case.exact, _words(case))
    return span if believed and written else None


def _right(case: Case) -> str | None:
    return case.suggestion if case.suggestion is not None else case.claim_right


def _words(case: Case) -> Words:
    return Words(case.exact, case.prefix, case.suffix, _right(case), case.kind)


def _is_right(case: Case, version: PageVersion, span: tuple[int, int]) -> bool:
    """Whether the words at a place stand in the very correction, which only adds to them."""
    return stands_in(version.text, span, case.exact, _right(case))


def _differ_beside(one: Place, other: Place) -> bool:
    """Whether what stands next to the words at two places is not the same."""
    return not all(map(same_words, _beside(*one), _beside(*other)))


def _beside(version: PageVersion, span: tuple[int, int]) -> tuple[str, str]:
    """What is written at the edges of a place, each with the next word."""
    before = _LAST.search(version.text[max(0, span[0] - _NEIGHBOURS) : span[0]])
    after = _FIRST.match(version.text[span[1] : span[1] + _NEIGHBOURS])
    return (before.group() if before else "", after.group() if after else "")


def _remember(case: Case, version: PageVersion, span: tuple[int, int]) -> Seen:
    if (case.seen_version, case.seen_start, case.seen_end) != (version.number, *span):
        case.seen_version = version.number
        case.seen_start, case.seen_end = span
    return Seen(version.text, span)
