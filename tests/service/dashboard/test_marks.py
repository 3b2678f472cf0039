"""The notation of differences: what goes, what comes, what cannot be seen."""

import pytest

from core.i18n import translator
from service.dashboard.marks import calm_runs_of, findings_of, glass_of, lookalike_tags, marks_of
from tests.service.conftest import Web
from tests.service.dashboard.conftest import Person


def _drawn(exact: str, suggestion: str | None) -> str:
    """A marked text in one line: [goes] {comes} ~flagged~ <invisible>."""
    frames = {"same": "", "del": "[]", "ins": "{}", "target": "~~"}
    parts = []
    for mark in marks_of(exact, suggestion):
        text = "".join(f"<{run.name}>" if run.name else run.text for run in mark.runs)
        frame = frames[mark.kind]
        parts.append(frame[:1] + text + frame[1:])
    return "".join(parts)


@pytest.mark.parametrize(
    ("exact", "suggestion", "drawn"),
    [
        ("балаларга", "балаларға", "балалар[г]{ғ}а"),
        ("агенство", "агентство", "аген{т}ство"),
        ("it’s", "its", "it[’]s"),
        ("2 млн теңге", "2 млрд теңге", "2 [млн]{млрд} теңге"),
        ("482,6  теңге", "482,6 теңге", "482,6 [<␣>]теңге"),
        ("Ұлттықбанк", "Ұлттық банк", "Ұлттық{<␣>}банк"),
        ("482,6 теңге", "482,6\u00a0теңге", "482,6[<␣>]{<NBSP>}теңге"),
        ("Қазақ\u00adстан", "Қазақ\u00adстаны", "Қазақ<SHY>стан{ы}"),
        ("қатысты қатысты", "қатысты", "қатысты [қатысты]"),
        ("толық кестесі", None, "~толық кестесі~"),
        ("толық", "толық", "~толық~"),
        ("артық", "", "[артық]"),
        ("", None, ""),
    ],
)
def test_a_difference_is_drawn_as_an_editor_reads_it(
    exact: str, suggestion: str | None, drawn: str
) -> None:
    assert _drawn(exact, suggestion) == drawn


@pytest.mark.parametrize(("wrong", "right"), [("о", "ө"), ("г", "ғ"), ("у", "ұ"), ("а", "және")])
def test_no_line_ever_goes_through_a_single_letter(wrong: str, right: str) -> None:
    assert not any(mark.struck for mark in marks_of(wrong, right))


def test_a_whole_word_that_goes_is_struck() -> None:
    assert [mark.struck for mark in marks_of("млн", "доллар") if mark.kind == "del"] == [True]


@pytest.mark.parametrize("wrong", ["екі екі", "тек екі", "екі тек"])
def test_no_line_goes_through_the_space_beside_a_word(wrong: str) -> None:
    marks = marks_of(wrong, wrong.removesuffix(" екі").removeprefix("екі "))
    struck = [run.text for mark in marks if mark.struck for run in mark.runs]
    assert struck == ["екі"]
    assert "".join(run.text for mark in marks for run in mark.runs) == wrong


def test_a_letter_of_another_script_is_named_in_the_readers_language() -> None:
    tags = [lookalike_tags(translator(language), "Қазaқстан") for language in ("kk", "ru", "en")]
    assert tags == [["латын a"], ["латинская a"], ["Latin a"]]


def test_what_is_not_what_it_seems_is_told_with_its_code() -> None:
    shy, latin = findings_of(translator("en"), "Қазақ\u00adстaн")
    assert (shy.place, shy.shown, shy.code, shy.twin) == (5, "SHY", "U+00AD", None)
    assert (latin.place, latin.code, latin.name) == (8, "U+0061", "Latin letter a")
    assert latin.twin == ("а", "U+0430", "Cyrillic letter а")
    assert findings_of(translator("en"), "Қазақстан") == []


