"""Folding: what reads the same compares equal, and every place has its way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.fold import fold, fold_solid, fold_text

# letters, marks and signs that meet in the writing of Kazakh newspapers, and some that should not
WRITING = st.text(
    st.sampled_from(
        "аәбгғқңөұүһіё aAeEoOİı-–—«»\"'’ \u00a0\u00ad\u200b\u200f\ufe0f\n\t"
        "é½…ﬁй\u0306ئ中か゛한\u1161😀"
    ),
    max_size=40,
) | st.text(max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Бала", "бала"),
        ("«Дала үні»", '"Дала үні"'),
        ("бір\u00a0\n екі", "бір екі"),
        ("құ\u00adра\u200bма\u200fсы", "құрамасы"),
        ("по‑разному – да", "по-разному - да"),
        ("ｆｕｌｌ ﬁ №", "full fi no"),
        ("и\u0306", "й"),
        ("қурaмасы", "қурамасы"),  # a Latin a among Cyrillic letters
        ("cлово", "слово"),
        ("Вritish", "british"),  # a Cyrillic В among Latin letters
        ("İstanbul", "istanbul"),
    ],
)
def test_what_reads_the_same_folds_to_the_same(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(("one", "other"), [("сор", "cop"), ("ғ", "г"), ("VPNді", "впнді")])
def test_words_of_one_script_and_letters_without_twins_stay(one: str, other: str) -> None:
    assert fold_text(one) != fold_text(other)


def test_a_folded_place_leads_back_to_the_signs_it_came_from() -> None:
    text = "«Қа\u00adла»\u00a0\n күні"
    folded = fold(text)
    start = folded.text.index("қала")
    assert text[slice(*folded.span_in_source(start, start + 4))] == "Қа\u00adла"


def test_a_sign_that_folds_to_several_leads_back_to_itself() -> None:
    folded = fold("а½б")
    assert folded.span_in_source(1, 2) == (1, 2)
    assert folded.span_in_source(len(folded.text) - 1, len(folded.text)) == (2, 3)


@given(WRITING)
def test_the_way_back_never_goes_back(text: str) -> None:
    for folded in (fold(text), fold_solid(text)):
        assert len(folded.text) == len(folded.starts) == len(folded.ends)
        assert list(folded.starts) == sorted(folded.starts)
        assert list(folded.ends) == sorted(folded.ends)
        places = zip(folded.starts, folded.ends, strict=True)
        assert all(0 <= start < end <= len(text) for start, end in places)


@given(WRITING, st.data())
def test_a_folded_place_read_again_holds_what_was_folded(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.span_in_source(start, end)
    again = folded.span_of_source(first, last)
    assert again[0] <= start
    assert end <= again[1]


@given(WRITING)
def test_solid_text_has_no_white_space_and_the_same_letters(text: str) -> None:
    assert fold_solid(text).text == fold(text).text.replace(" ", "")
