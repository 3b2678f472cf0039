"""Offsets of browsers and of Python."""

from hypothesis import given
from hypothesis import strategies as st

from core.text.units import code_points, utf16_units


def test_a_sign_beyond_the_basic_plane_counts_twice_in_a_browser() -> None:
    assert code_points("😀бала", 2) == 1
    assert utf16_units("😀бала", 1) == 2


def test_an_offset_within_a_pair_belongs_to_its_sign() -> None:
    assert code_points("😀б", 1) == 0


def test_offsets_outside_the_text_are_kept_within_it() -> None:
    assert code_points("бала", 99) == 4
    assert code_points("бала", -3) == 0


@given(st.text(), st.data())
def test_there_and_back_is_the_same_place(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    assert code_points(text, utf16_units(text, offset)) == offset
