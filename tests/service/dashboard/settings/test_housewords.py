"""The house dictionary on the desk."""

import io

import pytest

from tests.factories import RIGHT, WRONG
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person


@pytest.fixture
def admin(person: NewPerson) -> Person:
    return person("admin", email="admin@dala.example.kz")


def _file(text: str, coding: str = "utf-8") -> tuple[io.BytesIO, str]:
    return io.BytesIO(text.encode(coding)), "words.txt"


def _lines(web: Web, admin: Person) -> list[str]:
    text = admin.open(f"/settings/{web.site.id}/words.txt").answer.get_data(as_text=True)
    return text.splitlines()


def test_words_are_typed_brought_in_and_taken_along(web: Web, admin: Person) -> None:
    page = f"/settings/{web.site.id}/words"
    assert admin.send(page, None, words="Көкжар\r\nAбай -> Абай").status == 303
    admin.send(f"{page}/import", None, more="Көкжар\nІле", file=_file("Семей"), how="add")
    assert _lines(web, admin) == ["Көкжар", "Aбай -> Абай", "Іле", "Семей"]
    admin.send(f"{page}/import", None, file=_file("\ufeffСемей"), how="replace")
    assert _lines(web, admin) == ["Семей"]
    assert len(admin.open("/people").texts("section[aria-labelledby=h-acts] tbody tr")) == 3


def test_a_long_list_comes_in_and_is_then_changed_as_a_file(web: Web, admin: Person) -> None:
    page = f"/settings/{web.site.id}/words"
    text = "\n".join(f"Көкжардағылардікі{n}" for n in range(20_000))
    assert len(text.encode()) > 512 * 1024
    assert admin.send(f"{page}/import", None, file=_file(text), how="add").status == 303
    assert len(_lines(web, admin)) == 20_000
    shown = admin.open(page)
    assert shown.page.css_first("#words") is None
    assert (
        shown.text(".panel > header .meta") == "20 000 lines"
    )  # thousands stand apart in words too
    assert admin.send(f"{page}/import", None, more="тағы", how="add").status == 422
    assert len(_lines(web, admin)) == 20_000


def test_nothing_in_place_of_a_dictionary_empties_none(web: Web, admin: Person) -> None:
    page = f"/settings/{web.site.id}/words"
    admin.send(page, None, words="Көкжар")
    sent = admin.send(f"{page}/import", None, more=" ", file=_file(""), how="replace")
    assert (sent.status, sent.texts(".wrong")) == (422, ["Choose a file or paste a list."])
    assert _lines(web, admin) == ["Көкжар"]


def test_a_wrong_line_is_told_and_nothing_typed_is_lost(web: Web, admin: Person) -> None:
    page = f"/settings/{web.site.id}/words"
    admin.send(page, None, words="Көкжар")
    sent = admin.send(page, None, words="Іле\na -> b -> c")
    assert (sent.status, sent.texts(".wrong")) == (422, ["Line 2 is no word and no pair."])
    assert "a -> b -> c" in sent.text("#words")
    sent = admin.send(f"{page}/import", None, file=_file("Іле", "utf-16"), how="replace")
    assert (sent.status, sent.texts(".wrong")) == (422, ["The file is not a text in UTF-8."])
    assert _lines(web, admin) == ["Көкжар"]


def test_a_wrong_line_of_a_file_has_its_number_there_and_the_page_stays_short(
    web: Web, admin: Person
) -> None:
    page = f"/settings/{web.site.id}/words/import"
    lines = [f"Сөз{n}" for n in range(10_000)]
    for before in ([], lines):
        text = "\n".join([*before, "a -> b -> c"])
        sent = admin.send(page, None, file=_file(text), how="add")
        wrong = f"Line {len(before) + 1} is no word and no pair."
        assert (sent.status, sent.texts(".wrong")) == (422, [wrong])
        assert len(sent.answer.data) < 40_000
    sent = admin.send(page, None, more="Іле", file=_file("a -> b -> c"), how="add")
    assert (sent.text("#more"), sent.texts(".wrong")) == (
        "Іле",
        ["Line 2 is no word and no pair."],
    )


def test_a_form_that_is_no_dictionary_stays_short(web: Web, admin: Person) -> None:
    long = "ә" * 300_000
    assert admin.send(f"/settings/{web.site.id}/cms", None, edit_link=long).status == 413


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (WRONG, f"The house dictionary has “{WRONG}” as it stands."),
        (RIGHT, f"The house dictionary agrees with the suggestion: “{RIGHT}”."),
        (f"{WRONG} -> сәбилерге", "The house dictionary writes “сәбилерге” here."),
    ],
)
def test_the_case_says_what_the_dictionary_has(
    web: Web, admin: Person, editor: Person, word: str, said: str
) -> None:
    case = web.case()
    assert "dictionary" not in editor.open(f"/cases/{case.id}").text()
    admin.send(f"/settings/{web.site.id}/words", None, words=word)
    assert said in editor.open(f"/cases/{case.id}").text("section[aria-labelledby=h-correction]")


def test_the_queue_and_the_api_say_it_too(web: Web, admin: Person, editor: Person) -> None:
    case = web.case()
    headers = web.token()
    assert (
        web.client.get(f"/api/v1/cases/{case.id}", headers=headers).get_json()["house_word"] is None
    )
    admin.send(f"/settings/{web.site.id}/words", None, words=RIGHT)
    assert editor.open("/queue").texts(".case .tag") == ["as in the dictionary"]
    for answer in (
        web.client.get(f"/api/v1/cases/{case.id}", headers=headers).get_json(),
        web.client.get("/api/v1/cases", headers=headers).get_json()["items"][0],
    ):
        assert answer["house_word"] == {"verdict": "agrees", "word": RIGHT}
