"""Whether a page is still the same article."""

from __future__ import annotations

import re

from core.text.fold import fold_text
from core.text.urls import is_home, normalise
from core.verdict.facts import Reading, Span

TELLING = 300
"""Characters of old text from which the share that is left says anything."""
_LEFT = 0.16  # share of the old text that has to be left for the page to be the same article
_LEFT_OF_IDEOGRAPHS = 0.32  # more by chance: runs of few signs are alike in all texts
_BESIDE = 0.25  # share of the other lines that is left where one is known again
_BESIDE_OF_IDEOGRAPHS = 0.4
_ONE_LINE = 60  # characters of other lines below which there are none to speak of
_LEFT_ELSEWHERE = 0.5  # where the address has changed too
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def is_same_article(old_text: str, reading: Reading) -> bool:
    """Whether enough of the old text is left; a redirect has to bring more of it along."""
    return len(old_text) < TELLING or _is_left(old_text, reading, _LEFT, _LEFT_OF_IDEOGRAPHS)


def is_among_its_own(old_text: str, span: Span, reading: Reading) -> bool:
    """Whether the line with the error stands among others of its article.

    A list of articles has a headline or a lead of it too, and so has an error page that says 200.
    """
    start, end = old_text.rfind("\n", 0, span[0]) + 1, old_text.find("\n", span[1])
    others = old_text[:start] + (old_text[end:] if end >= 0 else "")
    is_alone = len(others.strip()) < _ONE_LINE
    return is_alone or _is_left(others, reading, _BESIDE, _BESIDE_OF_IDEOGRAPHS)


def _is_left(text: str, reading: Reading, enough: float, enough_of_ideographs: float) -> bool:
    """Whether a share of a text is left that is enough for its script."""
    is_han = len(_IDEOGRAPHS.findall(text)) > len(text) * 0.2
    wanted = enough_of_ideographs if is_han else enough
    if is_elsewhere(reading):
        wanted = max(wanted, _LEFT_ELSEWHERE)
    return share_left(text, reading.text, 5 if is_han else 12) >= wanted


def is_elsewhere(reading: Reading) -> bool:
    """Whether a redirect has led to another address."""
    try:
        return normalise(reading.url) != normalise(reading.final_url)
    except ValueError:
        return False


def left_for_home(reading: Reading) -> bool:
    """Whether a redirect has led to the home page."""
    return is_elsewhere(reading) and is_home(normalise(reading.final_url))


def share_left(old_text: str, new_text: str, size: int) -> float:
    """How much of a text is left in another: the share of its runs of `size` letters, 0 … 1."""
    before, after = (fold_text(text).replace(" ", "") for text in (old_text, new_text))
    runs = {before[at : at + size] for at in range(len(before) - size + 1)}
    there = {after[at : at + size] for at in range(len(after) - size + 1)}
    return len(runs & there) / max(1, len(runs))
