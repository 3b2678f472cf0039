"""Offsets: browsers count UTF-16 units, Python counts code points. They meet here only."""

from __future__ import annotations


def code_points(text: str, utf16_offset: int) -> int:
    """The code point offset in `text` of a UTF-16 offset, kept within the text.

    An offset in the middle of a surrogate pair belongs to the character that it splits.
    """
    if utf16_offset <= 0:
        return 0
    if text.isascii() or not any(char > "\uffff" for char in text):
        return min(utf16_offset, len(text))
    units = 0
    for index, char in enumerate(text):
        units += 2 if char > "\uffff" else 1
        if units > utf16_offset:
            return index
    return len(text)


def utf16_units(text: str, offset: int) -> int:
    """The UTF-16 offset in `text` of a code point offset, kept within the text."""
    head = text[: max(offset, 0)]
    return len(head) if head.isascii() else len(head.encode("utf-16-le", "surrogatepass")) // 2
