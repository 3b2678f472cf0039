"""Languages and addresses that a rule names, however they are written."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.routing import Facts, Rule, fits

FACTS = Facts("", "", "kk", "typo", "", 3, datetime(2026, 3, 10, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("wanted", "spoken", "fitting"),
    [
        ("kk", "kk", True),
        ("kk", "kk-KZ", True),
        ("KK", "kk-Latn-KZ", True),
        ("kk-latn", "kk-Latn-KZ", True),
        ("kk-Latn", "kk", False),
        ("kk-Latn", "kk-KZ", False),
        ("k", "kk", False),
        ("ru", "kk-RU", False),
    ],
)
def test_a_language_fits_what_is_more_exact(wanted: str, spoken: str, fitting: bool) -> None:
    facts = replace(FACTS, language=spoken)
    assert fits(Rule(1, "r", {"language": [wanted, "en"]}, {}), facts) is fitting


SPORT = "%D1%81%D0%BF%D0%BE%D1%80%D1%82"


@pytest.mark.parametrize(
    ("pattern", "url", "fitting"),
    [
        ("http://example.kz/спорт/*", f"http://example.kz/{SPORT}/1", True),
        (f"http://example.kz/{SPORT.lower()}/*", "http://example.kz/спорт/1", True),
        ("http://example.kz/Спорт/*", f"http://example.kz/{SPORT}/1", False),
        ("https://Example.KZ/News/*", "https://example.kz/News/1", True),
        ("https://example.kz/news/*", "https://EXAMPLE.kz/News/1", False),
        ("*/news/*", "https://example.kz/news/1?a=b#c", True),
        ("https://*.kz/*", "https://example.kz/1", True),
        ("*/[a]/*", "https://example.kz/a/1", False),
        ("*/[a]/*", "https://example.kz/[a]/1", True),
        ("*/what?", "https://example.kz/what?", True),
        ("*/what?", "https://example.kz/whats", False),
        ("https://example.kz/a.b", "https://example.kz/aXb", False),
        ("*ab*ba*", "https://example.kz/aba", False),
        ("*ab*ba", "https://example.kz/abba", True),
        ("*/a%2A*", "https://example.kz/a*b", True),
        ("*/a%2A*", "https://example.kz/ab", False),
        ("*/%FF/*", "https://example.kz/%ff/1", True),
    ],
)
def test_an_address_fits_however_it_is_written(pattern: str, url: str, fitting: bool) -> None:
    assert fits(Rule(1, "r", {"url": pattern}, {}), replace(FACTS, url=url)) is fitting
