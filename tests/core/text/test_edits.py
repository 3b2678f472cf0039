"""What a suggestion changes, in the many ways in which readers write it."""

import pytest

from core.text.edits import edit_of, minimal_edit, pointed_at


def _applied(quote: str, suggestion: str, prefix: str = "", suffix: str = "") -> str | None:
    edit = edit_of(quote, suggestion, prefix, suffix)
    if edit is None:
        return None
    text = prefix + quote + suffix
    start, end = edit.start + len(prefix), edit.end + len(prefix)
    return text[:start] + edit.right + text[end:]


@pytest.mark.parametrize(
    ("quote", "suggestion"),
    [
        ("бар балаларга арналған", "бар балаларға арналған"),
        ("бар балаларга арналған", "балаларға"),
        ("бар балаларга арналған", "дұрысы: балаларға"),
        ("бар балаларга арналған", "надо: «балаларға»"),
        ("бар балаларга арналған", "балаларга → балаларға"),
        ("бар балаларга арналған", "балаларга -> балаларға!"),
        ("бар балаларга арналған", "БАЛАЛАРҒА"),
        ("бар балаларга арналған", ' "балаларға" '),
        ("бар балаларга арналған", "вместо «балаларга» надо «балаларға»"),
        ("бар балаларга арналған", "балаларға, а не балаларга"),
        ("бар балаларга арналған", "балаларга емес, балаларға"),
        ("бар балаларга арналған", "«балаларга» сөзінің орнына «балаларға»"),
        ("бар балаларга арналған", "балаларга, дұрысы балаларға"),
        ("бар балаларга арналған", "балаларга should be балаларға"),
        ("бар балаларга арналған", "not балаларга but балаларға"),
        ("бар балаларга арналған", "балаларга/балаларға"),
    ],
)
def test_the_right_word_is_read_out_of_every_way_of_writing(quote: str, suggestion: str) -> None:
    assert _applied(quote, suggestion) == "бар балаларға арналған"


def test_words_that_only_sound_like_both_are_what_should_stand() -> None:
    assert _applied("жаксы болды", "жаман емес, жақсы болды") != "жақсы болды болды"
    assert _applied("река или озиро", "река и/или озеро") == "река и/или озеро"


def test_half_a_marked_word_is_corrected_with_its_whole() -> None:
    assert _applied("трукци", "конструкции", "новые конс", "й языка") == "новые конструкции языка"


def test_the_edit_is_as_narrow_as_can_be() -> None:
    edit = edit_of("балаларга", "балаларға")
    assert edit is not None
    assert (edit.start, edit.end, edit.right) == (7, 8, "ғ")


def test_a_missing_comma_is_an_empty_place() -> None:
    edit = edit_of("логики решать", "логики, решать")
    assert edit is not None
    assert (edit.start, edit.end, edit.right) == (6, 6, ",")


def test_words_that_go_at_an_end_leave_the_rest() -> None:
    assert _applied("мы поймём, что", "поймём, что", "правило, ", " в примере") == (
        "правило, поймём, что в примере"
    )


def test_only_another_case_is_an_edit_too() -> None:
    assert _applied("unicode", "Unicode") == "Unicode"
    assert _applied("сша", "США") == "США"


def test_typographic_variants_are_no_edit() -> None:
    edit = edit_of("«Дала үні» – газет", '"Дала үні" - газеті')
    assert edit is not None
    assert edit.right == "і"


def test_two_mended_places_are_not_one() -> None:
    edit = edit_of("Бул кітап балаларга арналған", "Бұл кітап балаларға арналған")
    assert edit is not None
    assert not edit.single


@pytest.mark.parametrize("suggestion", ["asdf", "?", "!!", "қате бар мұнда, қараңыздаршы"])
def test_what_fits_nowhere_proposes_no_edit(suggestion: str) -> None:
    assert edit_of("бар балаларга арналған кітап тұр", suggestion) is None


def test_capitals_decide_between_two_words_that_are_as_alike() -> None:
    edit = edit_of("Wir wir erkennen, ist das so", "Wie")
    assert edit is not None
    assert edit.start == 2


def test_a_repeated_word_points_at_its_place() -> None:
    assert pointed_at("Если мы хотим поехать", "мы") == (5, 7)
    assert pointed_at("мы и мы", "мы") is None


def test_equal_texts_need_no_edit() -> None:
    assert minimal_edit("бір", "бір") is None
