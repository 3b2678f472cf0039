"""A case that was merged into another one is a signpost: everything else is done there."""

from typing import Any

from core.models import Case
from tests.factories import RIGHT
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Opened, Person, events_of


def _merged(web: Web, editor: Person) -> tuple[Case, Case]:
    """A case that went into another one of the same page, and that one."""
    into = web.case(
        exact="сөрелерде", suggestion="сөрелерінде", prefix="Қазір ", suffix=" қырық мың"
    )
    case = web.case()
    assert editor.decide(case, f"merge:{into.id}").status == 303
    return case, into


def _page(person: Person, case: Case) -> Opened:
    return person.open(f"/cases/{case.id}")


def test_it_offers_the_way_there_and_the_undo(web: Web, editor: Person) -> None:
    case, into = _merged(web, editor)
    opened = _page(editor, case)
    assert opened.values(".decide a", "href") == [f"/cases/{into.id}"]
    assert opened.values(".decide button", "value") == ["undo"]
    for field in ("#correction", "#note", "select[name=kind]", "#h-cms", "#h-correction"):
        assert opened.page.css_first(field) is None, field
    assert "the case was merged" in opened.text("[aria-labelledby=h-live] > header")


def test_its_undo_brings_the_case_back(web: Web, editor: Person) -> None:
    case, into = _merged(web, editor)
    editor.decide(case, "undo")
    assert editor.web_case(case).merged_into_id is None
    assert editor.web_case(into).readers == 1
    assert "accept" in _page(editor, case).values(".decide button", "value")


def test_who_may_only_look_sees_where_it_went(web: Web, editor: Person, person: NewPerson) -> None:
    case, into = _merged(web, editor)
    opened = _page(person("viewer"), case)
    assert f"/cases/{into.id}" in opened.values(".notice a", "href")
    assert opened.page.css_first(".decide") is None


def test_a_page_that_was_opened_before_is_told_where_the_case_went(
    web: Web, editor: Person
) -> None:
    case, into = _merged(web, editor)
    before = events_of(web, case)
    for version in (1, editor.web_case(case).version):
        told = editor.decide(case, "accept", version, text="Тексеру керек", suggestion=RIGHT)
        assert told.status == 409
        assert told.text("h1") == "This case was merged into another one"
        assert f"case {into.id}" in told.text("main")
        assert f"/cases/{into.id}" in told.values(".buttons a", "href")
        assert told.texts(".typed")[-1] == "Тексеру керек"
    kept = editor.web_case(case)
    assert (kept.status, kept.resolution, kept.merged_into_id) == (
        "dismissed",
        "duplicate",
        into.id,
    )
    assert events_of(web, case) == before


def test_what_was_typed_there_goes_along_to_the_other_case(web: Web, editor: Person) -> None:
    case, into = _merged(web, editor)
    told = editor.decide(case, "accept", text="Тексеру керек")
    form = next(f for f in told.page.css("main form") if f.css_first("[value=keep]"))
    assert form.attributes["action"] == f"/cases/{into.id}"
    back = editor.decide(into, "keep", text="Тексеру керек")
    assert back.text("#note") == "Тексеру керек"


def test_in_bulk_it_is_left_out_and_the_others_are_done(web: Web, editor: Person) -> None:
    case, into = _merged(web, editor)
    fields: dict[str, Any] = {
        f"version-{each.id}": editor.web_case(each).version for each in (case, into)
    }
    sent = editor.send("/queue", do="accept", case=[case.id, into.id], **fields)
    after = editor.open(sent.address)
    assert "It was merged into another case." in after.text("main")
    assert editor.web_case(into).status == "accepted"
    assert editor.web_case(case).status == "dismissed"


def test_its_undo_is_not_offered_while_something_else_comes_first(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, into = _merged(web, editor)
    row = f".case[data-case='{case.id}'][data-own]"
    assert editor.open("/queue?status=all").page.css_first(row) is not None
    person(email="daniyar@dala.example.kz").decide(into, "fixed")
    assert editor.open("/queue?status=all").page.css_first(row) is None
    opened = _page(editor, case)
    assert opened.values(".decide button", "value") == []
    assert f"Case {into.id} was changed after this" in opened.text(".decide")
    refused = editor.decide(case, "undo")
    assert refused.status == 409
    assert refused.text("h1") == "Something else has to be taken back first"
    assert f"Case {into.id} was changed after this" in refused.text(".panel")
    assert refused.values(".buttons .main-action", "href") == [f"/cases/{into.id}"]
    assert editor.web_case(case).merged_into_id == into.id
    assert (editor.web_case(into).status, editor.web_case(into).readers) == ("fixed", 2)
    fields: dict[str, Any] = {
        "case": str(case.id),
        f"version-{case.id}": str(editor.web_case(case).version),
    }
    told = editor.open(editor.send("/queue", do="undo", **fields).address)
    assert "changed after it: take that back first" in told.text("main")
