"""Whatever becomes of a form of the case's page, nothing that was typed there is lost."""

from typing import Any

import pytest

from core.models import Case
from tests.factories import RIGHT
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, NewPerson, Opened, Person
from tests.service.dashboard.test_corrections import mistaken

MINE = "менің нұсқам"
NOTE = "Авторға айтамын"
TYPED: dict[str, Any] = {"suggestion": MINE, "shown": RIGHT, "text": NOTE, "mention": "@daniyar"}


def _in_fields(opened: Opened) -> tuple[str, str, str]:
    """What stands in the fields of the case's page: correction, note, for whom."""
    mention = opened.values("#mention", "value")[0]
    return opened.text("#correction"), opened.text("#note"), mention


def _press(person: Person, opened: Opened, number: int) -> Opened:
    """Send one of the forms of the page that tells of a conflict."""
    form = opened.page.css(".panel form")[number]
    named = form.css("input, button[name]")
    fields: dict[str, Any] = {str(i.attributes["name"]): i.attributes["value"] for i in named}
    return person.send(str(form.attributes["action"]), **fields)


@pytest.fixture
def changed(web: Web, person: NewPerson) -> Case:
    """A case that a colleague has dismissed since it was opened."""
    case = web.case()
    person(email="daniyar@dala.example.kz").decide(case, "dismiss:opinion")
    return case


@pytest.mark.parametrize("do", ["assign", "accept", "undo", "kind", "snooze:tomorrow"])
def test_a_conflict_shows_the_note_and_the_correction_beside_both_versions(
    editor: Person, changed: Case, do: str
) -> None:
    conflict = editor.decide(changed, do, version=1, kind="fact", **TYPED)
    assert conflict.status == 409
    assert conflict.texts("p.typed") == [MINE, NOTE]
    back = _press(editor, conflict, -1)
    assert back.status == 200
    assert _in_fields(back) == (MINE, NOTE, "@daniyar")
    assert back.text(".head .status") == "Dismissed"
    assert back.values("#case [name=version]", "value") == ["2"]


def test_what_was_wanted_is_saved_over_it_and_the_note_waits_on(
    editor: Person, changed: Case
) -> None:
    conflict = editor.decide(changed, "correct", version=1, **TYPED)
    saved = _press(editor, conflict, 0)
    assert editor.web_case(changed).suggestion == MINE
    assert _in_fields(saved) == (MINE, NOTE, "@daniyar")
    assert "Correction saved" in saved.text(".notice.good")


