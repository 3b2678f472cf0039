"""What a report claims: its suggestion's edit, else its selection, grown to whole words."""

from __future__ import annotations

from dataclasses import replace

from core.matching.facts import Claim, PageText, ReportFacts, Span
from core.text.anchor import Anchor, Quote, find, searchable
from core.text.carry import carry
from core.text.edits import Edit, edit_of, pointed_at
from core.text.saying import readings
from core.text.words import grow_to_words

CONTEXT = 64
"""How much text on each side a claim carries, in code points."""
_CLOSING = ",.;:!?…،؛؟，。；：！？、"  # marks that stand at the word before them
_AROUND = 160  # code points around a quote in which its claim may lie


def claim_of(report: ReportFacts, page: PageText | None) -> Claim:
    """The claim of a report; with a span where the page's text is known and holds the quote.

    The quote is looked for in the newest version first; a place found there with all its context
    is believed at once, otherwise older versions (late readers) are asked too, and what is found
    there is carried over to the newest text.
    """
    found = _find(report, page) if page else None
    if page is None or found is None:
        text = report.prefix + report.exact + report.suffix
        start = len(report.prefix)
        return _claim(report, text, (start, start + len(report.exact)))[0]
    version, place = found
    text = page.versions[version]
    offset = max(0, place.start - _AROUND)
    window = text[offset : place.end + _AROUND]
    claim, words = _claim(report, window, (place.start - offset, place.end - offset))
    span: Span | None = (offset + words[0], offset + words[1])
    if version and span is not None:
        span = carry([span], text, page.text)[0]
    return replace(claim, span=span, version=version)


def _find(report: ReportFacts, page: PageText) -> tuple[int, Anchor] | None:
    """(version, place) of the quote: the newest version with all its context, else the best."""
    quote = Quote.of(report.exact, report.prefix, report.suffix)
    best: tuple[int, Anchor] | None = None
    for version, text in enumerate(page.versions):
        place = find(searchable(text), quote, page.hint(version, report.start))
        if place is None:
            continue
        if place.quality == "context":
            return version, place
        if best is None or _rank(place) > _rank(best[1]):
            best = (version, place)
    return best


def _rank(place: Anchor) -> tuple[bool, float]:
    return place.quality == "exact", place.agreement


def _words(report: ReportFacts, text: str, quote: Span) -> tuple[Span, Edit | None]:
    """The claimed words of a report whose quote stands at `quote` in `text`, and its edit."""
    grown = _selected(text, quote)
    edit = None
    if report.suggestion:
        edit = edit_of(
            text[quote[0] : quote[1]], report.suggestion, text[: quote[0]], text[quote[1] :]
        )
    if edit is None:
        pointed = pointed_at(text[quote[0] : quote[1]], report.suggestion or "")
        if pointed is not None:
            return grow_to_words(text, quote[0] + pointed[0], quote[0] + pointed[1]), None
        return grown, None
    edit = replace(edit, start=edit.start + quote[0], end=edit.end + quote[0])
    mark = _at_its_word(text, edit)
    if mark is not None:
        return grow_to_words(text, mark.start, mark.end), mark
    if edit.start == edit.end and any(map(str.isalnum, edit.right)):
        # A missing word is claimed by the words on both sides of the gap: readers mark either.
        before = grow_to_words(text, edit.start - 1, edit.start)
        after = grow_to_words(text, edit.end, edit.end + 1)
        claimed = (before[0], after[1]) if before[0] < edit.start else after
        return claimed, edit
    claimed = grow_to_words(text, edit.start, edit.end)
    if claimed[0] == claimed[1]:
        claimed = _marks_at(text, claimed[0])
    if claimed[0] >= grown[1] or claimed[1] <= grown[0]:
        return grown, None
    # A space that is changed together with the word beside it is claimed with it.
    return (min(claimed[0], edit.start), max(claimed[1], edit.end)), edit


def _at_its_word(text: str, edit: Edit) -> Edit | None:
    """A missing comma or point at the word it belongs to, where the word after it was marked."""
    mark = edit.right.strip()
    if edit.start < edit.end or not mark or mark.strip(_CLOSING):
        return None
    at = len(text[: edit.start].rstrip())
    return replace(edit, start=at, end=at, right=mark) if 0 < at < edit.start else None


def _selected(text: str, quote: Span) -> Span:
    """The selection grown to words; a selected punctuation mark stands for itself."""
    start, end = quote
    marks = text[start:end].strip()
    if marks and not any(map(str.isalnum, marks)):
        start += text[start:end].index(marks[0])
        return start, start + len(marks)
    return grow_to_words(text, start, end)


def _wanted(report: ReportFacts) -> str | None:
    found = readings(report.suggestion or "", report.exact)
    return found[0].right if found else None


def _marks_at(text: str, at: int) -> Span:
    """The run of punctuation that touches `at`, where no word does."""
    start = end = at
    while start > 0 and not (text[start - 1].isspace() or text[start - 1].isalnum()):
        start -= 1
    while end < len(text) and not (text[end].isspace() or text[end].isalnum()):
        end += 1
    return start, end


def _claim(report: ReportFacts, text: str, quote: Span) -> tuple[Claim, Span]:
    """The claim of a report whose quote stands at `quote` in `text`, and where its words are."""
    (first, last), edit = _words(report, text, quote)
    claim = Claim(
        exact=text[first:last],
        prefix=text[max(0, first - CONTEXT) : first],
        suffix=text[last : last + CONTEXT],
        right=text[first : edit.start] + edit.right + text[edit.end : last] if edit else None,
        certain=edit is not None and edit.single,
        position=None if report.start is None else report.start + first - quote[0],
        wanted=_wanted(report) if edit is None else None,
    )
    return claim, (first, last)
