"""The case under the cursor in short: what is said of it, to whom, and in how many bytes."""

import re

import pytest
from sqlalchemy import select

from core.models import Case, Presence, Report
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Opened, Person

OVERRIDES = "\u202e" * 60  # what must be named wherever it stands, sign by sign


@pytest.fixture
def web(sqlite_web: Web) -> Web:
    """No database changes how a case is shown; the rights are tried on both with every route."""
    return sqlite_web


def _peek(person: Person, case: Case) -> Opened:
    return person.open(f"/cases/{case.id}/peek")


def test_a_case_is_told_in_short(web: Web, editor: Person) -> None:
    case = web.case(comment="Тақырыпта да бар.")
    web.case(suggestion="балларға")
    editor.decide(case, "accept")
    editor.send(f"/cases/{case.id}/notes", text="Тексерілді")
    opened = _peek(editor, case)
    whole = editor.open(f"/cases/{case.id}")
    assert opened.values("#peek-case", "data-case") == [str(case.id)]
    assert opened.text(".panel > header .status") == "Accepted"
    for part in (".paragraph", ".letters", ".proposals .what", ".note"):
        assert opened.texts(part) == whole.texts(part) != [], part
    assert opened.text("blockquote") == "Тақырыпта да бар."
    assert {"2", "The page was not read yet.", "nobody"} <= set(opened.texts("dd"))
    assert opened.text(".history li").startswith("Accepted")
    place = whole.values("[aria-keyshortcuts=o]", "href")
    assert opened.values("[aria-keyshortcuts=o]", "href") == place != []
    links = opened.values(".buttons a", "href")
    assert links == [f"/cases/{case.id}", f"/cases/{case.id}#correction"]


def test_only_the_last_of_a_long_story_is_told(web: Web, editor: Person) -> None:
    case = web.case(comment="Бір")
    for comment, ending in (("Екі", "ды"), ("Үш", "дың"), (None, "мен")):
        web.case(comment=comment, suggestion=f"балалар{ending}")
    for n in range(4):
        editor.send(f"/cases/{case.id}/notes", text=f"Жазба {n}")
        editor.decide(case, "correct", suggestion=f"сөз {n}")
    opened = _peek(editor, case)
    assert opened.texts("blockquote") == ["Бір", "Екі"]
    assert [text[-7:] for text in opened.texts(".note")] == ["Жазба 2", "Жазба 3"]
    assert len(opened.texts(".history li")) == 3
    assert len(opened.texts(".proposals li")) == 3
    assert opened.text(".proposals + .meta") == "1 more suggestion"


def test_to_pass_over_a_case_is_not_to_look_at_it(web: Web, editor: Person) -> None:
    assert _peek(editor, web.case()).status == 200
    with web.db.read() as session:
        assert session.scalars(select(Presence)).all() == []


def test_a_case_of_another_site_is_not_there_in_short_either(web: Web, person: NewPerson) -> None:
    case = web.case()
    stranger = person("editor", web.other_site(), email="s@tan.example.kz")
    refused = _peek(stranger, case)
    assert refused.status == 404
    assert case.exact not in refused.text()


def test_nothing_in_it_decides_and_a_viewer_is_led_to_no_field(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case = web.case()
    editors, viewers = _peek(editor, case), _peek(person("viewer"), case)
    for opened in (editors, viewers):
        assert opened.page.css("form, input, button, textarea") == []
        assert opened.values("[id]", "id") == ["peek-case"]
    assert viewers.values(".buttons a", "href") == [f"/cases/{case.id}"]


def test_what_a_reader_has_erased_is_told_by_nothing(web: Web, editor: Person) -> None:
    case = web.case(comment="Менің сөзім")
    with web.db.write() as session:
        session.get_one(Case, case.id).exact = ""
        for report in session.scalars(select(Report)):
            report.erased_at, report.exact, report.comment = report.received_at, "", None
    assert _peek(editor, case).text(".panel > .soft") == "The reader has erased what they had sent."


@pytest.mark.parametrize(
    ("exact", "around"),
    [
        ("ш" * 1000, ""),
        ("шшшшшшшш " * 13 + "қате", ""),
        ("шшшшшшшшшшшшшшшшшшшшшш", OVERRIDES),
        ("ш\u200b" * 9, ""),
        ("қате", OVERRIDES),
    ],
)
def test_it_stays_small_whatever_was_sent(
    web: Web, person: NewPerson, exact: str, around: str
) -> None:
    reader = person("editor", language="kk")
    sent: dict[str, str | None] = {
        "exact": exact,
        "prefix": f"{around} ",
        "suffix": f" {around}",
        "position_start": None,
    }
    sent["position_end"] = None
    wishes = [exact.replace("ш", "щ", n) for n in (3, 4, 5, 6)]
    comment = OVERRIDES + "ы" * 1900
    cases = [web.case(**sent, suggestion=wish, comment=comment) for wish in wishes]
    case = cases[0]
    for n in range(4):
        reader.send(f"/cases/{case.id}/notes", text=OVERRIDES + "н" * 1900)
        reader.decide(case, "correct", suggestion="я" * 980 + str(n))
    for suggestion in ("я" * 990, wishes[-1]):
        reader.decide(case, "correct", suggestion=suggestion)
        opened = _peek(reader, case)
        assert opened.status == 200
        assert len(opened.answer.get_data()) <= 20_000


def test_an_error_that_is_too_long_says_where_it_is_marked(web: Web, editor: Person) -> None:
    opened = _peek(editor, web.case(exact="сөз " * 200, suggestion="сөз"))
    assert opened.text(".paragraph").endswith("сөз…")
    assert "Too long to be marked here" in opened.text(".paragraph + .meta")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_it_speaks_the_language_of_who_looks(web: Web, person: NewPerson, language: str) -> None:
    reader = person("editor", language=language, email="оқырман@дала.example.kz")
    case = web.case(exact="сөз " * 200, suggestion="сөз")
    queue, opened = reader.open("/queue"), _peek(reader, case)
    place = queue.page.css("#peek")[0].attributes
    said = [value for name, value in place.items() if value and name not in ("class", "id")]
    said += opened.texts("#peek-case > .panel")
    assert len(said) == 6
    assert [text for text in said if re.search("[A-Za-z]{2,}", text.replace("Enter", ""))] == []


def test_the_queue_has_a_place_for_it_that_is_named_and_silent(web: Web, editor: Person) -> None:
    assert editor.open("/queue").page.css("#peek") == []
    web.case()
    (place,) = editor.open("/queue").page.css("aside#peek")
    assert "hidden" in place.attributes  # until a script takes it into its hands
    assert place.attributes["aria-label"] == "Case under the cursor"
    assert not {"role", "aria-live", "tabindex"} & set(place.attributes)
    assert place.text() == ""
