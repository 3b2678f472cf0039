"""A rule in words: when it fits, and where things then go."""

from collections.abc import Mapping
from typing import Any

from core.i18n import Translator, marked
from core.i18n.words import OWN_NAMES, channel_word, kind_word
from core.models import Channel

_DAYS = {
    "mon": marked("weekday", "Mon"),
    "tue": marked("weekday", "Tue"),
    "wed": marked("weekday", "Wed"),
    "thu": marked("weekday", "Thu"),
    "fri": marked("weekday", "Fri"),
    "sat": marked("weekday", "Sat"),
    "sun": marked("weekday", "Sun"),
}


def weekday_word(t: Translator, day: str) -> str:
    """A weekday, short."""
    return t.pgettext(*_DAYS[day])


def conditions(t: Translator, when: Mapping[str, Any]) -> list[str]:
    """What must hold, one condition a line."""
    hours = when.get("hours")
    said = [
        _of(t.gettext("Section"), when.get("section")),
        _of(t.gettext("Author"), when.get("author")),
        _of(t.gettext("Language"), [OWN_NAMES.get(c, c) for c in when.get("language", [])]),
        _of(t.gettext("Kind"), [kind_word(t, kind) for kind in when.get("kind", [])]),
        _of(t.gettext("Address"), [when["url"]] if "url" in when else []),
        t.gettext("Priority from {n}", n=when["priority_from"]) if "priority_from" in when else "",
        f"{hours[0]}–{hours[1]}" if hours else "",
        _of(t.gettext("Day"), [weekday_word(t, day) for day in when.get("weekdays", [])]),
    ]
    return [text for text in said if text] or [t.gettext("Every new error")]


def channel_name(t: Translator, channel: Channel) -> str:
    """A channel in one line: a mail address says itself what it is, of others the kind says it."""
    kind = "" if channel.kind == "email" else channel_word(t, channel.kind) + " "
    return kind + channel.target


def outcomes(t: Translator, then: Mapping[str, Any], channels: Mapping[int, str]) -> list[str]:
    """Where it goes, one line each."""
    said = [channels[number] for number in then.get("channels", []) if number in channels]
    said += then.get("people", [])
    if then.get("duty"):
        said.append(t.gettext("whoever is on duty"))
    if then.get("authors"):
        said.append(t.gettext("the article’s author"))
    if then.get("assign"):
        name = t.gettext("whoever is on duty") if then["assign"] == "duty" else then["assign"]
        said.append(t.gettext("Assigned to {name}", name=name))
    return said or [t.gettext("the fallback")]


def _of(label: str, values: list[str] | None) -> str:
    return f"{label}: {', '.join(values)}" if values else ""
