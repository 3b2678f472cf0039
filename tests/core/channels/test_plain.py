"""Readers' words in chats do nothing but say what they say."""

import pytest

from core.channels.plain import is_public, left_off, words


@pytest.mark.parametrize("name", ["all", "everyone", "here", "channel", "айгерім", "bot_1"])
def test_nobody_is_called(name: str) -> None:
    assert f"@{name}" not in words(f"@{name}, қараңыз: @{name}")


def test_no_link_of_theirs_can_be_followed_and_it_reads_the_same() -> None:
    said = words("https://evil.example/x пен tg://resolve?domain=x")
    assert "://" not in said
    assert said.replace("\u200b", "") == "https://evil.example/x пен tg://resolve?domain=x"


def test_what_reorders_a_line_is_named() -> None:
    assert words("бір\u202eекі\u2066үш") == "бір‹RLO›екі‹LRI›үш"


def test_what_is_no_text_is_left_out_and_all_else_stays() -> None:
    assert words("а\x07б\x1b[31m\u2028в") == "а б [31m в"
    assert words("5 * 3: «мәтін» 🙂 a@ b") == "5 * 3: «мәтін» 🙂 a@ b"


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://tuzet.example.kz/cases/1", True),
        ("http://192.0.2.7:8000/", True),
        ("http://localhost:8000/cases/1", False),
        ("http://tuzet/cases/1", False),
        ("http://[::1]:8000/", False),
        ("http://[broken/", False),
        ("https://e.kz/" + "x" * 1_000, False),
    ],
)
def test_platforms_link_to_servers_whose_name_has_a_dot(url: str, public: bool) -> None:
    assert is_public(url) is public


def test_what_is_left_off_is_counted() -> None:
    assert (left_off(0), left_off(12)) == ("", "… +12")
