"""Links that open a page at the words in question (text fragments, as browsers know them)."""

from urllib.parse import quote

from core.text.words import words

_LONG = 120
_CONTEXT_WORDS = 3


def at_place(url: str, exact: str, prefix: str, suffix: str) -> str:
    """The address of a page with a text fragment; one that has a fragment of its own keeps it.

    Words around the quote tell it from the same words elsewhere. Browsers only find whole words,
    so what is cut at an edge is left out.
    """
    if not exact.strip():
        return url
    parts = [_target(exact.strip())]
    before, after = _last_words(prefix), _first_words(suffix)
    if before:
        parts.insert(0, f"{_encoded(before)}-")
    if after:
        parts.append(f"-{_encoded(after)}")
    page, mark, fragment = url.partition("#")
    return f"{page}#{fragment if mark else ''}:~:text={','.join(parts)}"


def _target(exact: str) -> str:
    spans = words(exact)
    if len(exact) <= _LONG or len(spans) < 2 * _CONTEXT_WORDS:
        return _encoded(exact)
    start = exact[: spans[_CONTEXT_WORDS - 1][1]]
    end = exact[spans[-_CONTEXT_WORDS][0] :]
    return f"{_encoded(start)},{_encoded(end)}"


def _last_words(prefix: str) -> str:
    """The last whole words before the quote; the first of a context may have been cut."""
    spans = words(prefix)[1:][-_CONTEXT_WORDS:]
    return prefix[spans[0][0] :].strip() if spans and _is_edge(prefix[-1:]) else ""


def _first_words(suffix: str) -> str:
    spans = words(suffix)[:-1][:_CONTEXT_WORDS]
    return suffix[: spans[-1][1]].strip() if spans and _is_edge(suffix[:1]) else ""


def _is_edge(char: str) -> bool:
    return not char.isalnum()


def _encoded(text: str) -> str:
    return quote(" ".join(text.split()), safe="").replace("-", "%2D")
