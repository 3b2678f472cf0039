"""Characters that are not what they seem, by name: letters of two scripts, and what nobody sees."""

import unicodedata

from core.i18n.catalogue import Translator, marked

_LETTERS = {
    "LATIN": marked("character", "Latin letter {letter}"),
    "CYRILLIC": marked("character", "Cyrillic letter {letter}"),
}
_UNSEEN = frozenset(
    {
        marked("character", "No-break space"),
        marked("character", "Narrow no-break space"),
        marked("character", "Figure space"),
        marked("character", "Thin space"),
        marked("character", "Hair space"),
        marked("character", "Soft hyphen"),
        marked("character", "Zero width space"),
        marked("character", "Zero width non-joiner"),
        marked("character", "Zero width joiner"),
        marked("character", "Word joiner"),
        marked("character", "Zero width no-break space"),
        marked("character", "Left-to-right mark"),
        marked("character", "Right-to-left mark"),
        marked("character", "Arabic letter mark"),
        marked("character", "Left-to-right embedding"),
        marked("character", "Right-to-left embedding"),
        marked("character", "Pop directional formatting"),
        marked("character", "Left-to-right override"),
        marked("character", "Right-to-left override"),
        marked("character", "Left-to-right isolate"),
        marked("character", "Right-to-left isolate"),
        marked("character", "First strong isolate"),
        marked("character", "Pop directional isolate"),
        marked("character", "Combining grapheme joiner"),
    }
)


def character_word(t: Translator, char: str) -> str:
    """What a character is called; of one that has no name here, the one that Unicode gives it."""
    name = unicodedata.name(char, "")
    script, _, rest = name.partition(" ")
    if script in _LETTERS and "LETTER" in rest:
        return t.pgettext(*_LETTERS[script], letter=char)
    known = ("character", name.capitalize())
    return t.pgettext(*known) if known in _UNSEEN else name.capitalize()
