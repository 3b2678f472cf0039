"""CSS selectors as people type them: whether browsers will take them, and what is wrong if not."""

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

_CLOSES = {"(": ")", "[": "]"}


def fault_of(selector: str) -> tuple[str, str] | None:
    """Why a text is no list of CSS selectors: a code, and the part of it that is meant.

    `open`: this bracket or quotation mark is never closed. `empty`: nothing stands before or after
    a comma. `part`: this selector of the list cannot be read. None: it is fine.
    """
    opened = _never_closed(selector)
    if opened is not None:
        return "open", opened
    for part in _parts(selector):
        if not part.strip():
            return "empty", ","
        if not _is_readable(part):
            return "part", part.strip()
    return None


def _never_closed(selector: str) -> str | None:
    waiting: list[str] = []
    quote, escaped = "", False
    for char in selector:
        if escaped or char == "\\":
            escaped = not escaped
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in _CLOSES:
            waiting.append(char)
        elif waiting and char == _CLOSES[waiting[-1]]:
            waiting.pop()
    return quote or (waiting[-1] if waiting else None)


def _parts(selector: str) -> list[str]:
    """The selectors between commas that stand in no bracket and no quotation marks."""
    parts, depth, quote, escaped = [""], 0, "", False
    for char in selector:
        if char == "," and not (depth or quote or escaped):
            parts.append("")
            continue
        parts[-1] += char
        if escaped or char == "\\":
            escaped = not escaped
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        else:
            depth += (char in "([") - (char in ")]")
    return parts


def _is_readable(selector: str) -> bool:
    try:
        LexborHTMLParser("<p>").css(selector)
    except SelectolaxError:
        return False
    return True
