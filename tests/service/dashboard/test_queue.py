"""The queue: what waits, in which order, and decisions on several cases at once."""

from datetime import timedelta
from typing import Any

import pytest

from core.clock import utcnow
from core.i18n import LANGUAGES
from core.models import Case, Page, Report
from core.queries.choices import MOST_CHOICES
from core.receipts.erasing import erase
from core.signals import DELIVER
from service.dashboard.queue import PAGE
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, WRONG
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Opened, Person, events_of

ROWS = {"Tuzet-Part": "rows"}


def _elsewhere(web: Web, n: int, **values: Any) -> Case:
    """A case on a page of its own."""
    return web.case(url=f"{PAGE_URL}/{n}", canonical_url=None, **{"title": f"Мақала {n}", **values})


def _bulk(
    person: Person, do: str, *cases: Case, headers: dict[str, str] | None = None, **fields: Any
) -> Opened:
    """Tick these cases as they were read and press a button."""
    versions = {f"version-{case.id}": str(case.version) for case in cases}
    ids = [str(case.id) for case in cases]
    return person.send("/queue", headers, do=do, case=ids, **versions, **fields)


def _ids(opened: Opened) -> list[int]:
    return [int(value) for value in opened.values(".case", "data-case")]


def test_a_row_shows_the_error_in_its_sentence(web: Web, editor: Person) -> None:
    web.case()
    queue = editor.open("/queue")
    assert queue.texts(".case del, .case ins") == ["г", "ғ"]
    assert f"{WRONG} (should be {RIGHT})" in queue.text(".case .sentence .hidden")
    assert queue.texts(".case .kind, .case .state") == ["Typo", "New"]
    assert queue.values(".case .sentence", "lang") == ["kk"]


def test_errors_stand_under_their_article(web: Web, editor: Person) -> None:
    web.case()
    web.case(exact="сөрелерде", suggestion="сөрелерінде", prefix="Қазір ", suffix=" қырық мың том")
    _elsewhere(web, 2)
    by_article, flat = editor.open("/queue"), editor.open("/queue?group=flat")
    assert sorted(by_article.texts(".group > header .buttons .meta")) == ["1 error", "2 errors"]
    assert len(by_article.page.css(".group")) == 2
    assert len(flat.page.css(".group")) == 1
    assert sorted(_ids(flat)) == sorted(_ids(by_article))


def test_tabs_count_the_cases_of_each_status(web: Web, editor: Person) -> None:
    cases = [_elsewhere(web, n) for n in range(4)]
    editor.decide(cases[0], "accept")
    editor.decide(cases[1], "dismiss:opinion")
    editor.decide(cases[2], "snooze:tomorrow")
    tabs = dict(text.rsplit(" ", 1) for text in editor.open("/queue").texts(".tabs a"))
    assert tabs == {
        "Open": "2", "New": "1", "Accepted": "1", "Fixed": "0", "Verified": "0",
        "Dismissed": "1", "Snoozed": "1", "All": "4",
    }  # fmt: skip
    assert _ids(editor.open("/queue?status=snoozed")) == [cases[2].id]
    dismissed = editor.open("/queue?status=dismissed")
    assert dismissed.texts(".state .tag") == ["Opinion"]


@pytest.mark.parametrize("act", ["assign", "accept"])
def test_a_case_that_came_back_says_so_until_somebody_acts(
    web: Web, editor: Person, act: str
) -> None:
    case = web.case()
    with web.db.write() as session:
        found = session.get_one(Case, case.id)
        found.status, found.regressed = "accepted", True
    assert editor.open("/queue").texts(".state") == ["Came back"]
    assert editor.open(f"/cases/{case.id}").page.css_first("[value=accept][disabled]") is None
    editor.decide(case, act)
    assert editor.open("/queue").texts(".state") == ["Accepted"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("kind=fact", [1]), ("q=сөрелер", [2]), ("q=мақала+1", [1]), ("kind=nonsense", [1, 2])],
)
def test_filters_narrow(web: Web, editor: Person, query: str, found: list[int]) -> None:
    cases = {
        1: _elsewhere(web, 1, kind="fact"),
        2: _elsewhere(web, 2, exact="сөрелерде", suggestion="сөрелерінде", title="Басқа"),
    }
    ids = sorted(_ids(editor.open(f"/queue?{query}")))
    assert ids == sorted(cases[n].id for n in found)


