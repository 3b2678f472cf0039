"""How an error is shown: in its sentence, and as a pair."""

import pytest

from core.text.passage import Pair, Passage, beside, pair_of, passage_of, whole_pair


def _sides(pair: Pair | None) -> tuple[str, str]:
    assert pair is not None
    return pair.wrong_text, pair.right_text


def test_the_words_stand_in_their_sentence() -> None:
    shown = passage_of("балаларга", "Том көп. Оның үштен бірі — ", " арналған. Кез келген")
    assert (shown.before, shown.exact, shown.after) == (
        "Оның үштен бірі — ",
        "балаларга",
        " арналған.",
    )


def test_a_sentence_that_was_cut_shows_it() -> None:
    prefix = "іңізден келген қырық мың том тұр екен, оның үштен бірі мына жаққа "
    suffix = " арналған деп айтып еді ғой, ал енді қайтадан қараймыз деп отыр ек"
    shown = passage_of("балаларга", prefix[-64:], suffix[:64])
    assert shown.before.startswith("…")
    assert not shown.before.startswith("…ңізден")
    assert shown.after.endswith("…")
    assert not shown.after.endswith(" …")


def test_what_stands_beside_the_sentence_begins_and_ends_with_whole_words() -> None:
    prefix = "ырғызылған еді. Бағбан Серік Тоқан көршілерімен бірге бір түнде "
    suffix = " бәрін сабанмен орап шықты. «Таң атқанда қолымыз домбыға ісіп ке"
    shown = passage_of("көшеттердін", prefix, suffix)
    assert beside(shown, prefix, suffix) == ("…еді. ", " «Таң атқанда қолымыз домбыға ісіп…")


def test_a_whole_sentence_beside_it_keeps_its_full_stop_apart_from_the_ellipsis() -> None:
    shown = passage_of("балаларга", "Үйірме ", " тегін. Оны Нұрлан Әбен жүргізеді.")
    _, after = beside(shown, "Үйірме ", " тегін. Оны Нұрлан Әбен жүргізеді.")
    assert after.endswith("жүргізеді. …")


def test_nothing_stands_beside_a_sentence_that_was_cut_itself() -> None:
    prefix, suffix = "жапырағы " * 8, " сабағы" * 9
    assert beside(passage_of("көшеттердін", prefix, suffix), prefix, suffix) == ("", "")
    assert beside(passage_of("көшеттердін", "Бірі: ", "."), "Бірі: ", ".") == ("", "")


def test_a_word_without_any_context_is_shown_alone() -> None:
    assert passage_of("қате", "", "").before == ""


def test_the_changed_letter_is_marked_on_both_sides() -> None:
    pair = pair_of("балаларга", "балаларға")
    assert _sides(pair) == ("балаларга", "балаларға")
    assert pair is not None
    assert [piece.text for piece in pair.wrong if piece.kind == "del"] == ["г"]
    assert [piece.text for piece in pair.right if piece.kind == "ins"] == ["ғ"]


@pytest.mark.parametrize("suggestion", [None, "қате"])
def test_nothing_proposed_makes_no_pair(suggestion: str | None) -> None:
    assert pair_of("қате", suggestion) is None


def test_a_word_written_twice_shows_both() -> None:
    assert _sides(pair_of("the", "", "read the ", " book")) == ("the the", "the ")


def test_a_number_takes_the_word_before_it_along() -> None:
    assert _sides(pair_of("20", "40", "ходить каждые ", " минут")) == ("каждые 20", "каждые 40")


def test_a_first_word_takes_the_one_after_it_along() -> None:
    assert _sides(pair_of("А", "Ал", "", " мен")) == ("А мен", "Ал мен")


def test_what_both_sides_share_is_shortened() -> None:
    start = "мұнда өте ұзақ және ешкімге керек емес сөздер тізбегі тұр, "
    wrong, right = _sides(pair_of(f"{start}балаларга", f"{start}балаларға"))
    assert wrong.endswith("балаларга")
    assert right.endswith("балаларға")
    assert len(wrong) < len(start)


def test_no_space_is_lost_beside_what_was_changed() -> None:
    end = " жұмыстарының уақытында аяқталатынын журналистерге айтты."
    pair = pair_of(f"Министрлік өкілі жөндеуу{end}", f"Министрлік өкілі жөндеу{end}")
    assert pair is not None
    assert pair.right_text == "Министрлік өкілі жөндеу жұмыстарының уақытында …"
    other = pair_of(f"{end} жөндеуу".strip(), f"{end} жөндеу".strip())
    assert other is not None
    assert other.wrong_text == "… айтты. жөндеуу"


def test_two_sentences_stay_whole() -> None:
    sentence = "Қазір сөрелерде қырық мың том тұр, оның үштен бірі — балалар{}а арналған."
    pair = whole_pair(sentence.format("г"), sentence.format("ғ"))
    assert pair is not None
    assert pair.wrong_text == sentence.format("г")
    assert pair.right_text == sentence.format("ғ")


def test_a_very_long_sentence_is_cut_between_words_far_from_the_change() -> None:
    far = "көкжар " * 40
    pair = whole_pair(f"{far}балаларга {far}соң", f"{far}балаларға {far}соң")
    assert pair is not None
    text = pair.right_text
    assert text.startswith("…көкжар")
    assert text.endswith("көкжар…")
    assert 200 < len(text) < 270


def test_nothing_is_the_difference_of_the_same_sentence() -> None:
    assert whole_pair("бірі", "бірі") is None
    assert whole_pair("бірі", None) is None


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("Екінші орын: Дәурен ", ".", "Екінші орын: Дәурен."),
        ("Ауыл өте ", " жақсы жаңалыққа қуанды.", "Ауыл өте жақсы жаңалыққа қуанды."),
        ("", " Ауыл қуанды.", "Ауыл қуанды."),
        ("Ауыл ", " «Дала» оқиды.", "Ауыл «Дала» оқиды."),
        ("Ауыл қуанды ", "", "Ауыл қуанды"),
    ],
)
def test_a_sentence_closes_where_words_have_gone(before: str, after: str, left: str) -> None:
    assert Passage(before, "өте", after).without == left
