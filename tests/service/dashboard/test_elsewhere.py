"""The same mistake elsewhere, as an editor asks for it from a case."""

import pytest

from core.models import Case, ElsewhereSearch
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person


def fixed(web: Web, editor: Person) -> Case:
    case = web.case()
    editor.decide(case, "fixed")
    return case


def test_a_fixed_case_leads_to_the_list(web: Web, editor: Person) -> None:
    case = web.case()
    place = f"/cases/{case.id}/elsewhere"
    assert place not in editor.open(f"/cases/{case.id}").values("a", "href")
    editor.decide(case, "fixed")
    assert place in editor.open(f"/cases/{case.id}").values("a", "href")
    assert "Nothing is changed from here" in editor.open(place).text("main")


def test_an_editor_has_the_site_looked_through(web: Web, editor: Person) -> None:
    case = fixed(web, editor)
    assert editor.send(f"/cases/{case.id}/elsewhere").status == 303
    with web.db.read() as session:
        search = session.query(ElsewhereSearch).one()
    assert (search.form, search.asked_by) == ("балаларга", "editor@dala.example.kz")
    assert web.bell.rung[-1] == "tuzet.read_pages"
    assert "0 pages read" in editor.open(f"/cases/{case.id}/elsewhere").text("[role=status]")


def test_what_was_found_is_listed_with_links_to_the_place(web: Web, editor: Person) -> None:
    case = fixed(web, editor)
    editor.send(f"/cases/{case.id}/elsewhere")
    place = {"url": "https://dala.example.kz/x", "title": "Басқа", "before": "Бұл да "}
    with web.db.write() as session:
        search = session.query(ElsewhereSearch).one()
        found = [{**place, "words": "балаларга", "after": " арналған"}]
        search.progress = {**search.progress, "found": found}
        search.due_at = None
    page = editor.open(f"/cases/{case.id}/elsewhere")
    assert page.texts(".places .target") == ["балаларга"]
    assert page.values(".places a", "href")[0].startswith("https://dala.example.kz/x#:~:text=")


@pytest.mark.parametrize(
    ("read", "left", "said"),
    [
        (0, 0, "No page of the site could be read"),
        (40, 900, "None of the pages that we have read has it."),
        (40, 0, "No other page has it."),
    ],
)
def test_only_a_search_that_has_read_all_says_that_no_page_has_it(
    web: Web, editor: Person, read: int, left: int, said: str
) -> None:
    case = fixed(web, editor)
    editor.send(f"/cases/{case.id}/elsewhere")
    under_way = editor.open(f"/cases/{case.id}/elsewhere")
    assert under_way.texts(".panel .buttons form") == []
    with web.db.write() as session:
        search = session.query(ElsewhereSearch).one()
        search.progress = {**search.progress, "read": read, "left": left}
        search.due_at = None
    page = editor.open(f"/cases/{case.id}/elsewhere")
    assert said in page.text(".panel")
    assert page.texts(".panel .buttons form") == ["Look again"]


def test_a_viewer_may_look_but_not_ask_and_a_stranger_neither(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case = fixed(web, editor)
    path = f"/cases/{case.id}/elsewhere"
    viewer = person("viewer")
    stranger = person("admin", web.other_site(), email="chief@tan.example.kz")
    assert (viewer.open(path).status, viewer.send(path).status) == (200, 403)
    assert (stranger.open(path).status, stranger.send(path).status) == (404, 404)