def test_the_queue_can_be_narrowed_to_a_person_and_to_a_site(web: Web, person: NewPerson) -> None:
    everywhere = person("admin")
    with web.db.write() as session:
        session.merge(everywhere.user).memberships[0].site_id = None
    web.other_site()
    mine, other = _elsewhere(web, 1), _elsewhere(web, 2)
    everywhere.decide(mine, "assign")
    assert _ids(everywhere.open(f"/queue?assignee={everywhere.user.id}")) == [mine.id]
    assert sorted(_ids(everywhere.open("/queue?site=dala"))) == sorted([mine.id, other.id])
    assert _ids(everywhere.open("/queue?site=tan")) == []
    assert _ids(everywhere.open("/queue?site=nowhere")) == []


def test_what_most_readers_report_can_come_first(web: Web, editor: Person) -> None:
    few, many = _elsewhere(web, 1), _elsewhere(web, 2)
    with web.db.write() as session:
        session.get_one(Case, few.id).last_reported_at = utcnow() + timedelta(hours=1)
        session.get_one(Case, many.id).readers = 7
    assert _ids(editor.open("/queue?group=flat&sort=newest")) == [few.id, many.id]
    assert _ids(editor.open("/queue?group=flat&sort=readers")) == [many.id, few.id]


def test_what_matters_most_comes_first_by_itself(web: Web, editor: Person) -> None:
    fact, typo = _elsewhere(web, 1, kind="fact"), _elsewhere(web, 2)
    queue = editor.open("/queue?group=flat")
    assert _ids(queue) == [fact.id, typo.id]
    assert queue.values("select[name=sort] option[selected]", "value") == ["priority"]
    assert "comments" in queue.values("#q", "placeholder")[0]
    assert _ids(editor.open("/queue?group=flat&sort=newest")) == [typo.id, fact.id]
    feed = editor.open(queue.values("a[type='application/atom+xml']", "href")[0])
    entries = [entry.text() for entry in feed.page.css("entry id")]
    assert [entry.rsplit("/", 1)[-1] for entry in entries] == [str(typo.id), str(fact.id)]


def test_pages_follow_one_another_without_a_gap(
    web: Web, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.dashboard.queue.PAGE", 2)
    cases = [_elsewhere(web, n) for n in range(5)]
    seen, path = list[int](), "/queue?group=flat"
    for _ in range(3):
        opened = editor.open(path)
        seen += _ids(opened)
        path = next(iter(opened.values("a[rel=next]", "href")), "")
    assert sorted(seen) == [case.id for case in cases]
    assert path == ""


def test_a_cursor_of_another_list_is_no_fault_of_ours(editor: Person) -> None:
    assert editor.open("/queue?cursor=nonsense").status == 422


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("", "No report has come yet"),
        ("q=жетпис", "No case with “жетпис”"),
        ("kind=fact", "No case fits"),
    ],
)
def test_an_empty_queue_says_why(web: Web, editor: Person, query: str, word: str) -> None:
    assert word in editor.open(f"/queue?{query}").text(".empty h2")


def test_a_queue_that_is_done_says_what_it_waits_for(web: Web, editor: Person) -> None:
    editor.decide(web.case(), "fixed")
    text = editor.open("/queue").text(".empty")
    assert "Nothing waits" in text
    assert "1 case waits for the page to show the fix" in text


def test_several_cases_are_decided_at_once(web: Web, editor: Person) -> None:
    cases = [_elsewhere(web, n) for n in range(3)]
    sent = _bulk(editor, "dismiss:not_an_error", *cases[:2])
    assert [editor.web_case(case).status for case in cases] == ["dismissed", "dismissed", "new"]
    assert events_of(web, cases[0])[-1] == ("dismissed", editor.user.email, "desk")
    assert web.bell.rung == [DELIVER]
    assert editor.open(sent.address).text(".notice.good p") == "Dismissed: 2"


