"""What the desk learns without a reload, who looks at what, and snoozes for more readers."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from core import moves, queries, triage
from core.clock import utcnow
from core.models import Case, Presence
from core.queries import CaseFilter
from core.triage import Actor, Change
from tests import factories
from tests.factories import SITE_URL
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Opened, Person


def _news(person: Person, since: int, *shown: Case, query: str = "") -> Opened:
    ids = ",".join(str(case.id) for case in shown)
    return person.open(f"/queue/news?since={since}&shown={ids}{query}")


def _latest(opened: Opened) -> int:
    return int(opened.values("#news, #fresh", "data-latest")[0])


def test_new_cases_are_counted_and_not_put_in_between(web: Web, editor: Person) -> None:
    first = web.case()
    since = _latest(editor.open("/queue"))
    assert _news(editor, since, first).values("#news", "data-new") == ["0"]
    web.case(url=f"{SITE_URL}/2", canonical_url=None, kind="fact")
    told = _news(editor, since, first)
    assert told.values("#news", "data-new") == ["1"]
    assert told.values(".case", "data-case") == []
    assert _news(editor, since, first, query="&kind=typo").values("#news", "data-new") == ["0"]
    assert _news(editor, _latest(told), first).values("#news", "data-new") == ["0"]


def test_the_numbers_behind_the_tabs_follow_what_happens(web: Web, editor: Person) -> None:
    case = web.case(kind="fact")
    since = _latest(editor.open("/queue"))
    assert _news(editor, since, case).values("[data-tally]", "data-tally") == []
    editor.decide(case, "fixed")
    web.case(url=f"{SITE_URL}/2", canonical_url=None)
    told = _news(editor, since, case)
    counted = dict(
        zip(told.values("[data-tally]", "data-tally"), told.texts("[data-tally]"), strict=True)
    )
    assert {name for name, count in counted.items() if count != "0"} == {
        *("open", "new", "fixed", "all", "waiting")
    }
    assert counted["all"] == "2"
    facts = _news(editor, since, case, query="&kind=fact")
    assert facts.text("[data-tally='open']") == "0"
    assert facts.text("[data-tally='waiting']") == "1"


def test_an_empty_queue_tells_of_the_first_case(web: Web, editor: Person) -> None:
    since = _latest(editor.open("/queue"))
    web.case()
    assert _news(editor, since).values("#news", "data-new") == ["1"]


def test_cases_that_were_told_of_already_are_counted_in(web: Web, editor: Person) -> None:
    first = web.case()
    since = _latest(editor.open("/queue"))
    web.case(url=f"{SITE_URL}/2", canonical_url=None)
    told = _news(editor, since, first, query="&waiting=1")
    assert told.text("#news") == "2 new cases"
    later = _news(editor, _latest(told), first, query="&waiting=2")
    assert later.values("#news", "data-new") == ["0"]
    assert later.text("#news") == "2 new cases"
    assert _news(editor, _latest(told), first, query="&waiting=-1").text("#news") == ""


def test_a_case_that_comes_back_is_told_of_like_a_new_one(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, other = web.case(), person(email="second@dala.example.kz")
    for sent_away, back in (
        ("dismiss:opinion", "accept"),
        ("fixed", "undo"),
        ("snooze:week", "wake"),
    ):
        other.decide(case, sent_away)
        since = _latest(editor.open("/queue"))
        other.decide(case, back)
        assert _news(editor, since).values("#news", "data-new") == ["1"]
        assert _news(editor, since, case).values("#news", "data-new") == ["0"]
        assert _news(editor, since, query="&status=fixed").values("#news", "data-new") == ["0"]
        assert _news(other, since).values("#news", "data-new") == ["0"]
    since = _latest(editor.open("/queue"))
    other.decide(case, "assign")
    assert _news(editor, since).values("#news", "data-new") == ["0"]


def test_a_fix_that_is_gone_again_is_told_of_like_a_new_case(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "fixed")
    since = _latest(editor.open("/queue"))
    for status in ("verified", "accepted"):
        with web.db.write() as session:
            seen, by = moves.locked(session, case.id), Actor("verifier", "clock")
            after = moves.to_status(seen, status, None, by)
            moves.apply(session, seen, after, by, utcnow(), web.settings)
    assert _news(editor, since).values("#news", "data-new") == ["1"]


def test_a_snooze_that_is_over_is_told_of_once(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "snooze:3readers")
    opened = editor.open("/queue")
    since, asked = _latest(opened), opened.values("#fresh", "data-at")[0]
    for _ in range(3):
        web.case()
    assert _news(editor, since, query=f"&at={asked}").values("#news", "data-new") == ["1"]
    editor.decide(case, "snooze:week")
    since = _latest(editor.open("/queue"))
    with web.db.write() as session:
        session.execute(update(Case).values(snoozed_until=utcnow()))
    told = _news(editor, since, query=f"&at={asked}")
    assert told.values("#news", "data-new") == ["1"]
    later = told.values("#news", "data-at")[0]
    assert _news(editor, since, query=f"&at={later}").values("#news", "data-new") == ["0"]
    assert _news(editor, since, query=f"&at={'9' * 30}").status == 200


def test_the_page_of_a_case_hears_who_has_changed_it(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, other = web.case(), person(email="second@dala.example.kz")
    (since,) = editor.open(f"/cases/{case.id}").values("#changed", "data-latest")
    news = f"/cases/{case.id}/news?since={since}"
    assert editor.open(news).text("#news") == ""
    other.decide(case, "correct", suggestion="сөз", shown="")
    other.decide(case, "note", text="Тексердім")
    web.case()
    said = f"Something has changed here meanwhile, by: {other.user.name}, a reader."
    assert editor.open(news).text("#news") == said
    assert other.open(news).text("#news").endswith("by: a reader.")
    (latest,) = editor.open(f"/cases/{case.id}").values("#changed", "data-latest")
    assert editor.open(f"/cases/{case.id}/news?since={latest}").text("#news") == ""
    stranger = person("editor", web.other_site(), email="stranger@dala.example.kz")
    assert stranger.open(news).status == 404


def test_the_time_of_the_last_answer_is_written_as_the_desk_writes_it(
    web: Web, editor: Person
) -> None:
    case = web.case()
    pages = (editor.open("/queue"), _news(editor, 0, case))
    for (said,) in (page.values("#fresh, #news", "data-stopped") for page in pages):
        assert re.search(r"as of \d+ \w+ \d\d:\d\d\.", said)


def test_what_a_colleague_does_is_shown_where_it_stood(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, other = web.case(), person("editor", email="second@dala.example.kz")
    since = _latest(editor.open("/queue"))
    other.decide(case, "dismiss:opinion")
    told = _news(editor, since, case)
    assert told.values(".case", "data-case") == [str(case.id)]
    assert "settled" in str(told.values(".case", "class"))
    assert _news(other, since, case).values(".case", "data-case") == []
    assert _news(editor, _latest(told), case).values(".case", "data-case") == []


def test_a_further_reader_changes_the_row(web: Web, editor: Person) -> None:
    case = web.case()
    since = _latest(editor.open("/queue"))
    web.case()
    assert _news(editor, since, case).values(".case", "data-case") == [str(case.id)]


def test_another_sites_news_are_none(web: Web, person: NewPerson) -> None:
    case = web.case()
    stranger = person("editor", web.other_site(), email="stranger@dala.example.kz")
    told = _news(stranger, 0, case)
    assert (told.values("#news", "data-new"), told.values(".case", "data-case")) == (["0"], [])
    assert stranger.send(f"/cases/{case.id}/here").status == 404


def test_two_who_look_at_one_case_see_each_other(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, other = web.case(), person("editor", email="second@dala.example.kz")
    assert editor.send(f"/cases/{case.id}/here").text("#lookers") == ""
    assert "editor" in other.send(f"/cases/{case.id}/here").text("#lookers")
    assert "second" in editor.open("/queue").text(".case .lookers")
    assert "second" in _news(editor, 0, case).text("[data-looking]")
    with web.db.write() as session:
        session.execute(update(Presence).values(seen_at=utcnow() - timedelta(minutes=1)))
    assert editor.open("/queue").texts(".lookers") == []
    editor.send(f"/cases/{case.id}/here")
    with web.db.read() as session:
        assert len(session.scalars(select(Presence)).all()) == 1


def test_a_snooze_ends_when_more_readers_have_come(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "snooze:3readers")
    assert editor.web_case(case).wake_at_readers == 4
    assert editor.open("/queue").values(".case", "data-case") == []
    assert "4" in editor.open(f"/cases/{case.id}").text(".facts")
    web.case()
    web.case()
    assert editor.open("/queue?status=snoozed").values(".case", "data-case") == [str(case.id)]
    web.case()
    assert editor.open("/queue").values(".case", "data-case") == [str(case.id)]
    with web.db.read() as session:
        counts = queries.count_by_status(session, CaseFilter(), utcnow())
        reports = queries.report_ids(session, [case.id])[case.id]
    assert counts.asleep == 0
    woken = editor.web_case(case)
    assert (woken.snoozed_until, woken.wake_at_readers, woken.version) == (None, None, 2)
    assert "Woken" in editor.open(f"/cases/{case.id}").text(".history")
    by = Actor("a@dala.example.kz", "desk")
    with web.db.write() as session:
        triage.split(session, case.id, 2, reports[-1:], by, utcnow(), web.settings)
    assert editor.open("/queue?status=snoozed").values(".case", "data-case") == []


def test_several_cases_sleep_until_as_many_more_readers_as_are_typed(
    web: Web, editor: Person
) -> None:
    few, many = web.case(), web.case(url=f"{SITE_URL}/2", canonical_url=None)
    web.case(url=f"{SITE_URL}/2", canonical_url=None)
    cases = {case.id: editor.web_case(case) for case in (few, many)}
    versions: dict[str, Any] = {f"version-{number}": case.version for number, case in cases.items()}
    editor.send("/queue", do="typed", case=list(cases), more_readers=" 20 ", **versions)
    waited = [editor.web_case(case).wake_at_readers for case in (few, many)]
    assert waited == [21, 22]
    until = editor.web_case(few).snoozed_until
    assert until is not None
    assert until > utcnow() + timedelta(days=80)
    after: dict[str, Any] = {
        f"version-{case.id}": editor.web_case(case).version for case in (few, many)
    }
    editor.send("/queue", do="undo", case=list(cases), **after)
    assert editor.web_case(many).snoozed_until is None
    assert editor.open("/queue?status=snoozed").values(".case", "data-case") == []


def test_a_merge_that_brings_enough_readers_wakes_for_good(web: Web, editor: Person) -> None:
    into, case = web.case(), web.case(url=f"{SITE_URL}/2", canonical_url=None)
    until, by = utcnow() + timedelta(days=1), Actor("a@dala.example.kz", "desk")
    with web.db.write() as session:
        asleep = Change(snoozed_until=until, more_readers=1)
        triage.move(session, into.id, 1, asleep, by, utcnow(), web.settings)
    with web.db.write() as session:
        triage.merge(session, case.id, 1, into.id, by, utcnow(), web.settings)
    assert editor.web_case(into).snoozed_until is None
    editor.decide(into, "undo")
    assert (editor.web_case(into).readers, editor.web_case(into).snoozed_until) == (1, None)


def test_a_snooze_until_a_day_forgets_the_readers(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "snooze:10readers")
    editor.decide(case, "snooze:week")
    assert editor.web_case(case).wake_at_readers is None
    editor.decide(case, "undo")
    assert editor.web_case(case).wake_at_readers == 11
    editor.decide(case, "wake")
    woken = editor.web_case(case)
    assert (woken.snoozed_until, woken.wake_at_readers) == (None, None)


def test_an_editor_may_say_that_words_should_go(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "correct:gone")
    assert editor.web_case(case).suggestion == ""
    assert "should go" in editor.open(f"/cases/{case.id}").text(".history")
    editor.decide(case, "correct", suggestion="сөз", shown="")
    editor.decide(case, "correct", suggestion="", shown="сөз")
    assert editor.web_case(case).suggestion is None
    answer = web.client.patch(
        f"/api/v1/cases/{case.id}",
        headers=web.token(),
        json={"version": editor.web_case(case).version, "suggestion": ""},
    )
    assert answer.get_json()["suggestion"] == ""


def test_ticked_cases_are_merged_into_the_first_of_them(web: Web, editor: Person) -> None:
    into, second = web.case(), web.case(url=f"{SITE_URL}/2", canonical_url=None)
    fields = {f"version-{case.id}": case.version for case in (into, second)}
    sent = editor.send(
        "/queue", {"Tuzet-Part": "rows"}, do="merge:ticked", case=[into.id, second.id], **fields
    )
    assert sent.values(".case", "data-case") == [str(second.id), str(into.id)]
    assert editor.web_case(second).merged_into_id == into.id
    assert editor.web_case(into).readers == 2


def test_a_program_snoozes_for_readers(web: Web) -> None:
    case = factories.sorted_case(web.db, web.settings, utcnow())
    body = {"version": 1, "snoozed_until": "2090-01-01T00:00:00Z", "more_readers": 2}
    answer = web.client.patch(f"/api/v1/cases/{case.id}", headers=web.token(), json=body)
    assert answer.get_json()["wake_at_readers"] == 3
