"""Mistakes that anybody makes on the desk: told at their field, and nothing typed is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from core.clock import utcnow
from core.errors import Invalid
from core.models import Case
from service.dashboard.changes import read_asked, snoozes_of
from tests.service.conftest import Web
from tests.service.dashboard.conftest import Opened, Person

TYPED: dict[str, Any] = {
    "text": "Авторға айтамын",
    "mention": "@daniyar",
    "suggestion": "менің нұсқам",
    "shown": "",
}


def _said_at(opened: Opened, field: str) -> str:
    """What stands at a field, as ears are led to it."""
    assert opened.values(f"#{field}", "aria-invalid") == ["true"]
    (named,) = opened.values(f"#{field}", "aria-describedby")
    return opened.text(f"#{named}")


def _kept(opened: Opened) -> dict[str, str]:
    """What still stands in the fields of the case's page that nobody has sent yet."""
    return {
        "text": opened.text("#note"),
        "mention": opened.values("#mention", "value")[0],
        "suggestion": opened.text("#correction"),
    }


def _neighbour(web: Web) -> Case:
    return web.case(exact="сөрелерде", prefix="Қазір ", suffix=" қырық мың")


@pytest.mark.parametrize("day", ["", "nonsense", "2020-01-01"])
def test_a_day_that_is_none_to_come_is_told_on_the_page_of_the_case(
    web: Web, editor: Person, day: str
) -> None:
    case = web.case()
    refused = editor.decide(case, "snooze:date", until=day, **TYPED)
    assert refused.status == 422
    assert "Choose a day after today" in refused.text(".notice.error")
    assert "Choose a day after today" in _said_at(refused, "until")
    assert refused.values("#until", "value") == [day]
    assert _kept(refused).items() <= TYPED.items()
    assert editor.web_case(case).version == 1


def test_a_day_of_another_century_is_told(web: Web, editor: Person) -> None:
    case = web.case()
    refused = editor.decide(case, "snooze:date", until="2100-01-01")
    assert "before the year 2100" in _said_at(refused, "until")
    editor.decide(case, "snooze:date", until="2099-12-31")
    assert editor.web_case(case).snoozed_until == datetime(2099, 12, 31, 3, tzinfo=UTC)


@pytest.mark.parametrize("number", ["", "0", "-3", "2.5", "many", "1001", "9" * 30])
def test_readers_that_are_no_number_are_told_where_they_are_typed(
    web: Web, editor: Person, number: str
) -> None:
    case = web.case()
    refused = editor.decide(case, "snooze:readers", more_readers=number, **TYPED)
    assert refused.status == 422
    assert "from 1 to 1,000" in _said_at(refused, "more_readers")
    assert refused.values("#more_readers", "value") == [number]
    assert _kept(refused).items() <= TYPED.items()
    page = _tick(editor, case, do="snooze:readers", more_readers=number)
    assert (page.status, page.values("#more_readers", "value")) == (422, [number])
    assert "from 1 to 1,000" in _said_at(page, "more_readers")
    assert page.values(".case .tick[checked]", "value") == [str(case.id)]
    part = _tick(editor, case, {"Tuzet-Part": "rows"}, do="snooze:readers", more_readers=number)
    assert "from 1 to 1,000" in part.text("#said")
    assert editor.web_case(case).version == 1


@pytest.mark.parametrize("number", ["", "abc", "12 345", "9999", "own", "9" * 30])
def test_a_number_of_no_case_is_told_on_the_page_of_the_case(
    web: Web, editor: Person, number: str
) -> None:
    case = web.case()
    number = str(case.id) if number == "own" else number
    refused = editor.decide(case, "merge", into=number, **TYPED)
    assert refused.status == 422
    assert "number of another case" in _said_at(refused, "into")
    assert refused.values("#into", "value") == [number]
    assert _kept(refused).items() <= TYPED.items()


def test_a_case_that_one_may_not_see_is_told_like_one_that_is_not_there(
    web: Web, editor: Person
) -> None:
    case, foreign = web.case(), _neighbour(web)
    other = web.other_site()
    with web.db.write() as session:
        session.get_one(Case, foreign.id).site_id = other.id
    said = [editor.decide(case, "merge", into=str(n)) for n in (foreign.id, 9999)]
    assert {each.text(".notice.error") for each in said} == {_said_at(said[0], "into")}


def test_a_mistake_keeps_what_was_typed_in_other_fields(web: Web, editor: Person) -> None:
    case = web.case()
    refused = editor.decide(case, "split", report="", **TYPED)
    assert refused.status == 422
    assert "not all" in refused.text(".notice.error")
    long = editor.decide(case, "correct", suggestion="х" * 1_001, text="Жазба")
    assert "at most 1,000" in _said_at(long, "correction")
    assert (len(long.text("#correction")), long.text("#note")) == (1_001, "Жазба")
    empty = editor.send(f"/cases/{case.id}/notes", text=" ", suggestion="менің нұсқам")
    assert "1 to 2,000" in _said_at(empty, "note")
    assert empty.text("#correction") == "менің нұсқам"