def test_what_was_done_at_once_is_undone_at_once(web: Web, editor: Person) -> None:
    cases = [_elsewhere(web, n) for n in range(2)]
    after = editor.open(_bulk(editor, "accept", *cases).address)
    form = after.page.css_first(".notice form")
    assert form is not None
    fields: dict[str, Any] = {}
    for field in form.css("input, button"):
        fields.setdefault(str(field.attributes["name"]), []).append(str(field.attributes["value"]))
    editor.send(str(form.attributes["action"]), **fields)
    assert [editor.web_case(case).status for case in cases] == ["new", "new"]


def test_in_bulk_too_nobody_is_overwritten(web: Web, editor: Person, person: NewPerson) -> None:
    cases, colleague = (
        [_elsewhere(web, n) for n in range(2)],
        person(email="daniyar@dala.example.kz"),
    )
    colleague.decide(cases[0], "dismiss:opinion")
    sent = _bulk(editor, "accept", *cases)
    assert [editor.web_case(case).status for case in cases] == ["dismissed", "accepted"]
    told = editor.open(sent.address)
    assert told.text(".notice.good p") == "Accepted: 1"
    said = told.text(".notice.error p")
    assert "Somebody changed it meanwhile" in said
    assert "What stands: Dismissed, Opinion, " in said
    assert "Yours, not saved: Accepted." in said
    assert told.values(".notice.error a", "href") == [f"/cases/{cases[0].id}"]