@pytest.mark.parametrize(
    ("exact", "suggestion", "wrong", "right"),
    [
        ("балаларга", "балаларға", "балаларга", "балаларға"),
        ("үшін балаларга арналған", "үшін балаларға арналған", "балаларга", "балаларға"),
        ("Қазақ\u00adстaн", "Қазақ\u00adстан", "ҚазақSHYстaн", "ҚазақSHYстан"),
    ],
)
def test_the_one_word_that_changes_lies_under_the_glass(
    exact: str, suggestion: str, wrong: str, right: str
) -> None:
    glass = glass_of(exact, suggestion)
    assert glass is not None
    assert "".join(letter.text for letter in glass.wrong) == wrong
    assert "".join(letter.text for letter in glass.right) == right


@pytest.mark.parametrize(
    ("exact", "suggestion"),
    [
        ("балаларга", None),
        ("20", "40"),
        ("metre", "төрт"),
        ("бір екі", "бир еки"),
        ("бір", "бір екі"),
        ("а" * 30, "ә" * 30),
    ],
)
def test_more_or_less_than_one_word_has_no_glass(exact: str, suggestion: str | None) -> None:
    assert glass_of(exact, suggestion) is None


def test_what_turns_the_direction_is_named_around_the_words_too() -> None:
    runs = calm_runs_of("бұл\u202e\u00adсөз")
    assert [run.name for run in runs] == ["", "RLO", ""]
    assert runs[2].text == "\u00adсөз"  # a soft hyphen around the words is no fault of theirs


@pytest.mark.parametrize(
    ("suggestion", "named"),
    [("бар\u202eады", "RLO"), ("барaды", "Latin a"), ("бар\u200bады", "ZWSP")],
)
def test_what_cannot_be_seen_is_named_wherever_the_words_stand(
    web: Web, editor: Person, suggestion: str, named: str
) -> None:
    case = web.case(suggestion=suggestion, comment="пікір\u202e", prefix="алды\u202e ")
    page = editor.open(f"/cases/{case.id}")
    assert named in page.text(".reports strong")
    assert named in page.text("#odd")
    assert "RLO" in page.text(".reports blockquote")
    for place in (".reports", ".paragraph [aria-hidden]", "#odd", "h1"):
        assert "\u202e" not in page.text(place), place


def test_spaces_in_a_row_are_seen_in_what_a_reader_sent(web: Web, editor: Person) -> None:
    case = web.case(exact="бара  жатыр", suggestion="бара жатыр")
    page = editor.open(f"/cases/{case.id}")
    assert page.texts(".reports li bdi") == ["бара␣␣жатыр", "бара жатыр"]
    assert page.text("h1") == "Typo: “жатыр”"


def test_what_cannot_be_seen_before_all_letters_stands_after_none_of_them(
    web: Web, editor: Person
) -> None:
    case = web.case(exact="\u200bқала", suggestion="қала")
    said = editor.open(f"/cases/{case.id}").texts(".findings li")
    assert said == ["Cannot be seen, before the first letter: ZWSP U+200B Zero width space"]


def test_an_ordinary_correction_has_nothing_to_be_named(web: Web, editor: Person) -> None:
    page = editor.open(f"/cases/{web.case().id}")
    assert page.page.css("#odd, .reports .invisible, .reports .lookalike") == []


def test_a_letter_and_what_nobody_sees_are_named_in_the_language_of_the_reader() -> None:
    text, names = "Қазақ\u00adстaн", {}
    for language in ("kk", "ru"):
        shy, latin = findings_of(translator(language), text)
        names[language] = (shy.name, shy.code, latin.name, latin.code, latin.twin)
    assert names["kk"][0:4] == ("жұмсақ тасымал", "U+00AD", "латынның a әрпі", "U+0061")
    assert names["ru"][0:4] == ("мягкий перенос", "U+00AD", "латинская буква a", "U+0061")
    assert names["kk"][4] == ("а", "U+0430", "кириллицаның а әрпі")


def test_a_character_without_a_name_of_ours_has_that_of_unicode() -> None:
    (odd,) = findings_of(translator("kk"), "a\u2061b")
    assert (odd.name, odd.code) == ("Function application", "U+2061")
