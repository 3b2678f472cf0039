"""Which script a letter belongs to, and which letters of two scripts look the same."""

from __future__ import annotations

import re

# Pairs (Latin, Cyrillic) that common newspaper typefaces draw alike, small and capital.
_TWINS = (
    "aа eе oо pр cс yу xх iі jј sѕ hһ qԛ wԝ lӏ ëё ïї äӓ öӧ ǝә "
    "AА BВ CС EЕ HН IІ JЈ KК MМ OО PР SЅ TТ XХ YҮ YУ ËЁ ÏЇ ƏӘ QԚ WԜ"
)
_PAIRS = [(pair[0], pair[1]) for pair in _TWINS.split()]
# Small letters that only match through the capitals that folding brings down to them: Bв, Hн, …
_FOLDED_PAIRS = [("b", "в"), ("h", "н"), ("k", "к"), ("m", "м"), ("t", "т")]
# A Latin h stands for Kazakh һ and for н (capital H); the word decides nothing, һ is the twin.
CYRILLIC_BY_LATIN = {
    **dict(_FOLDED_PAIRS),
    **dict(reversed(_PAIRS)),
}
LATIN_BY_CYRILLIC = {
    **{cyrillic: latin for latin, cyrillic in _FOLDED_PAIRS},
    **{cyrillic: latin for latin, cyrillic in reversed(_PAIRS)},
}

_SCRIPTS = (
    ("Cyrillic", re.compile("[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]")),
    (
        "Latin",
        re.compile(
            "[A-Za-zªºÀ-ÖØ-öø-ʸ\u1d00-\u1d25\u1e00-\u1eff\u2c60-\u2c7f"
            "\ua720-\ua7ff\uff21-\uff3a\uff41-\uff5a]"
        ),
    ),
    ("Greek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("Arabic", re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")),
    ("Hebrew", re.compile("[\u0590-\u05ff]")),
    (
        "Han",
        re.compile(
            "[\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf"
            "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
        ),
    ),
    ("Hiragana", re.compile("[\u3041-\u309f]")),
    ("Katakana", re.compile("[\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f]")),
    ("Hangul", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")),
    ("Armenian", re.compile("[\u0530-\u058f]")),
    ("Georgian", re.compile("[\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f]")),
)


def script_of(char: str) -> str | None:
    """The Unicode script of a letter, by its English name; None for what is no letter."""
    if not char.isalpha():
        return None
    for name, letters in _SCRIPTS:
        if letters.match(char):
            return name
    return "Other"


def joins_letters(text: str) -> bool:
    """Whether the text has letters that change shape with their neighbours (Arabic writing)."""
    return bool(_SCRIPTS[3][1].search(text))
