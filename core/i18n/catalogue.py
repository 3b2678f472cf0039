"""Catalogues, read as text when first asked for: nothing compiled has to be kept in step."""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("kk", "ru", "en")
_SOURCE = "en"
_FOLDER = Path(__file__).resolve().parent.parent / "locale"


class Translator:
    """Says things in one language. Values go into `{name}` places of the translated sentence."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def gettext(self, message: str, /, **values: object) -> str:
        """The message in this language."""
        return _filled(self._catalogue.gettext(message), values)

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """The message as it reads in a context that changes its translation."""
        return _filled(self._catalogue.pgettext(context, message), values)

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The message in the form that goes with the number `n`, which fills `{n}`."""
        return _filled(self._catalogue.ngettext(one, many, n), {"n": n, **values})


def marked(context: str, message: str) -> tuple[str, str]:
    """Mark a message for translation without translating it yet; give both to `pgettext`."""
    return context, message


def known_language(language: str | None) -> str | None:
    """`kk`, `ru` or `en` for a language tag like `kk-KZ`; None for any other."""
    primary = (language or "").replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else None


@cache
def translator(language: str) -> Translator:
    """The translator of a language tag; English for a language that Tuzet does not speak."""
    known = known_language(language) or _SOURCE
    if known == _SOURCE:
        return Translator(known, gettext.NullTranslations())
    return Translator(known, _read(_FOLDER / f"{known}.po"))


def _read(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _filled(text: str, values: dict[str, object]) -> str:
    return text.format(**values) if values else text
