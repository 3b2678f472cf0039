"""Why a reading said what it said: no code ever reaches a person."""

import re
from pathlib import Path

import pytest

from core.i18n import translator
from core.i18n.readings import answer_words, reading_words
from core.net import Code

CORE = Path(__file__).resolve().parents[2] / "core"
_NEWER = "zzz_of_a_newer_version"


def _codes() -> set[str]:
    """Every reason that the code gives: of the network, of verdicts, of judgements."""
    found = {str(code) for code in Code}
    for file in (*CORE.glob("verdict/*.py"), *CORE.glob("verification/*.py")):
        text = file.read_text(encoding="utf-8")
        found |= set(re.findall(r'(?:Verdict|Judgement)\(\s*[^,()]+?, "(\w+)"', text))
        found |= set(re.findall(r'says, reason = "\w+", "(\w+)"', text))
        found |= set(re.findall(r'^NEEDED = "(\w+)"', text, re.MULTILINE))
    return found


def test_the_walk_finds_reasons_of_every_kind() -> None:
    assert _codes() >= {
        "same_words",
        "place_gone",
        "surroundings_changed",
        "link_unseen",
        "cms_away",
        "needs_browser",
        "other_text",
        "http_status",
        "too_slow",
    }


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_reason_is_told_in_words(language: str) -> None:
    t = translator(language)
    unknown = reading_words(t, "unknown", _NEWER, None)
    told = {code: reading_words(t, "unknown", code, 200) for code in _codes()}
    assert {code for code, words in told.items() if words == unknown or "_" in words} == set()
    assert _NEWER not in unknown


def test_an_answer_is_told_by_its_number() -> None:
    t = translator("en")
    gone = reading_words(t, "page_gone", "http_status", 404)
    assert gone == "The page is gone: the server answered 404."
    away = reading_words(t, "unknown", "http_status", 503)
    assert away == "The page could not be reached: the server answered 503."
    assert [answer_words(t, status) for status in (200, 304, None)] == [
        "200",
        "304, unchanged",
        "—",
    ]
