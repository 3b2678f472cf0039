"""A wish for what is so already: it is told as that, and an undo takes back nothing for it."""

from typing import Any

import pytest

from core.models import Case
from tests.factories import PAGE_URL
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Opened, Person, events_of

ROWS = {"Tuzet-Part": "rows"}
THEIRS = "әріптестің нұсқасы"


def _cases(web: Web, many: int) -> list[Case]:
    return [web.case(url=f"{PAGE_URL}/{n}", canonical_url=None) for n in range(many)]


@pytest.fixture
def colleague(person: NewPerson) -> Person:
    return person(email="daniyar@dala.example.kz")


def _bulk(person: Person, do: str, *cases: Case, headers: dict[str, str] | None = None) -> Opened:
    """Tick these cases as they are now and press a button."""
    versions = {f"version-{case.id}": str(person.web_case(case).version) for case in cases}
    return person.send("/queue", headers, do=do, case=[str(case.id) for case in cases], **versions)


def _undo(person: Person, told: Opened) -> Opened:
    """Press the Undo beside what was just done."""
    form = told.page.css_first(".notice form")
    assert form is not None
    fields: dict[str, Any] = {}
    for field in form.css("input, button"):
        fields.setdefault(str(field.attributes["name"]), []).append(str(field.attributes["value"]))
    return person.send(str(form.attributes["action"]), **fields)


def test_an_undo_of_many_leaves_alone_what_a_colleague_had_done_before(
    web: Web, editor: Person, colleague: Person
) -> None:
    theirs, new = _cases(web, 2)
    colleague.decide(theirs, "correct", suggestion=THEIRS)
    colleague.decide(theirs, "accept")
    told = editor.open(_bulk(editor, "accept", theirs, new).address)
    assert told.text(".notice.good p") == "Accepted: 1. Already so: 1"
    _undo(editor, told)
    assert [editor.web_case(case).status for case in (theirs, new)] == ["accepted", "new"]
    assert editor.web_case(theirs).suggestion == THEIRS
    assert events_of(web, theirs)[-1] == ("accepted", colleague.user.email, "desk")


@pytest.mark.parametrize(
    ("language", "said"),
    [("kk", "Бұрыннан солай: 2"), ("ru", "Уже так: 2"), ("en", "Already so: 2")],
)
def test_where_all_was_so_already_nothing_is_told_as_done(
    web: Web, person: NewPerson, language: str, said: str
) -> None:
    editor, cases = person(language=language), _cases(web, 2)
    _bulk(editor, "assign", *cases)
    told = editor.open(_bulk(editor, "assign", *cases).address)
    assert told.texts(".notice p") == [said]
    assert told.texts(".notice.good, .notice.error, .notice form") == []
    assert [editor.web_case(case).version for case in cases] == [2, 2]


def test_the_script_hears_which_rows_were_so_already(web: Web, editor: Person) -> None:
    mine, new = _cases(web, 2)
    editor.decide(mine, "accept")
    sent = _bulk(editor, "accept", mine, new, headers=ROWS)
    assert sent.text("#said") == "Accepted: 1. Already so: 1"
    assert sent.values(".undo", "value") == [str(new.id)]
    assert sent.values("[data-same]", "data-case") == [str(mine.id)]
    assert sent.texts(".said") == []


def test_a_row_names_the_decision_that_an_undo_of_it_takes_back(
    web: Web, editor: Person, colleague: Person
) -> None:
    mine, theirs = _cases(web, 2)
    colleague.decide(theirs, "accept")

    def own() -> list[int]:
        queue = editor.open("/queue")
        assert queue.values(f"#case-{theirs.id}", "data-own") == [""]
        return [int(value) for value in queue.values(f"#case-{mine.id}[data-own]", "data-own")]

    assert own() == []
    editor.decide(mine, "assign")
    assigned = own()
    editor.decide(mine, "accept")
    assert own() > assigned > []
    editor.decide(mine, "undo")
    assert own() == assigned


def test_the_page_of_a_case_says_so_and_gives_no_key_for_an_earlier_decision(
    web: Web, editor: Person
) -> None:
    (case,) = _cases(web, 1)
    editor.decide(case, "assign")
    done = editor.open(editor.decide(case, "assign", version=2).address)
    assert done.texts(".notice p")[:1] == ["Already so"]
    assert done.texts(".notice.good") == []
    assert done.values("[aria-keyshortcuts=u]", "value") == []
    assert editor.open(f"/cases/{case.id}").values("[aria-keyshortcuts=u]", "value") == ["undo"]
    changed = editor.open(editor.decide(case, "accept", version=2).address)
    assert changed.text(".notice.good p") == "Accepted"


def test_a_merge_of_many_is_undone_whole(web: Web, editor: Person) -> None:
    into, *others = cases = _cases(web, 3)
    for headers in ({}, ROWS):
        sent = _bulk(editor, "merge:ticked", *cases, headers=headers)
        assert [editor.web_case(case).merged_into_id for case in others] == [into.id, into.id]
        if headers:
            assert sent.values(".undo", "value") == [str(case.id) for case in others]
            undone = _bulk(editor, "undo", *others, headers=ROWS)
            assert undone.text("#said") == "Taken back: 2"
        else:
            undone = editor.open(_undo(editor, editor.open(sent.address)).address)
            assert undone.texts(".notice p") == ["Taken back: 2"]
        assert [editor.web_case(case).merged_into_id for case in cases] == [None, None, None]
