"""What people read: every string in kk, ru and en, in the right form."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from core.i18n import LANGUAGES, translator
from core.i18n.moments import age, moment, number, tenths
from core.i18n.words import status_word

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = ("kk", "ru")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "marked": ((1, "c"), 2),
}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
ROOMS = ("core", "service", "worker")


def _spoken() -> dict[tuple[str | None, str], str]:
    """Every message that code or a template says, with the place where it stands."""
    found = {}
    for room in ROOMS:
        options = {pattern: {"silent": "false", "trimmed": "true"} for pattern, _ in METHODS}
        for file, line, message, _comments, context in extract_from_dir(
            ROOT / room, METHODS, options, keywords=KEYWORDS
        ):
            one = message if isinstance(message, str) else message[0]
            found[context, one] = f"{room}/{file}:{line}"
    return found


def _catalogue(language: str) -> dict[tuple[str | None, str], list[str]]:
    with (ROOT / "core" / "locale" / f"{language}.po").open("rb") as file:
        messages = list(read_po(file, abort_invalid=True))
    return {
        (message.context, _forms(message.id)[0]): _forms(message.string) for message in messages[1:]
    }


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_that_is_said_lacks_a_translation(language: str) -> None:
    there = {key for key, forms in _catalogue(language).items() if all(forms)}
    missing = {key: place for key, place in _spoken().items() if key not in there}
    assert missing == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_stands_for_a_message_that_nobody_says(language: str) -> None:
    assert _catalogue(language).keys() - _spoken().keys() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_the_same_places_as_the_source(language: str) -> None:
    for (_, source), forms in _catalogue(language).items():
        for form in forms:
            assert set(re.findall(r"{(\w+)}", form)) >= set(re.findall(r"{(\w+)}", source)) - {"n"}
            assert set(re.findall(r"{(\w+)}", form)) <= set(re.findall(r"{(\w+)}", source)) | {"n"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_translated_twice(language: str) -> None:
    text = (ROOT / "core" / "locale" / f"{language}.po").read_text(encoding="utf-8")
    entries = re.findall(r'^((?:msgctxt ".*"\n)?msgid (?:".*"\n?)+)', text, re.MULTILINE)
    assert sorted(entries) == sorted(set(entries))


def test_a_language_tag_finds_its_language_and_an_unknown_one_english() -> None:
    assert translator("kk-KZ").language == "kk"
    assert translator("ru_RU").language == "ru"
    assert translator("fr").language == "en"


def test_statuses_have_their_words_in_every_language() -> None:
    words = [status_word(translator(language), "dismissed") for language in LANGUAGES]
    assert words == ["Қабылданбады", "Отклонена", "Dismissed"]


def test_a_moment_is_told_in_the_time_of_the_site() -> None:
    now = datetime(2026, 11, 24, 3, 51, tzinfo=UTC)
    last_year = now - timedelta(days=365)
    assert moment(translator("kk"), now, "Asia/Almaty", now) == "24 қараша 08:51"
    assert moment(translator("en"), now, "Asia/Almaty", now) == "24 Nov 08:51"
    assert moment(translator("en"), last_year, "UTC", now) == "24 Nov 2025 03:51"
    assert moment(translator("kk"), last_year, "UTC", now) == "2025 ж. 24 қараша 03:51"


def test_an_age_is_told_in_its_largest_unit() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    ages = [
        age(translator("en"), now - length, now)
        for length in (
            timedelta(seconds=50),
            timedelta(minutes=12),
            timedelta(hours=23),
            timedelta(days=3),
        )
    ]
    assert ages == ["now", "12 min", "23 h", "3 d"]


def test_thousands_are_set_apart() -> None:
    assert number(1214) == "1\u202f214"
    assert number(999) == "999"


def test_a_place_after_the_point_stands_after_a_comma_where_people_write_one() -> None:
    told = [tenths(translator(language), 4.59) for language in ("en", "ru", "kk")]
    assert told == ["4.5", "4,5", "4,5"]


def test_kazakh_says_since_when_and_calls_a_digest_by_one_word() -> None:
    t = translator("kk")
    oldest = t.gettext("The oldest has been waiting since {when}.", when="24 қараша 19:48")
    assert oldest == "Ең ескісі мына уақыттан бері күтіп тұр: 24 қараша 19:48."
    said = [form for forms in _catalogue("kk").values() for form in forms]
    assert not [form for form in said if "шолудан" in form]
