"""Which language to speak to somebody who has not logged in."""

from flask import request

from core.i18n import LANGUAGES, known_language
from core.i18n.words import OWN_NAMES

LANGUAGE_NAMES = [(code, OWN_NAMES[code]) for code in LANGUAGES]


def language_of_request(*wishes: str | None, default: str = "en") -> str:
    """`kk`, `ru` or `en`: what the address asks for (`?lang=`), the first of the `wishes` that we
    speak, what the browser prefers, or the `default`."""
    for wish in (request.args.get("lang"), *wishes):
        if known := known_language(wish):
            return known
    # Tags like kk-KZ count as their first part; the browser's order is kept.
    for tag, _weight in request.accept_languages:
        if known := known_language(tag):
            return known
    return known_language(default) or LANGUAGES[-1]
