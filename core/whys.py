"""Why a report stands in its case, told from the codes and facts of its sorting."""

from collections.abc import Mapping
from typing import Any

from core.i18n import Translator, marked

_WHYS = {
    "first": marked("why", "First report: made this case."),
    "twin": marked("why", "Made this case: the same words stand elsewhere on the page too."),
    "neighbour": marked("why", "Made this case: another error of the same sentence is known."),
    "same_words": marked("why", "Joined: the same words at the same place."),
    "same_context": marked("why", "Joined: the same words with the same text around them."),
    "same_position": marked("why", "Joined: the same words at the same position."),
    "overlap": marked("why", "Joined: shares words with this case."),
    "narrower": marked("why", "Joined: says more exactly which words are meant."),
    "within": marked("why", "Joined: its selection holds the words of this case."),
}


def why_joined(t: Translator, match: Mapping[str, Any]) -> str:
    """One sentence; empty for a code that the desk does not know."""
    code = match.get("code")
    return t.pgettext(*_WHYS[code]) if code in _WHYS else ""
