"""Words for people in Kazakh, Russian and English.

The source strings are British English; `core/locale/kk.po` and `ru.po` hold the other two.
"""

from core.i18n.catalogue import LANGUAGES, Translator, known_language, marked, translator

__all__ = ["LANGUAGES", "Translator", "known_language", "marked", "translator"]