def test_a_correction_that_nobody_touched_gives_way_to_a_colleagues(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case = web.case()
    person(email="daniyar@dala.example.kz").decide(case, "correct", suggestion="балаларына")
    untouched = {"suggestion": RIGHT, "shown": RIGHT, "text": NOTE}
    wrong = editor.decide(case, "snooze:date", version=1, until="2020-01-01", **untouched)
    assert (wrong.status, wrong.text("#correction")) == (422, "балаларына")
    conflict = editor.decide(case, "assign", version=1, **untouched)
    assert conflict.texts("p.typed") == [NOTE]
    assert _press(editor, conflict, -1).text("#correction") == "балаларына"


def test_a_move_that_is_not_allowed_keeps_what_was_typed(web: Web, editor: Person) -> None:
    case = web.case()
    with web.db.write() as session:
        session.get_one(Case, case.id).status = "verified"
    refused = editor.decide(case, "fixed", **TYPED)
    assert (refused.status, refused.texts("p.typed")) == (409, [MINE, NOTE])
    assert _in_fields(_press(editor, refused, 0)) == (MINE, NOTE, "@daniyar")


def test_a_decision_leaves_the_note_in_its_field(web: Web, editor: Person) -> None:
    case = web.case()
    accepted = editor.decide(case, "accept", **TYPED)
    assert (accepted.status, accepted.text(".head .status")) == (200, "Accepted")
    assert _in_fields(accepted) == (MINE, NOTE, "@daniyar")
    assert editor.web_case(case).suggestion == MINE
    assert editor.open(f"/cases/{case.id}").texts(".note") == []
    assert editor.decide(case, "assign", suggestion=MINE, shown=MINE, text=" ").status == 303


def test_a_note_leaves_the_correction_in_its_field(web: Web, editor: Person) -> None:
    case = web.case()
    noted = editor.decide(case, "note", **TYPED)
    assert NOTE in noted.text(".note")
    assert _in_fields(noted) == (MINE, "", "")
    assert editor.web_case(case).suggestion == RIGHT


def test_a_merge_leaves_the_correction_with_the_case_that_it_was_typed_for(
    web: Web, editor: Person
) -> None:
    case, into = web.case(), web.case(exact="сөрелерде", prefix="Қазір ", suffix=" қырық мың")
    merged = editor.decide(case, "merge", into=str(into.id), **TYPED)
    assert editor.web_case(case).merged_into_id == into.id
    assert merged.values(".case-page", "data-case") == [str(case.id)]
    assert merged.texts(".typed") == [MINE, NOTE]
    form = next(form for form in merged.page.css("main form") if form.css_first("[value=keep]"))
    sent: dict[str, Any] = {
        str(field.attributes["name"]): field.attributes["value"] or ""
        for field in form.css("input[name]:not([name=form_token])")
    }
    back = editor.send(str(form.attributes["action"]), do="keep", **sent)
    assert back.values(".case-page", "data-case") == [str(into.id)]
    assert _in_fields(back) == (MINE, NOTE, "@daniyar")


def test_the_answer_about_a_notice_leaves_the_note_and_the_other_way_round(
    web: Web, editor: Person
) -> None:
    case = mistaken(web)
    editor.decide(case, "fixed")
    own: dict[str, Any] = {"sentence": "Қате сан.", "after": "3 млрд", "after_shown": "2 млрд"}
    assigned = editor.decide(case, "assign", **own)
    assert (assigned.text("#sentence"), assigned.text("#after")) == ("Қате сан.", "3 млрд")
    path = f"/cases/{case.id}/notice"
    answered = editor.send(path, do="publish", **{**own, "after": "2 млрд"}, text=NOTE)
    assert (answered.status, answered.text("#note")) == (200, NOTE)


def test_who_was_logged_out_meanwhile_can_copy_what_they_typed(web: Web, editor: Person) -> None:
    case = web.case()
    editor.client.delete_cookie("__Host-tuzet", domain="tuzet.example.kz")
    came = {"Referer": f"{BASE}/cases/{case.id}"}
    out = editor.send(f"/cases/{case.id}", came, do="accept", version=1, **TYPED)
    assert out.status == 401
    assert out.texts("textarea") == [MINE, NOTE]
    assert out.values(".buttons a", "href")[0] == f"/login?next=/cases/{case.id}"
    back = editor.send(f"/cases/{case.id}", came, do="accept", version=1)
    assert (back.status, back.address) == (303, f"/login?next=/cases/{case.id}&told=unsaved")
    elsewhere = {"Referer": "https://evil.example/cases/1"}
    assert editor.send(f"/cases/{case.id}", elsewhere, do="accept").address == "/login?told=unsaved"


def test_who_lost_their_role_or_whose_form_is_old_can_copy_what_they_typed(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, reader = web.case(), person("viewer")
    for refused in (
        reader.decide(case, "note", **TYPED),
        editor.decide(case, "accept", form_token="old", **TYPED),
        editor.send("/cases/9999", do="note", **TYPED),
    ):
        assert refused.status in (403, 404)
        assert refused.texts("textarea") == [MINE, NOTE]


def test_a_notice_that_is_refused_can_be_copied_with_the_note(web: Web, editor: Person) -> None:
    case = mistaken(web)
    answer = editor.send(f"/cases/{case.id}/notice", do="publish", sentence="Қате сан.", text=NOTE)
    assert answer.status == 409
    assert answer.texts("textarea") == [NOTE, "Қате сан."]


def test_words_of_another_site_are_not_shown(web: Web, editor: Person) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    case = web.case()
    refused = editor.send(f"/cases/{case.id}", foreign, do="accept", version=1, **TYPED)
    assert (refused.status, refused.texts("textarea")) == (403, [])
    assert MINE not in refused.text()


def test_every_button_of_the_cases_page_sends_all_its_fields(web: Web, editor: Person) -> None:
    """Else what stands in the fields of one form is lost by the buttons of another."""
    case = mistaken(web)
    editor.decide(case, "fixed")
    opened = editor.open(f"/cases/{case.id}")
    assert sorted(opened.values("main form[method=post]", "id")) == ["case", "here"]
    free = [
        node for node in opened.page.css("main textarea") if node.attributes.get("form") != "case"
    ]
    assert free == []