def test_the_script_too_shows_both_versions_to_who_was_slower(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, colleague = _elsewhere(web, 1), person(email="daniyar@dala.example.kz")
    colleague.decide(case, "fixed")
    said = _bulk(editor, "dismiss:spam", case, headers=ROWS).text(".said")
    assert "What stands: Fixed, " in said
    assert "Yours, not saved: Dismissed, Spam." in said


def test_a_move_that_is_not_allowed_is_told(web: Web, editor: Person) -> None:
    done, new = _elsewhere(web, 1), _elsewhere(web, 2)
    editor.decide(done, "fixed")
    sent = _bulk(editor, "undo", editor.web_case(done), new)
    assert [editor.web_case(case).status for case in (done, new)] == ["new", "new"]
    assert "does not allow it" in editor.open(sent.address).text(".notice.error p")


def test_the_script_gets_the_changed_rows_alone(web: Web, editor: Person) -> None:
    case, other = _elsewhere(web, 1), _elsewhere(web, 2)
    sent = _bulk(editor, "dismiss:spam", case, headers=ROWS)
    assert (sent.status, _ids(sent)) == (200, [case.id])
    assert sent.values(".case", "class") == ["case settled"]
    assert sent.values(".undo", "value") == [str(case.id)]
    assert sent.values(f"[name=version-{case.id}]", "value") == ["2"]
    assert sent.text("#said") == "Dismissed: 1"
    back = editor.send("/queue", ROWS, undo=case.id, **{f"version-{case.id}": 2})
    assert back.texts(".state") == ["New"]
    assert editor.web_case(other).status == "new"


def test_a_conflict_among_the_rows_is_said_at_its_row(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "assign")
    sent = _bulk(editor, "accept", case, headers=ROWS)
    assert "nothing of theirs was overwritten" in sent.text(".case .said")
    assert editor.web_case(case).status == "new"


@pytest.mark.parametrize(
    "do", ["", "nonsense", "dismiss:nonsense", "snooze:2026-99-99", "snooze:date"]
)
def test_a_wish_that_no_form_has_changes_nothing(web: Web, editor: Person, do: str) -> None:
    case = web.case()
    assert _bulk(editor, do, case).status in (303, 422)
    assert editor.web_case(case).version == 1


def test_all_of_a_page_is_ticked_without_a_script(
    web: Web, editor: Person, person: NewPerson
) -> None:
    cases = {str(_elsewhere(web, n, kind="fact").id) for n in range(3)}
    _elsewhere(web, 4)
    (address,) = editor.open("/queue?kind=fact").values("#every a", "href")
    ticked = editor.open(address)
    assert set(ticked.values(".case .tick[checked]", "value")) == cases
    assert ticked.values("#every a", "href") == ["/queue?kind=fact"]
    assert ticked.values(".bulk .push", "href") == ["/queue?kind=fact"]  # a reset would tick anew
    assert ticked.values("#cases", "action") == ["/queue?kind=fact"]
    assert editor.open("/queue?kind=fact").values(".case .tick[checked]", "value") == []
    assert person("viewer").open("/queue").values("#every a", "href") == []


@pytest.mark.parametrize("fields", [{"case": "x"}, {"case": "-1"}, {"case": "9" * 30}, {}])
def test_a_case_that_is_none_harms_nobody(editor: Person, fields: dict[str, Any]) -> None:
    assert editor.send("/queue", do="accept", **fields).status == 303


def test_a_comment_or_a_title_cannot_write_markup(web: Web, editor: Person) -> None:
    evil = "<script>alert(1)</script>"
    case = web.case(title=evil, exact=evil, suggestion=f"{evil}.", comment=evil)
    for path in ("/queue", f"/cases/{case.id}", f"/queue?q={evil}"):
        page = editor.open(path)
        assert evil not in page.answer.get_data(as_text=True)
        assert [s.attributes.get("type") for s in page.page.css("script")] == ["module"]


def test_what_a_reader_erased_is_told_as_erased(web: Web, editor: Person) -> None:
    case = web.case()
    with web.db.write() as session:
        erase(session, session.query(Report).one(), web.settings.mail_folder, utcnow())
    assert "erased" in editor.open("/queue").text(".sentence")
    page = editor.open(f"/cases/{case.id}")
    assert "erased" in page.text(".reports")
    assert page.texts(".history li p")[0].startswith("The reader erased their report")
    assert page.page.css_first("button[value='correct:gone']") is None  # which words?


def test_a_page_of_the_queue_stays_below_a_hundred_kilobytes(web: Web, person: NewPerson) -> None:
    facts = {"section": "Мәдениет", "author": "Айгерім Сәтбайқызы"}
    around = {"prefix": (BEFORE * 2)[:64], "suffix": (AFTER * 3)[:64], "metadata": facts}
    for n in range(PAGE):
        title = f"Көкжар ауданында кітапхана ашылды: {n} оқырман бірінші күні-ақ кітап алып кетті"
        _elsewhere(web, n, title=title, **around)
    for language in LANGUAGES:
        opened = person(email=f"{language}@dala.example.kz", language=language).open("/queue")
        assert len(_ids(opened)) == PAGE
        assert len(opened.answer.get_data()) < 100_000, language


def test_an_author_beyond_the_list_can_be_typed(web: Web, editor: Person) -> None:
    case = web.case(metadata={"author": "Ясына"})
    few = editor.open("/queue")
    assert few.texts("[name=author] option") == ["all", "Ясына"]
    with web.db.write() as session:
        for n in range(MOST_CHOICES):
            url = f"{PAGE_URL}/{n}"
            named = {"author": f"Автор {n:03}", "created_at": utcnow()}
            session.add(Page(site_id=web.site.id, url=url, link=url, **named))
    many = editor.open("/queue?author=Ясына")
    assert many.values("label input[name=author]", "value") == ["Ясына"]
    assert many.values("label input[name=author]", "list") == many.values("datalist", "id")
    assert len(many.page.css("datalist option")) == MOST_CHOICES
    assert many.values(".case", "data-case") == [str(case.id)]
    assert many.page.css_first("#filters button:not([data-without-script])") is not None


def test_what_is_nobodys_is_found(web: Web, editor: Person) -> None:
    mine, free = _elsewhere(web, 1), _elsewhere(web, 2)
    editor.decide(mine, "assign")
    queue = editor.open("/queue?assignee=none")
    assert _ids(queue) == [free.id]
    assert queue.values("[name=assignee] option[selected]", "value") == ["none"]
    assert "/export.csv?assignee=none" in queue.values(".more a", "href")
    assert _ids(editor.open(f"/queue?assignee={editor.user.id}")) == [mine.id]
    assert set(_ids(editor.open("/queue"))) == {mine.id, free.id}