def test_enter_in_a_field_means_what_the_field_is_for(web: Web, editor: Person) -> None:
    case, into = web.case(), _neighbour(web)
    editor.decide(case, "typed", until="2099-01-05")
    assert editor.web_case(case).snoozed_until == datetime(2099, 1, 5, 3, tzinfo=UTC)
    editor.decide(case, "typed", more_readers="20", until="", suggestion="", shown="")
    assert editor.web_case(case).wake_at_readers == 21
    editor.decide(case, "typed", text="Жазба", until="", more_readers="")
    assert "Жазба" in editor.open(f"/cases/{case.id}").text(".note")
    editor.decide(case, "typed", into=str(into.id), text="Тағы")
    assert editor.web_case(case).merged_into_id == into.id


def test_the_browser_helps_first(web: Web, editor: Person) -> None:
    opened = editor.open(f"/cases/{web.case().id}")
    day, number = (opened.page.css_first(f"#{name}") for name in ("until", "into"))
    assert day is not None
    assert number is not None
    assert "required" in day.attributes
    assert str(day.attributes["min"]) > utcnow().date().isoformat()
    assert "required" in number.attributes
    assert opened.values("[data-needs]", "data-needs") == ["until", "more_readers", "into"]
    (readers,) = opened.page.css("#more_readers")
    assert (readers.attributes["min"], readers.attributes["max"]) == ("1", "1000")
    assert "novalidate" in opened.page.css_first("form#case").attributes  # type: ignore[union-attr]


def _tick(person: Person, case: Case, headers: Any = None, **fields: Any) -> Opened:
    named = {"case": case.id, f"version-{case.id}": case.version, **fields}
    return person.send("/queue?sort=readers", headers, **named)


def test_in_the_queue_a_day_that_is_none_is_told_and_the_ticks_stay(
    web: Web, editor: Person
) -> None:
    case = web.case()
    refused = _tick(editor, case, do="snooze:date", until="2020-01-01")
    assert refused.status == 422
    assert "Choose a day after today" in refused.text(".notice.error")
    assert "Choose a day after today" in _said_at(refused, "until")
    assert "checked" in refused.page.css_first(".tick[name=case]").attributes  # type: ignore[union-attr]
    assert refused.values("select[name=sort] option[selected]", "value") == ["readers"]


def test_the_script_gets_the_same_words(web: Web, editor: Person) -> None:
    refused = _tick(editor, web.case(), {"Tuzet-Part": "rows"}, do="snooze:date", until="")
    assert refused.status == 422
    assert "Choose a day after today" in refused.text("#said")
    assert refused.page.css(".case") == []


def test_a_view_without_a_name_is_told_at_its_field(web: Web, editor: Person) -> None:
    case = web.case()
    refused = editor.send("/views", name="  ", query="kind=typo&sort=readers")
    assert refused.status == 422
    assert refused.values(".case", "data-case") == [str(case.id)]
    assert refused.values("select[name=sort] option[selected]", "value") == ["readers"]
    assert "1 to 60 characters" in _said_at(refused, "view-name")
    for number in range(30):
        editor.send("/views", name=str(number), query="kind=typo")
    full = editor.send("/views", name="Тағы", query="kind=typo")
    assert full.status == 422
    assert "30 views already" in full.text(".notice.error")


def test_what_no_form_sends_has_a_way_back(web: Web, editor: Person) -> None:
    path = f"/cases/{web.case().id}"
    came = {"Referer": "https://tuzet.example.kz/queue?kind=typo"}
    refused = editor.send(path, came, do="nonsense", version=1)
    assert (refused.status, refused.values(".buttons a", "href")[0]) == (422, "/queue?kind=typo")
    elsewhere = editor.send(path, {"Referer": "https://evil.example/x"}, do="nonsense", version=1)
    assert "/x" not in elsewhere.values(".buttons a", "href")


ALMATY_EVENING = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # 18:00 there


def _until(do: str, now: datetime) -> datetime:
    asked = read_asked(MultiDict({"do": do}), "a@example.kz", "Asia/Almaty", now)
    found = asked.change.asked["snoozed_until"]
    assert isinstance(found, datetime)
    return found


def test_this_evening_is_offered_until_it_has_come() -> None:
    zones, minute = ["Asia/Almaty"], timedelta(minutes=1)
    assert snoozes_of(zones, ALMATY_EVENING - minute).evening == "evening"
    assert _until("snooze:evening", ALMATY_EVENING - minute) == ALMATY_EVENING
    assert snoozes_of(zones, ALMATY_EVENING).evening == "next_evening"
    assert _until("snooze:next_evening", ALMATY_EVENING) == ALMATY_EVENING + timedelta(days=1)
    with pytest.raises(Invalid):
        _until("snooze:evening", ALMATY_EVENING)


def test_sites_in_several_zones_are_offered_what_is_to_come_in_all() -> None:
    assert snoozes_of(["Asia/Almaty", "Europe/Riga"], ALMATY_EVENING).evening == "next_evening"
    assert snoozes_of(["Europe/Riga"], ALMATY_EVENING).evening == "evening"
    assert snoozes_of([], ALMATY_EVENING).first_day.isoformat() == "2026-11-25"


def test_the_sheet_says_which_evening(web: Web, editor: Person) -> None:
    opened = editor.open(f"/cases/{web.case().id}")
    (button,) = opened.page.css("#snoozes button[data-key='1']")
    words = {"snooze:evening": "This evening", "snooze:next_evening": "Tomorrow evening"}
    assert words[str(button.attributes["value"])] in button.text()
