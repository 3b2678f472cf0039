"""One case: everything about it, and every decision on it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.clock import utcnow
from core.models import Case, Delivery, Report
from core.signals import DELIVER
from tests.factories import PAGE_URL, RIGHT, WRONG
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person, events_of

LATIN = "Қазақ\u00adстaн"  # with a soft hyphen and a Latin a


def _page(person: Person, case: Case) -> Any:
    return person.open(f"/cases/{case.id}")


def test_the_page_shows_the_error_and_its_reports(web: Web, editor: Person) -> None:
    case = web.case(comment="Әріп түсіп қалған")
    web.case(comment="Тағы бір рет")
    page = _page(editor, case)
    assert page.text("h1") == f"Typo: “{WRONG}”"
    assert page.texts(".paragraph del, .paragraph ins") == ["г", "ғ"]
    assert page.texts(".reports blockquote") == ["Әріп түсіп қалған", "Тағы бір рет"]
    assert page.texts(".reports .why")[0] == "First report: made this case."
    assert page.texts(".reports .why")[1].startswith("Joined")
    assert page.text("#correction") == RIGHT


def test_the_place_on_the_page_is_one_click_away(web: Web, editor: Person) -> None:
    place = _page(editor, web.case()).page.css_first("a[aria-keyshortcuts=o]").attributes
    assert place["href"].startswith(f"{PAGE_URL}#:~:text=")
    assert place["rel"] == "noopener noreferrer"


def test_letters_that_only_look_right_are_named(web: Web, editor: Person) -> None:
    case = web.case(exact=LATIN, suggestion="Қазақ\u00adстан")
    page = _page(editor, case)
    said = page.texts(".findings li")
    assert "after letter 5: SHY U+00AD Soft hyphen" in said[0]
    assert "Letter 8 looks right and is not: a U+0061 Latin letter a" in said[1]
    assert "looks like а U+0430 Cyrillic letter а" in said[1]
    assert page.texts(".strip")[0] == "ҚазақSHYстaн"
    assert editor.open("/queue").texts(".tag.lookalike") == ["Latin a"]


def test_competing_suggestions_stand_with_their_readers(web: Web, editor: Person) -> None:
    case = web.case()
    web.case()
    web.case(suggestion="балаларына")
    page = _page(editor, case)
    assert page.texts(".proposals .meta") == ["2 readers", "1 reader"]
    assert len(page.page.css(".proposals .stands")) == 1
    (taken,) = page.values(".proposals button[name=take]", "value")
    version = editor.web_case(case).version
    assert editor.send(f"/cases/{case.id}", take=taken, version=version).status == 303
    assert editor.web_case(case).suggestion == "балаларына"


@pytest.mark.parametrize(
    ("do", "status", "resolution"),
    [
        ("accept", "accepted", None),
        ("fixed", "fixed", None),
        ("dismiss:not_an_error", "dismissed", "not_an_error"),
        ("dismiss:page_gone", "dismissed", "page_gone"),
    ],
)
def test_a_decision_moves_the_case_and_leaves_an_event(
    web: Web, editor: Person, do: str, status: str, resolution: str | None
) -> None:
    case = web.case()
    sent = editor.decide(case, do)
    assert sent.status == 303
    now = editor.web_case(case)
    assert (now.status, now.resolution) == (status, resolution)
    assert events_of(web, case)[-1] == (status, editor.user.email, "desk")
    assert web.bell.rung == [DELIVER]
    assert editor.open(sent.address).page.css_first(".notice.good") is not None


def test_what_an_editor_typed_is_accepted_with_the_case(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "accept", suggestion="балалар\r\nүшін")
    now = editor.web_case(case)
    assert (now.status, now.suggestion) == ("accepted", "балалар\nүшін")


def test_a_field_that_nobody_touched_changes_no_correction(web: Web, editor: Person) -> None:
    case = web.case()
    with web.db.write() as session:
        session.get_one(Case, case.id).suggestion = ""  # the words are to go
    page = _page(editor, case)
    assert page.values("#case [name=shown]", "value") == [""]
    assert page.texts(".paragraph del") == [WRONG]
    assert "should go" in page.text(".paragraph .hidden")
    editor.decide(case, "accept", suggestion="", shown="")
    now = editor.web_case(case)
    assert (now.status, now.suggestion) == ("accepted", "")


def test_the_correction_and_the_kind_can_be_put_right(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "correct", suggestion="балаларға арнап")
    editor.decide(case, "kind", kind="fact")
    now = editor.web_case(case)
    assert (now.suggestion, now.kind) == ("балаларға арнап", "fact")
    assert _page(editor, case).texts(".history li p")[0].startswith("Kind: Fact")


def test_a_case_is_taken_and_given_back(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "assign")
    assert editor.web_case(case).assignee_id == editor.user.id
    assert _page(editor, case).page.css_first("button[value=unassign]") is not None
    editor.decide(case, "unassign")
    assert editor.web_case(case).assignee_id is None


def test_a_snooze_ends_in_the_morning_of_the_site(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "snooze:tomorrow")
    until = editor.web_case(case).snoozed_until
    assert until is not None
    local = until.astimezone(ZoneInfo("Asia/Almaty"))
    assert (local.hour, local.minute) == (8, 0)
    assert local.date() == (utcnow().astimezone(local.tzinfo) + timedelta(days=1)).date()
    assert _page(editor, case).text(".head .status") == "Snoozed"
    editor.decide(case, "wake")
    assert editor.web_case(case).snoozed_until is None


def test_a_snooze_can_end_on_any_day_to_come(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "snooze:date", until="2099-01-05")
    assert editor.web_case(case).snoozed_until == datetime(2099, 1, 5, 3, tzinfo=UTC)
    yesterday = (utcnow() - timedelta(days=2)).date().isoformat()
    for day in (yesterday, "", "0001-01-01", "nonsense"):
        assert editor.decide(case, "snooze:date", until=day).status == 422


def test_undo_takes_the_last_change_back(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "accept")
    editor.decide(case, "undo")
    assert editor.web_case(case).status == "new"
    assert _page(editor, case).texts(".history li p")[0].startswith("Taken back: Accepted")


def test_two_editors_at_once_get_a_conflict_and_lose_nothing(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, daniyar = web.case(), person(email="daniyar@dala.example.kz")
    daniyar.decide(case, "dismiss:opinion")
    typed = "менің нұсқам"
    conflict = editor.decide(case, "correct", version=1, suggestion=typed)
    assert conflict.status == 409
    assert editor.web_case(case).suggestion == RIGHT
    stands, mine = conflict.texts(".versions > div")
    assert "daniyar" in stands
    assert "Dismissed" in stands
    assert typed in mine
    form = conflict.page.css_first(".panel form")
    assert form is not None
    found = form.css("input")
    fields: dict[str, Any] = {str(i.attributes["name"]): i.attributes["value"] for i in found}
    assert editor.send(str(form.attributes["action"]), **fields).status == 303
    now = editor.web_case(case)
    assert (now.status, now.suggestion) == ("dismissed", typed)


def test_a_move_that_the_table_does_not_know_is_refused(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "fixed")
    with web.db.write() as session:
        session.get_one(Case, case.id).status = "verified"
    refused = editor.decide(case, "fixed", version=editor.web_case(case).version)
    assert refused.status == 409
    assert editor.web_case(case).status == "verified"
    assert refused.page.css(".panel form") == []
    buttons = _page(editor, case).page.css("button[value=fixed]")
    assert ["disabled" in button.attributes for button in buttons] == [True]


def test_undo_says_whose_change_it_takes_back(web: Web, editor: Person, person: NewPerson) -> None:
    case, other = web.case(), person(email="daniyar@dala.example.kz")
    button, path = "[name=do][value=undo]", f"/cases/{case.id}"
    assert editor.open(path).values(f"{button}[disabled]", "value") == ["undo"]
    other.decide(case, "accept")
    theirs = editor.open(path)
    assert theirs.text(button) == f"Undo: {other.user.name}"
    assert theirs.values(button, "aria-keyshortcuts") == [""]  # not by a key in passing
    assert other.open(path).values(button, "aria-keyshortcuts") == ["u"]
    editor.decide(case, "undo")
    assert editor.web_case(case).status == "new"


def test_nothing_to_undo_is_told(web: Web, editor: Person) -> None:
    refused = editor.decide(web.case(), "undo")
    assert "There is nothing to undo." in refused.text(".panel")
    assert refused.text(".panel .main-action") == "Back to the case"


def _neighbour(web: Web) -> Case:
    """Another case of the same page."""
    return web.case(
        exact="сөрелерде", suggestion="сөрелерінде", prefix="Қазір ", suffix=" қырық мың"
    )


def test_cases_that_are_one_error_are_merged(web: Web, editor: Person) -> None:
    case, into = web.case(), _neighbour(web)
    page = _page(editor, case)
    assert f"merge:{into.id}" in page.values("#merges button", "value")
    sent = editor.decide(case, f"merge:{into.id}")
    assert sent.address.startswith(f"/cases/{into.id}")
    assert editor.web_case(into).readers == 2
    emptied = _page(editor, case)
    assert f"/cases/{into.id}" in emptied.values(".notice a", "href")
    assert emptied.texts(".history li p")[0].startswith(f"Merged into case {into.id}")
    assert _page(editor, into).texts(".history li p")[0].startswith(f"Case {case.id} merged")
    editor.decide(into, "undo")
    assert editor.web_case(case).status == "new"
    assert _page(editor, case).texts(".history li p")[0].startswith("Taken back: merge")


@pytest.mark.parametrize("number", ["", "x", "999999", "9" * 30])
def test_a_merge_needs_a_case_that_is_there(web: Web, editor: Person, number: str) -> None:
    case = web.case()
    assert editor.decide(case, "merge", into=number).status in (404, 422)
    assert editor.decide(case, "merge", into=str(case.id)).status == 422
    assert editor.web_case(case).status == "new"


def test_a_case_is_never_merged_into_a_foreign_one(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, stranger = web.case(), person("admin", web.other_site(), email="tan@tan.example.kz")
    assert stranger.decide(case, f"merge:{case.id}").status == 404
    assert editor.web_case(case).version == 1


def test_reports_of_another_error_are_split_off(web: Web, editor: Person) -> None:
    case = web.case()
    web.case()
    page = _page(editor, case)
    first, second = page.values("[name=report]", "value")
    sent = editor.decide(case, "split", report=second)
    new = int(sent.address.split("/")[2].partition("?")[0])
    assert new != case.id
    assert (
        _page(editor, case)
        .texts(".history li p")[0]
        .startswith(f"Reports split off into case {new}")
    )
    assert editor.decide(case, "split", report=first).status == 422


def test_a_correction_that_is_too_long_is_kept_for_another_try(web: Web, editor: Person) -> None:
    refused = editor.decide(web.case(), "correct", suggestion="х" * 1_001)
    assert refused.status == 422
    assert "at most 1,000" in refused.text(".wrong")


def test_the_history_tells_who_did_what_by_which_way(web: Web, editor: Person) -> None:
    case = web.case()
    web.case()
    web.case()
    editor.decide(case, "dismiss:wont_fix")
    lines = _page(editor, case).texts(".history li p")
    assert lines[0].startswith("Dismissed · Won’t fix")
    assert lines[0].endswith("editor, desk")
    assert lines[1].startswith("2 more readers")
    assert lines[2].startswith("First report")
    assert lines[2].endswith("a reader, on the page")


def test_readers_who_joined_stand_apart_from_what_was_done(web: Web, editor: Person) -> None:
    case = web.case()
    web.case()
    told = ["1 more reader", "First report"]
    for verb, said in (("accept", "Accepted"), ("undo", "Taken back: Accepted"), ("fix", "Fixed")):
        lines = _page(editor, case).texts(".history li p")
        assert all(map(str.startswith, lines, told)), lines
        assert len(lines) == len(told)
        editor.decide(case, verb)
        told.insert(0, said)


def test_messages_that_nobody_got_can_be_sent_again(web: Web, editor: Person) -> None:
    case = web.case()
    with web.db.write() as session:
        message = session.query(Delivery).one()
        message.status, message.last_error = "dead", "550 no such user"
        message_id = message.id
    page = _page(editor, case)
    assert "550 no such user" in page.text(".table .error")
    (action,) = page.values(".table button", "formaction")
    sent = editor.send(action)
    assert sent.address.startswith(f"/cases/{case.id}")
    with web.db.read() as session:
        assert session.get_one(Delivery, message_id).status == "pending"


def test_many_reports_are_shown_when_asked_for(
    web: Web, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.dashboard.cases.MOST_REPORTS", 2)
    case = web.case()
    for _ in range(3):
        web.case()
    page = _page(editor, case)
    assert len(page.page.css(".reports > li")) == 2
    (link,) = page.values(".panel p > a[href*='reports=all']", "href")
    assert len(editor.open(link).page.css(".reports > li")) == 4


def test_an_address_that_is_no_web_page_is_no_link(web: Web, editor: Person) -> None:
    case = web.case()
    with web.db.write() as session:
        session.get_one(Case, case.id).page.link = "javascript:alert(1)"
    for path in (f"/cases/{case.id}", "/queue"):
        assert not [h for h in editor.open(path).values("a", "href") if h.startswith("javascript")]


@pytest.mark.parametrize(
    "path", ["/cases/0", "/cases/999999", "/cases/99999999999999999999", "/cases/x"]
)
def test_a_case_that_is_not_there_is_not_found(editor: Person, path: str) -> None:
    assert editor.open(path).status == 404


def test_a_report_that_has_been_erased_leaves_no_text(web: Web, editor: Person) -> None:
    case = web.case(comment="жеке әңгіме")
    web.case()
    with web.db.write() as session:
        report = session.query(Report).order_by(Report.received_at).first()
        assert report is not None
        report.comment, report.erased_at = None, utcnow()
    page = _page(editor, case)
    assert "has erased" in page.text(".reports li")
    assert "жеке әңгіме" not in page.text()
