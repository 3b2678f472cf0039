"""What the desk says of a case is so: counts, reasons, histories and what both sides wanted."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from core import triage
from core.clock import utcnow
from core.history import Actor
from core.models import Case, Report
from core.triage import Change
from tests import factories
from tests.factories import RIGHT, SITE_URL
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, NewPerson, Opened, Person

ATOM = "{http://www.w3.org/2005/Atom}"
OTHER_WORDS = {"exact": "тұр", "prefix": "қырық мың том ", "suffix": ", оның үштен"}
PROGRAM = Actor("editor@dala.example.kz", "api")


def _on_page(web: Web, n: int) -> Case:
    return web.case(url=f"{SITE_URL}/{n}", canonical_url=None)


def _page(person: Person, case: Case) -> Opened:
    return person.open(f"/cases/{case.id}")


def _change(web: Web, case: Case, minutes: int = 0, **values: object) -> None:
    """A program changes a case, at a time that may have passed."""
    with web.db.write() as session:
        version = session.get_one(Case, case.id).version
        at, change = utcnow() + timedelta(minutes=minutes), Change(**values)  # type: ignore[arg-type]
        triage.move(session, case.id, version, change, PROGRAM, at, web.settings)


def test_suggestions_are_counted_over_all_reports(
    web: Web, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.dashboard.cases.MOST_REPORTS", 2)
    case = web.case()
    for suggestion in (RIGHT, RIGHT, "балаларына", None):
        web.case(suggestion=suggestion)
    page = _page(editor, case)
    assert len(page.texts(".reports > li")) == 2
    assert page.texts(".proposals .meta") == ["3 readers", "1 reader"]
    assert page.text("#h-correction + .meta") == "2 suggestions"


def test_readers_however_many_push_nothing_out_of_the_history(
    web: Web, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.casefile.MOST_EVENTS", 4)
    case = web.case()
    editor.send(f"/cases/{case.id}/notes", text="Тексерілді")
    for _ in range(3):
        web.case()
    editor.decide(case, "accept")
    for _ in range(5):
        web.case()
    page = _page(editor, case)
    said = page.texts(".history li p")
    told = ["5 more readers", "Accepted", "3 more readers", "First report"]
    assert [line[: len(start)] for line, start in zip(said, told, strict=True)] == told
    assert "Тексерілді" in page.text(".note")
    latest = page.values("#changed", "data-latest")
    assert "Something" not in editor.open(f"/cases/{case.id}/news?since={latest[0]}").text()


def test_a_report_that_was_moved_by_hand_says_by_what(web: Web, editor: Person) -> None:
    one, other = web.case(), web.case(**OTHER_WORDS, suggestion=None)
    editor.decide(one, f"merge:{other.id}")
    whys = _page(editor, other).texts(".reports .why")
    assert whys[0] == f"Case {one.id} merged into this one."
    assert whys[1].startswith("Made this case")
    with web.db.read() as session:
        report = session.query(Report.id).where(Report.exact == "тұр").scalar()
    sent = editor.decide(other, "split", report=report)
    new = sent.address.partition("?")[0]
    assert editor.open(new).texts(".reports .why") == [f"Split off from case {other.id}."]
    with web.db.read() as session:
        made = session.get_one(Case, int(new.rpartition("/")[2]))
    editor.decide(made, "undo")
    editor.decide(other, "undo")
    assert _page(editor, one).texts(".reports .why") == ["First report: made this case."]


def test_a_case_that_was_merged_neither_sleeps_nor_came_back(web: Web, editor: Person) -> None:
    cases = [web.case(), web.case(**OTHER_WORDS, suggestion=None)]
    into = web.case(exact="қырық", prefix="сөрелерде ", suffix=" мың том", suggestion=None)
    with web.db.write() as session:
        session.get_one(Case, cases[1].id).regressed = True
    editor.decide(cases[0], "snooze:3readers")
    for case in cases:
        editor.decide(case, f"merge:{into.id}")
        assert _page(editor, case).text(".head .status") == "Dismissed"
    assert editor.open("/queue?status=snoozed").texts("li.case") == []
    for case, said in ((cases[1], "Came back"), (cases[0], "Snoozed")):
        editor.decide(case, "undo")
        assert _page(editor, case).text(".head .status") == said
    assert "or until 4 readers have come" in _page(editor, cases[0]).text(".facts")


def test_a_correction_that_ends_is_told_also_if_it_was_that_the_words_go(
    web: Web, editor: Person
) -> None:
    case = web.case()
    editor.decide(case, "correct:gone")
    editor.decide(case, "correct", suggestion=" ", shown="x")
    assert _page(editor, case).text(".history li p").startswith("Correction removed")


def test_a_snooze_that_had_run_out_is_not_ended_by_a_decision(web: Web, editor: Person) -> None:
    case = web.case()
    _change(web, case, minutes=-60, snoozed_until=utcnow() - timedelta(minutes=5))
    editor.decide(case, "accept")
    assert "Woken" not in _page(editor, case).text(".history li p")
    editor.decide(case, "snooze:tomorrow")
    editor.decide(case, "fixed")
    assert _page(editor, case).text(".history li p").startswith("Fixed · Woken")


def test_a_snooze_until_readers_come_says_when_it_ends_without_them(
    web: Web, editor: Person
) -> None:
    case = web.case()
    _change(web, case, snoozed_until=datetime(2031, 5, 6, 7, 8, tzinfo=UTC), more_readers=3)
    for path in (f"/cases/{case.id}", f"/cases/{case.id}/peek"):
        said = "until 6 May 2031 12:08 or until 4 readers have come"
        assert said in editor.open(path).text(), path


def test_a_conflict_about_sleep_says_what_was_wanted(web: Web, editor: Person) -> None:
    case = web.case()
    wanted = editor.decide(case, "snooze:tomorrow", version=7)
    assert wanted.texts(".versions .status") == ["New", "Snoozed"]
    editor.decide(case, "snooze:tomorrow")
    assert editor.decide(case, "wake", version=7).texts(".versions .status") == ["Snoozed", "New"]


def test_words_that_should_go_are_told_among_both_versions(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case = web.case()
    person(email="daniyar@dala.example.kz").decide(case, "correct:gone")
    fields = {"do": "correct:gone", "case": case.id, f"version-{case.id}": 1}
    said = editor.send("/queue", headers={"Tuzet-Part": "rows"}, **fields).text(".said")
    assert said.count("Correction: the words should go") == 2
    assert "No suggestion" not in said


def test_a_feed_says_when_the_newest_of_its_cases_was_reported(web: Web, editor: Person) -> None:
    old = web.case()
    later = utcnow() + timedelta(hours=1)
    factories.sorted_case(web.db, web.settings, later, **OTHER_WORDS, suggestion=None)
    (address,) = editor.open("/queue?sort=oldest").values("[type='application/atom+xml']", "href")
    feed = ET.fromstring(web.app.test_client().get(address, base_url=BASE).data)
    entries = feed.findall(f"{ATOM}entry")
    assert (entries[0].findtext(f"{ATOM}id") or "").endswith(f"/{old.id}")
    assert feed.findtext(f"{ATOM}updated") == later.isoformat()


def test_a_decision_ends_all_of_a_snooze(web: Web, editor: Person) -> None:
    case = web.case()
    for verb in ("snooze:3readers", "accept", "wake"):
        editor.decide(case, verb)
    said = _page(editor, case).texts(".history li p")
    assert said[0].startswith("Accepted · Woken")  # and no “Changed” of what slept no more
    assert editor.web_case(case).wake_at_readers is None
    editor.decide(case, "undo")
    assert _page(editor, case).text(".head .status") == "Snoozed"
    assert editor.web_case(case).wake_at_readers == 4


def test_a_page_of_which_nothing_is_left_is_the_first_page(
    web: Web, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.dashboard.queue.PAGE", 2)
    cases = [_on_page(web, n) for n in range(3)]
    (address,) = editor.open("/queue?sort=oldest").values("a[rel=next]", "href")
    assert editor.open(address).values("li.case", "data-case") == [str(cases[2].id)]
    editor.decide(cases[2], "accept")
    editor.decide(cases[2], "fixed")
    page = editor.open(address)
    assert page.values("li.case", "data-case") == [str(case.id) for case in cases[:2]]
    assert "Nothing waits" not in page.text()


def test_what_is_snoozed_is_not_called_decided(web: Web, editor: Person) -> None:
    editor.decide(_on_page(web, 1), "snooze:week")
    page = editor.open("/queue")
    assert page.text(".empty p") == "Snoozed: 1."


def test_what_is_counted_no_further_is_told_so(
    web: Web, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.queries.MOST_COUNTED", 1)
    for n in range(3):
        editor.decide(_on_page(web, n), "fixed")
    assert "1+ cases wait for the page" in editor.open("/queue").text(".empty p")
    assert "1+ other cases fit" in editor.open("/queue?kind=typo").text(".empty p")
