import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.net import decode

RUSSIAN = "<p>Съешь ещё этих мягких французских булок, да выпей чаю. Ёлка.</p>"
KAZAKH = "<p>Қазақстан Республикасының өкілі, «түзет» деді.</p>"


def test_a_byte_order_mark_beats_the_header() -> None:
    decoded = decode(b"\xff\xfe" + KAZAKH.encode("utf-16-le"), "text/html; charset=utf-8")
    assert decoded.text == KAZAKH


def test_utf_16_without_a_mark_is_known_by_its_first_tag() -> None:
    assert decode(KAZAKH.encode("utf-16-le"), "text/html; charset=utf-8").text == KAZAKH
    assert decode(KAZAKH.encode("utf-16-be"), "").text == KAZAKH


def test_the_header_beats_the_declaration() -> None:
    page = '<meta charset="utf-8">' + RUSSIAN
    assert decode(page.encode("koi8-r"), 'text/html; charset="KOI8-R"').text == page


@pytest.mark.parametrize(
    "declaration",
    [
        "<meta charset=windows-1251>",
        '<META http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        '<?xml version="1.0" encoding="windows-1251"?>',
        '<!-- <meta charset="utf-8"> --><meta charset="cp1251">',
    ],
)
def test_a_declaration_in_the_page_is_believed(declaration: str) -> None:
    page = declaration + RUSSIAN
    assert decode(page.encode("cp1251"), "text/html").text == page


def test_an_old_cyrillic_page_that_says_nothing_is_read() -> None:
    decoded = decode(RUSSIAN.encode("cp1251"), "text/html")
    assert decoded.text == RUSSIAN
    assert decoded.charset == "cp1251"


def test_a_western_page_that_says_nothing_is_not_taken_for_cyrillic() -> None:
    page = "<p>Élève, garçon, naïveté et cœur à Orléans.</p>"
    assert decode(page.encode("cp1252"), "text/html").text == page


def test_a_stray_byte_does_not_spoil_a_page_in_utf_8() -> None:
    decoded = decode(KAZAKH.encode() + b"\xff", "text/html")
    assert decoded.text == KAZAKH + "\ufffd"


def test_the_kazakh_code_page_is_known() -> None:
    assert decode(KAZAKH.encode("kz1048"), "text/html; charset=KZ-1048").text == KAZAKH


@pytest.mark.parametrize(
    "label", ["zip", "rot13", "idna", "unicode_escape", "utf-7", "hex", "\0", "é"]
)
def test_a_codec_that_is_no_charset_cannot_be_chosen(label: str) -> None:
    assert decode(KAZAKH.encode(), f"text/html; charset={label}").text == KAZAKH


def test_nul_does_not_reach_the_database() -> None:
    assert decode(b"a\0b", "text/html; charset=utf-8").text == "a\ufffdb"


@given(st.binary(max_size=200), st.text(max_size=30))
def test_reading_never_fails(body: bytes, label: str) -> None:
    text = decode(body, f"text/html; charset={label}").text
    text.encode("utf-8")
    assert "\0" not in text
