"""Letters of another script, and signs that nobody sees."""

from core.text.lookalikes import oddities


def test_a_latin_letter_in_a_kazakh_word_is_named_with_its_twin() -> None:
    (odd,) = oddities("футбол қурaмасы")
    assert (odd.position, odd.kind, odd.short) == (10, "lookalike", "Latin a")
    assert (odd.name, odd.twin) == ("LATIN SMALL LETTER A", "а")


def test_a_cyrillic_letter_in_an_english_word_is_named_too() -> None:
    (odd,) = oddities("The Вritish press")
    assert (odd.short, odd.twin) == ("Cyrillic В", "B")


def test_words_of_two_scripts_without_twins_are_no_fault() -> None:
    assert oddities("VPNді қолдану, 5G") == []


def test_invisible_signs_have_their_short_names() -> None:
    found = oddities("бір\u00a0ек\u00adі\u200b үш\u200e")
    assert [(odd.position, odd.short) for odd in found] == [
        (3, "NBSP"),
        (6, "SHY"),
        (8, "ZWSP"),
        (12, "LRM"),
    ]
    assert {odd.kind for odd in found} == {"invisible"}
