"""The difference as an editor reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.difference import diff


def _read(old: str, new: str) -> list[tuple[str, str, bool]]:
    return [(piece.kind, piece.text, piece.whole_word) for piece in diff(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "балаларга",
            "балаларға",
            [("same", "балалар"), ("del", "г"), ("ins", "ғ"), ("same", "а")],
        ),
        ("bu günün", "bugünün", [("same", "bu"), ("del", " "), ("same", "günün")]),
        (
            "логики решать",
            "логики, решать",
            [("same", "логики"), ("ins", ","), ("same", " решать")],
        ),
    ],
)
def test_a_small_change_is_marked_letter_by_letter(
    old: str, new: str, pieces: list[tuple[str, str]]
) -> None:
    assert [piece[:2] for piece in _read(old, new)] == pieces
    assert not any(whole for _, _, whole in _read(old, new))


def test_more_than_a_third_is_the_whole_word() -> None:
    assert _read("бар кісі", "жоқ кісі") == [
        ("del", "бар", True),
        ("ins", "жоқ", True),
        ("same", " кісі", False),
    ]


def test_letters_that_join_are_never_cut() -> None:
    assert _read("الكتابب", "الكتاب") == [("del", "الكتابب", True), ("ins", "الكتاب", True)]


def test_what_stays_is_one_piece() -> None:
    assert _read("бір екі", "бір екі") == [("same", "бір екі", False)]
    assert _read("", "") == []


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_pieces_are_both_texts(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == new
