"""What is looked for on other pages, and what counts as the same."""

import pytest

from core.elsewhere import Place, form_of, places_of


def test_words_that_speak_for_themselves_are_looked_for_by_themselves() -> None:
    assert form_of(" балаларга\n", "бірі — ", " арналған") == "балаларга"


@pytest.mark.parametrize(
    ("exact", "form"), [("2 млн", "бюджеттен 2 млн теңге"), ("a", "бюджеттен a теңге")]
)
def test_short_words_take_their_neighbours_along(exact: str, form: str) -> None:
    assert form_of(exact, "Құрылысқа бюджеттен ", " теңге бөлінді") == form


def test_a_space_too_many_is_looked_for_with_its_words() -> None:
    assert form_of(" ", "Қазақ", "стан елі") == "Қазақ стан"


def test_the_form_is_found_as_a_word_of_its_own_whatever_its_capitals() -> None:
    text = "Балаларга арналған. Шабалаларгаш емес."
    assert places_of("балаларга", text) == [Place("", "Балаларга", text[9:69])]


def test_letters_that_only_look_alike_are_another_form() -> None:
    assert places_of("Қазақстaн", "Бұл Қазақстан елі.") == []


def test_nothing_is_found_in_nothing() -> None:
    assert places_of("", "мәтін") == []
    assert form_of("", "алды", "арты") != ""


@pytest.mark.parametrize("form", ["мәлеметі", "мәле\u00adметі"])
def test_marks_that_nobody_sees_do_not_hide_a_word(form: str) -> None:
    text = "Ресми мә\u00adле\u200bметі бойынша"
    assert places_of(form, text) == [Place("Ресми ", "мә\u00adле\u200bметі", " бойынша")]
    assert places_of(form, "Ресми мә\u00adлеметінің өзі") == []
