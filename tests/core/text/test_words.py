"""Words and sentences in five ways of writing."""

import pytest

from core.text.words import grow_to_words, sentence_around, sentences, words


def _cut(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Бүгін — Д’Артаньян, 24-і.", ["Бүгін", "Д’Артаньян", "24", "і"]),
        ("It's co-op №5", ["It's", "co", "op", "5"]),
        ("құр\u00adамасы", ["құр\u00adамасы"]),
        ("مَكْتَبَة جديدة", ["مَكْتَبَة", "جديدة"]),
        ("我爱Rust", ["我", "爱", "Rust"]),
        ("テストする。", ["テスト", "する"]),
    ],
)
def test_words_are_found_in_every_script(text: str, expected: list[str]) -> None:
    assert _cut(text, words(text)) == expected


@pytest.mark.parametrize(
    ("text", "selected", "grown"),
    [
        ("бар балаларга арналған", "алар", "балаларга"),
        ("бар балаларга арналған", " балаларга ", "балаларга"),
        ("балаларга, арналған", "ларга,", "балаларга,"),
        ("bu günün", " ", "bu günün"),
        ("的方法", "的", "的"),
    ],
)
def test_a_selection_grows_to_whole_words(text: str, selected: str, grown: str) -> None:
    start = text.index(selected)
    assert text[slice(*grow_to_words(text, start, start + len(selected)))] == grown


def test_a_gap_belongs_to_the_word_before_it() -> None:
    assert grow_to_words("логики решать", 6, 6) == (0, 6)
    assert grow_to_words("( решать", 2, 2) == (2, 8)
    assert grow_to_words("…  …", 2, 2) == (2, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Бұл бір. Екінші ме? Иә!", ["Бұл бір.", "Екінші ме?", "Иә!"]),
        ("А. Байтұрсынұлы жазды. Соңы", ["А. Байтұрсынұлы жазды.", "Соңы"]),
        ("В 2024 г. вышла. Да", ["В 2024 г. вышла.", "Да"]),
        ("他说：你好。再见！", ["他说：你好。", "再见！"]),
        ("هل هذا؟ نعم.", ["هل هذا؟", "نعم."]),
        ("Тақырып\nМәтін", ["Тақырып", "Мәтін"]),
    ],
)
def test_sentences_end_where_readers_stop(text: str, expected: list[str]) -> None:
    assert _cut(text, sentences(text)) == expected


def test_a_place_lies_in_its_sentence() -> None:
    text = "Бұл бір. Екінші қате. Үш."
    start = text.index("қате")
    assert text[slice(*sentence_around(text, start, start + 4))] == "Екінші қате."
