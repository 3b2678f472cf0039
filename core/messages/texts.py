"""A case in few words: its title, its pair, and the letters that look like others."""

from core.i18n import Translator
from core.models import Case, Page
from core.text.lookalikes import Oddity, oddities
from core.text.passage import Pair, pair_of

_PAIR_LENGTH = 90


def title_of(page: Page) -> str:
    """What an article is called; its address where it has no title."""
    return " ".join((page.title or "").split()) or page.link


def words_of(case: Case, t: Translator) -> str:
    """The pair if it is short, else the words in question. Empty where a reader has erased them.

    What looks alike on both sides is named, and a space at an edge can be seen.
    """
    pair = shown_pair(case)
    if pair is not None:
        sides = f"{_seen(pair.wrong_text)} → {_seen(pair.right_text.rstrip()) or '—'}"
        names = ", ".join(oddities_of(case, t))
        text = f"{sides} ({names})" if names else sides
        if len(text) <= _PAIR_LENGTH:
            return text
    if not case.exact:
        return ""
    return t.gettext("“{words}”", words=cut(case.exact, _PAIR_LENGTH))


def shown_pair(case: Case) -> Pair | None:
    """What stands and what should; None where nobody proposed anything, or all is erased."""
    if not case.exact:
        return None
    return pair_of(case.exact, case.suggestion, case.prefix, case.suffix)


def oddities_of(case: Case, t: Translator) -> list[str]:
    """Letters of another script and invisible characters among the words, by name, each once."""
    names = [_oddity_name(oddity, t) for oddity in oddities(case.exact)]
    return list(dict.fromkeys(names))[:2]


def cut(text: str, length: int) -> str:
    """On one line, with at most so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _seen(text: str) -> str:
    """Text whose spaces at the edges can be seen."""
    stripped = text.strip()
    if not stripped:
        return ""
    return text.replace(stripped, "\0").replace(" ", "␣").replace("\0", stripped)


def _oddity_name(oddity: Oddity, t: Translator) -> str:
    if oddity.short.startswith("Latin "):
        return t.pgettext("letter", "Latin {letter}", letter=oddity.char)
    if oddity.short.startswith("Cyrillic "):
        return t.pgettext("letter", "Cyrillic {letter}", letter=oddity.char)
    return oddity.short
