"""A rhythm as a form has it: the words of when to hear what."""

from collections.abc import Mapping

from core.i18n import Translator

WORDS = ("now", "5m", "15m", "30m", "hourly", "daily", "off")
_KINDS = ("typo", "fact", "link", "other")


def typed_rhythm(form: Mapping[str, str]) -> dict[str, str]:
    """What a form says, as core.cadence reads it; empty fields are as usual."""
    given = {
        name: form.get(name, "").replace("\0", "").strip()
        for name in ("new", "readers", *_KINDS, "daily_at", "timezone")
    }
    minutes = form.get("minutes", "").replace("\0", "").strip()
    if minutes:
        given["new"] = f"{minutes}m"
    begins, ends = (form.get(name, "").replace("\0", "") for name in ("quiet_from", "quiet_until"))
    given["quiet"] = f"{begins}-{ends}" if begins or ends else ""
    return given


def shown_rhythm(rhythm: Mapping[str, str]) -> dict[str, str]:
    """The same the other way round: the values of the fields."""
    begins, _, ends = rhythm.get("quiet", "").partition("-")
    return {**rhythm, "quiet_from": begins, "quiet_until": ends}


def retyped_rhythm(form: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """A form that was wrong, for its fields: each shows what was typed there, not what was made
    of it."""
    times = {name: form.get(name, "") for name in ("new", "quiet_from", "quiet_until", "minutes")}
    return {**given, **times}


def word_of(t: Translator, word: str) -> str:
    """A rhythm's word for people."""
    if word.endswith("m") and word[:-1].isdigit():
        return t.ngettext("every {n} minute", "every {n} minutes", int(word[:-1]))
    return {
        "now": t.pgettext("rhythm", "at once"),
        "hourly": t.pgettext("rhythm", "every hour"),
        "daily": t.pgettext("rhythm", "once a day"),
        "off": t.pgettext("rhythm", "never"),
    }.get(word, word)
