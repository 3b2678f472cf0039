"""What a person has typed on the page of a case and what nobody has taken yet: it is never lost.

All fields of that page belong to one form, so each of its buttons sends them all. What a button
does not take, and what is refused, stands in its field again; a page that has no such field shows
it to be copied.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from core.i18n import Translator, marked

NOTE = frozenset({"text", "mention"})
NOTICE = frozenset({"after", "sentence"})
_WORDS = {
    "suggestion": marked("typed", "Correction"),
    "text": marked("typed", "Note"),
    "after": marked("typed", "What is right, for the notice"),
    "sentence": marked("typed", "What was wrong, for the notice"),
}
# Fields that come filled, each with the one that says what with.
_SHOWN = {"suggestion": "shown", "after": "after_shown"}
_LONGEST = 4_000

Form = MultiDict[str, str]


@dataclass(frozen=True)
class Kept:
    """Words that were not saved, and what they were to be."""

    field: str
    label: str
    text: str


def typed_in(form: Form) -> Form:
    """The form without fields that nobody touched: they show what stands by now."""
    return MultiDict(
        (name, value) for name, value in form.items(multi=True) if not _is_untouched(form, name)
    )


def left_of(form: Form, *taken: Iterable[str]) -> Form:
    """What was typed into other fields than those that were taken; empty for nothing."""
    names = {"suggestion", *NOTE, *NOTICE}.difference(*taken)
    touched = typed_in(form)
    return MultiDict((name, touched[name]) for name in names if touched.get(name, "").strip())


def kept(t: Translator, form: Form) -> list[Kept]:
    """Words to be copied from a page that has no field for them."""
    touched = typed_in(form)
    return [
        Kept(name, t.pgettext(*label), touched[name][:_LONGEST])
        for name, label in _WORDS.items()
        if touched.get(name, "").strip()
    ]


def sent_here() -> Form:
    """The form of this request; empty for one that cannot be read or comes from another site."""
    try:
        form = request.form
    except HTTPException:  # larger than what is read
        return MultiDict()
    return MultiDict() if request.headers.get("Sec-Fetch-Site") == "cross-site" else form


def _is_untouched(form: Form, name: str) -> bool:
    shown = _SHOWN.get(name)
    if shown is None or shown not in form:
        return False
    return _lines(form[name]) == _lines(form[shown])


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
