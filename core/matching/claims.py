"""What a report claims: the suggestion's edit grown to whole words, else the selection grown to words."""

from __future__ import annotations

from core.matching.facts import Claim, PageText, ReportFacts, Span
from core.text.anchor import anchor
from core.text.edits import Edit, edit_of
from core.text.words import grow_to_words

CONTEXT = 64
"""How much text on each side a claim carries, in code points."""


def claim_of(report: ReportFacts, page: PageText | None) -> Claim:
    """The claim of a report; with a span where the page's text is known and holds the quote.

    Readers' quotes are looked for in the newest version first; a place found there with all its
    context is believed at once, otherwise older versions (late readers) are asked too.
    """
    window = report.prefix + report.exact + report.suffix
    start, end = len(report.prefix), len(report.prefix) + len(report.exact)
    edit = _edit(report, start)
    first, last = (edit.start, edit.end) if edit else (start, end)
    first, last = grow_to_words(window, first, last)
    right = window[first : edit.start] + edit.right + window[edit.end : last] if edit else None
    position = None if report.start is None else report.start + first - start
    span = _span(report, page, (first - start, last - start))
    return Claim(
        exact=window[first:last],
        prefix=window[max(0, first - CONTEXT) : first],
        suffix=window[last : last + CONTEXT],
        right=right,
        certain=edit is not None,
        span=span,
        position=position,
    )


def _edit(report: ReportFacts, start: int) -> Edit | None:
    if not report.suggestion:
        return None
    edit = edit_of(report.exact, report.suggestion, report.prefix, report.suffix)
    return edit and Edit(edit.start + start, edit.end + start, edit.right)


def _span(report: ReportFacts, page: PageText | None, within: Span) -> Span | None:
    """The claim's place in the newest text; `within` is its place relative to the quote's start."""
    if page is None:
        return None
    place = anchor(page.folded[0], report.exact, report.prefix, report.suffix, report.start)
    if place is None:
        return None
    return grow_to_words(page.text, place.start + within[0], place.start + within[1])
