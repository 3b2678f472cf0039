"""Places carried over from one version of a text to the next."""

from hypothesis import given
from hypothesis import strategies as st

from core.text.carry import carry

OLD = "Тақырып\nБірінші сөйлем осында тұр.\nЕкінші сөйлемде балаларга деген қате бар.\nСоңы."


def _span(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def _carried(new: str, words: str) -> str | None:
    (span,) = carry([_span(OLD, words)], OLD, new)
    return None if span is None else new[slice(*span)]


def test_a_place_moves_with_what_comes_before_it() -> None:
    assert _carried("Жаңалық\n" + OLD, "балаларга") == "балаларга"
    assert _carried(OLD.replace("осында тұр", "мұнда"), "балаларга") == "балаларга"


def test_a_corrected_word_is_where_the_wrong_one_was() -> None:
    assert _carried(OLD.replace("балаларга", "балаларға"), "балаларга") == "балаларға"


def test_a_word_that_went_is_nowhere() -> None:
    assert _carried(OLD.replace("балаларга ", ""), "балаларга ") is None


def test_a_place_whose_paragraph_is_gone_is_nowhere() -> None:
    rewritten = "Тақырып\n" + "Мүлде жаңа мәтін, ескісінен ештеңе қалмады. " * 4 + "\nСоңы."
    assert _carried(rewritten, "балаларга") is None


def test_thousands_of_changed_lines_are_carried_at_once() -> None:
    old = "\n".join(f"{number}-жол: бір сөз, екі сөз" for number in range(3_000))
    new = old.replace("екі сөз", "үш сөз")
    spans = [_span(old, f"{number}-жол") for number in range(0, 3_000, 100)]
    carried = carry(spans, old, new)
    assert all(
        span is not None and new[slice(*span)] == old[slice(*before)]
        for span, before in zip(carried, spans, strict=True)
    )


@given(st.text(max_size=60), st.data())
def test_an_unchanged_text_keeps_every_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert carry([(start, end)], text, text) == [(start, end)]


@given(st.text(max_size=60), st.text(max_size=60), st.data())
def test_a_carried_place_lies_in_the_new_text(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    (span,) = carry([(start, end)], old, new)
    assert span is None or 0 <= span[0] <= span[1] <= len(new)
