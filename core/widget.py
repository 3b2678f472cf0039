"""What a site sets about its snippet: the dialog, where it may be used, its words, its look."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from pydantic import TypeAdapter

from core.errors import FieldError, Invalid
from core.text.colours import BLACK, WHITE, contrast, read_colour
from core.text.selectors import fault_of

MODES = ("correct", "confirm", "silent")
LANGUAGES: Mapping[str, str] = {  # that the snippet speaks, as they call themselves
    "kk": "Қазақша",
    "kk-latn": "Qazaqşa",
    "ru": "Русский",
    "en": "English",
    "ky": "Кыргызча",
    "uz": "O‘zbekcha",
    "tr": "Türkçe",
    "uk": "Українська",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "ar": "العربية",
}
TEXTS: Mapping[str, int] = {"title": 60, "emailNote": 200, "sent": 80}  # and their most characters
LONGEST_SELECTOR = 500
READABLE = 4.5  # WCAG 1.4.3, text on its ground
VISIBLE = 3.0  # WCAG 1.4.11, a ring around what has the focus
DEFAULT_KEY = "ctrl+enter"
_MODIFIERS = ("ctrl", "alt", "shift", "meta")
_MAIN_KEY = re.compile(r"[a-z0-9]|enter|f([1-9]|1[0-2])|[,./;']")
_DRAFT = "draft."
_LONGEST_DRAFT = 12_000
_UNPAIRED = re.compile("[\ud800-\udfff\0]")


@dataclass(frozen=True)
class Widget:
    """The snippet of one site; as it stands here, it is the snippet as it comes.

    `language` is empty for the page's own; `include` and `exclude` are CSS selectors, empty for
    none; `accent` is a colour, empty for black on white; `texts` are own words by language and
    name, see TEXTS.
    """

    mode: str = "correct"
    email: bool = False  # as the snippet comes, it asks for no address
    touch: bool = True
    language: str = ""
    key: str = DEFAULT_KEY
    include: str = ""
    exclude: str = ""
    accent: str = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The snippet as a site keeps it. What an older or newer version kept is left out."""
        return cls(**{name: kept[name] for name in cls.__dataclass_fields__ if name in kept})

    def kept(self) -> dict[str, Any]:
        """What a site keeps of it: only what is not as it comes."""
        usual = asdict(Widget())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    def script(self) -> dict[str, Any]:
        """What the snippet is told: attributes, strings and look, none of them as it comes."""
        kept = self.kept()
        attributes = {
            name: value if isinstance(value, str) else "on" if value else "off"
            for name, value in kept.items()
            if name not in ("accent", "texts")
        }
        look = {}
        if self.accent:
            look = {"--tuzet-accent": self.accent, "--tuzet-on-accent": on_accent(self.accent)}
        told = {"attributes": attributes, "strings": kept.get("texts", {}), "look": look}
        return {name: value for name, value in told.items() if value}


def read_widget(given: Widget) -> Widget:
    """The same with every value checked and written as it is kept.

    Raises Invalid with each field that is wrong; an own text is `texts.kk.title`.
    """
    faults: list[FieldError] = []

    def checked(name: str, read: Callable[[str], str], text: str) -> str:
        try:
            return read(text)
        except ValueError as fault:
            faults.append(FieldError(name, str(fault)))
            return text

    read = Widget(
        mode=checked("mode", _mode, given.mode),
        email=given.email,
        touch=given.touch,
        language=checked("language", _language, given.language),
        key=checked("key", read_key, given.key),
        include=checked("include", _selector, given.include),
        exclude=checked("exclude", _selector, given.exclude),
        accent=checked("accent", _accent, given.accent),
        texts={
            language: {
                name: checked(f"texts.{language}.{name}", _own_text(name), text)
                for name, text in texts.items()
                if text.strip()
            }
            for language, texts in given.texts.items()
            if any(text.strip() for text in texts.values())
        },
    )
    if faults:
        raise Invalid(*faults)
    return read


def module_of(widget: Widget) -> str:
    """What the snippet is told, as a JavaScript module that may stand in any page."""
    data = json.dumps(widget.script(), ensure_ascii=False, separators=(",", ":"))
    # What JavaScript, or the end of a script element, would read in another way than JSON does.
    for sign in ("<", "\u2028", "\u2029"):
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    return f"export default {data}\n"


def draft_key(widget: Widget) -> str:
    """A name in the place of a site's key, under which the snippet gets settings that nobody has
    saved: they stand in the name itself."""
    kept = json.dumps(widget.kept(), ensure_ascii=False).encode()
    return _DRAFT + base64.urlsafe_b64encode(kept).decode("ascii").rstrip("=")


def shown_key(widget: Widget) -> str:
    """The snippet's key as people read it: Ctrl+Shift+E."""
    return "+".join(part.capitalize() for part in widget.key.split("+"))


def read_draft(key: str) -> Widget | None:
    """What stands in such a name, checked as if it were saved; None for any other key."""
    if not key.startswith(_DRAFT) or len(key) > _LONGEST_DRAFT:
        return None
    coded = key.removeprefix(_DRAFT)
    try:
        kept = json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
        return read_widget(TypeAdapter(Widget).validate_python(kept))
    except (ValueError, RecursionError, Invalid):
        return None


def on_accent(accent: str) -> str:
    """White, where it can be read on the accent; else black, which then can."""
    return WHITE if contrast(accent, WHITE) >= READABLE else BLACK


def read_key(text: str) -> str:
    """A key as the snippet's attribute takes it. Raises ValueError."""
    *held, main = ["".join(part.split()) for part in text.lower().split("+")]
    wrong = not _MAIN_KEY.fullmatch(main) or not set(held) <= set(_MODIFIERS)
    if wrong or len(set(held)) < len(held) or not {"ctrl", "alt", "meta"} & set(held):
        raise ValueError("must be keys like ctrl+enter, with ctrl, alt or meta among them")
    return "+".join([*(name for name in _MODIFIERS if name in held), main])


def _mode(text: str) -> str:
    if text not in MODES:
        raise ValueError(f"must be one of {', '.join(MODES)}")
    return text


def _language(text: str) -> str:
    if text and text not in LANGUAGES:
        raise ValueError(f"must be empty or one of {', '.join(LANGUAGES)}")
    return text


def _selector(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        return ""
    if len(text) > LONGEST_SELECTOR or _UNPAIRED.search(text):
        raise ValueError(f"must have at most {LONGEST_SELECTOR} characters")
    fault = fault_of(text)
    if fault is not None:
        raise ValueError(f"is not a CSS selector: see {fault[1]!r}")
    return text


def _accent(text: str) -> str:
    if not text.strip():
        return ""
    colour = read_colour(text)
    if contrast(colour, on_accent(colour)) < READABLE or contrast(colour, WHITE) < VISIBLE:
        raise ValueError(f"must be darker: {contrast(colour, WHITE):.1f}:1 on white, not 3:1")
    return colour


def _own_text(name: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        text, most = " ".join(text.split()), TEXTS.get(name, 0)
        if len(text) > most or not text.isprintable():
            raise ValueError(f"must be one line of at most {most} characters")
        return text

    return read
