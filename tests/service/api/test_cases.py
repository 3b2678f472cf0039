"""Cases for programs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import utcnow
from core.models import Case, Event, Token
from core.signals import DELIVER
from tests.factories import PAGE_URL, RIGHT, WRONG
from tests.service.conftest import Web

AT = "/api/v1/cases"
PROBLEM = "application/problem+json"


def _other_case(web: Web, n: int, **values: Any) -> Case:
    """A case on a page of its own."""
    return web.case(url=f"{PAGE_URL}/{n}", canonical_url=None, **values)


def _ids(web: Web, query: str, headers: dict[str, str]) -> list[int]:
    answer = web.client.get(f"{AT}?{query}", headers=headers)
    assert answer.status_code == 200, answer.get_json()
    return [case["id"] for case in answer.get_json()["items"]]


def _change(web: Web, case: Case, headers: dict[str, str], **values: Any) -> tuple[int, Any]:
    answer = web.client.patch(f"{AT}/{case.id}", json=values, headers=headers)
    return answer.status_code, answer.get_json()


def test_nobody_comes_in_without_a_token(web: Web) -> None:
    case = web.case()
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer \xd2"},
    ):
        answer = web.client.get(f"{AT}/{case.id}", headers=headers)
        assert (answer.status_code, answer.mimetype) == (401, PROBLEM)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_notes_that_it_is_used(web: Web) -> None:
    headers = web.token("viewer")
    web.client.get(AT, headers=headers)
    with web.db.read() as session:
        assert session.scalars(select(Token.last_used_at)).one() is not None


def test_a_case_is_shown_to_its_site_only(web: Web) -> None:
    case = web.case()
    answer = web.client.get(f"{AT}/{case.id}", headers=web.token("viewer"))
    shown = answer.get_json()
    assert (answer.status_code, shown["quote"]["exact"], shown["suggestion"]) == (200, WRONG, RIGHT)
    foreign = web.token("admin", web.other_site())
    for path in (f"/{case.id}", f"/{case.id}/events"):
        assert web.client.get(AT + path, headers=foreign).status_code == 404
    assert _ids(web, "", foreign) == []
    assert web.client.get(f"{AT}?site=dala", headers=foreign).status_code == 404
    assert _change(web, case, foreign, version=1, status="accepted")[0] == 404
    for path, asked in (("undo", {"version": 1}), ("notes", {"text": "х"})):
        answer = web.client.post(f"{AT}/{case.id}/{path}", json=asked, headers=foreign)
        assert answer.status_code == 404


def test_a_viewer_looks_and_changes_nothing(web: Web) -> None:
    case, viewer = web.case(), web.token("viewer")
    assert _ids(web, "", viewer) == [case.id]
    assert _change(web, case, viewer, version=1, status="accepted")[0] == 403
    for path, asked in (("undo", {"version": 1}), ("notes", {"text": "х"})):
        answer = web.client.post(f"{AT}/{case.id}/{path}", json=asked, headers=viewer)
        assert answer.status_code == 403
    bulk = {"ids": [case.id], "change": {"status": "accepted"}}
    outcomes = web.client.post(f"{AT}/bulk", json=bulk, headers=viewer).get_json()["items"]
    assert [outcome["status"] for outcome in outcomes] == [403]
    with web.db.read() as session:
        assert session.get_one(Case, case.id).version == 1


@pytest.mark.parametrize("number", ["0", "999", "9223372036854775808", "-1", "x", "1.0", "%00"])
def test_what_is_not_there_is_not_found(web: Web, number: str) -> None:
    answer = web.client.get(f"{AT}/{number}", headers=web.token())
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


def test_a_list_is_read_page_by_page(web: Web) -> None:
    cases = [_other_case(web, n) for n in range(5)]
    headers, seen, cursor = web.token("viewer"), list[int](), ""
    for _ in range(5):
        answer = web.client.get(f"{AT}?limit=2{cursor}", headers=headers).get_json()
        seen += [case["id"] for case in answer["items"]]
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert seen == [case.id for case in reversed(cases)]


def test_a_list_can_be_narrowed(web: Web) -> None:
    first, second = web.case(), _other_case(web, 2, kind="fact", suggestion="жүз елуге")
    editor = web.token()
    _change(web, first, editor, version=1, status="accepted", assignee="editor.0@dala.example.kz")
    for query, found in (
        ("site=dala", {first.id, second.id}),
        ("status=accepted", {first.id}),
        ("status=new&status=accepted", {first.id, second.id}),
        ("status=dismissed", set()),
        ("kind=fact", {second.id}),
        ("q=елуге", {second.id}),
        (f"page_url={PAGE_URL}/2?utm_source=x", {second.id}),
        ("page_url=https://elsewhere.example/", set()),
        ("assignee=me", {first.id}),
        ("assignee=Editor.0@dala.example.kz", {first.id}),
        ("assignee=nobody@dala.example.kz", set()),
        ("assignee=none", {second.id}),
        ("assignee=none&status=accepted", set()),
        ("assignee=", {first.id, second.id}),
        ("unknown=1", {first.id, second.id}),
    ):
        assert set(_ids(web, query, editor)) == found, query
    for sort in ("newest", "priority", "readers"):
        assert set(_ids(web, f"sort={sort}", editor)) == {first.id, second.id}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("limit=1&limit=2", "limit"),
        ("status=closed", "status.0"),
        ("kind=joke", "kind"),
        ("sort=random", "sort"),
        ("page_url=nonsense", "page_url"),
        ("page_url=https://[", "page_url"),
        ("q=%00", "q"),
        ("site=%00", "site"),
        ("assignee=%00", "assignee"),
        ("assignee=nobody", "assignee"),
        ("assignee=1", "assignee"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=WyJldmVudHMiLCAwLCAxXQ", "cursor"),
    ],
)
def test_a_wrong_parameter_is_named(web: Web, query: str, field: str) -> None:
    answer = web.client.get(f"{AT}?{query}", headers=web.token())
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_a_change_answers_the_case_and_leaves_its_history(web: Web) -> None:
    case, editor = web.case(), web.token()
    until = (utcnow() + timedelta(days=1)).replace(microsecond=0)
    status, shown = _change(
        web,
        case,
        editor,
        version=1,
        status="accepted",
        assignee="editor.0@dala.example.kz",
        suggestion="балаларға ғана",
        kind="fact",
        snoozed_until=until.isoformat(),
    )
    assert status == 200
    assert (shown["status"], shown["version"], shown["kind"]) == ("accepted", 2, "fact")
    assert shown["assignee"] == "editor.0@dala.example.kz"
    assert shown["suggestion"] == "балаларға ғана"
    assert shown["snoozed_until"] == until.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert web.client.get(f"{AT}/{case.id}", headers=editor).get_json() == shown
    with web.db.read() as session:
        last = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert last is not None
    assert (last.type, last.actor, last.via) == ("accepted", "editor.0@dala.example.kz", "api")
    assert web.bell.rung == [DELIVER]


def test_null_takes_a_value_away_and_a_missing_field_leaves_it(web: Web) -> None:
    case, editor = web.case(), web.token()
    _change(web, case, editor, version=1, assignee="editor.0@dala.example.kz")
    kept = _change(web, case, editor, version=2, kind="link")[1]
    assert (kept["assignee"], kept["suggestion"]) == ("editor.0@dala.example.kz", RIGHT)
    taken = _change(web, case, editor, version=3, assignee=None, suggestion=None)[1]
    assert (taken["assignee"], taken["suggestion"]) == (None, None)


def test_a_stale_version_and_a_forbidden_move_are_conflicts(web: Web) -> None:
    case, editor = web.case(), web.token()
    assert _change(web, case, editor, version=1, status="accepted")[0] == 200
    status, problem = _change(web, case, editor, version=1, status="fixed")
    assert (status, problem["current_version"]) == (409, 2)
    assert (problem["case"]["status"], problem["case"]["version"]) == ("accepted", 2)
    assert _change(web, case, editor, version=2, status="verified")[0] == 409
    assert _change(web, case, editor, version=2, status="new")[0] == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, "version"),
        ({"version": "1"}, "version"),
        ({"version": 1.5}, "version"),
        ({"version": True}, "version"),
        ({"version": 0}, "version"),
        ({"version": 10**30}, "version"),
        ({"version": 1, "status": "closed"}, "status"),
        ({"version": 1, "status": None}, "status"),
        ({"version": 1, "kind": None}, "kind"),
        ({"version": 1, "status": "dismissed"}, "resolution"),
        ({"version": 1, "resolution": "spam"}, "resolution"),
        ({"version": 1, "suggestion": "а" * 1001}, "suggestion"),
        ({"version": 1, "suggestion": "\0"}, "suggestion"),
        ({"version": 1, "assignee": "nobody@dala.example.kz"}, "assignee"),
        ({"version": 1, "snoozed_until": "tomorrow"}, "snoozed_until"),
        ({"version": 1, "snoozed_until": 5}, "snoozed_until"),
        ({"version": 1, "snoozed_until": "2026-12-01T10:00:00"}, "snoozed_until"),
        ({"version": 1, "snoozed_until": "9999-12-31T23:59:59-12:00"}, "snoozed_until"),
        ({"version": 1, "snoozed_until": "2001-12-01T10:00:00Z"}, "snoozed_until"),
        ({"version": 1, "more_readers": 2}, "more_readers"),
        ({"version": 1, "unknown": 1}, "unknown"),
    ],
)
def test_a_wrong_change_is_named(web: Web, change: dict[str, Any], field: str) -> None:
    status, problem = _change(web, web.case(), web.token(), **change)
    assert status == 422
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"version":1,"version":2}', "application/json", 400),
        (b'{"version":NaN}', "application/json", 400),
        (b"[" * 1000, "application/json", 400),
        (b'{"version":1}', "text/plain", 415),
        (b" " * 70_000, "application/json", 413),
        (b"[]", "application/json", 422),
        (b'{"version":1,"suggestion":"\\ud800"}', "application/json", 422),
    ],
)
def test_a_body_that_is_none_is_told_so(
    web: Web, data: bytes, content_type: str, status: int
) -> None:
    case, editor = web.case(), web.token()
    answer = web.client.patch(
        f"{AT}/{case.id}", data=data, content_type=content_type, headers=editor
    )
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)


def test_the_last_change_can_be_taken_back(web: Web) -> None:
    case, editor = web.case(), web.token()
    _change(web, case, editor, version=1, status="dismissed", resolution="spam")
    undone = web.client.post(f"{AT}/{case.id}/undo", json={"version": 2}, headers=editor)
    shown = undone.get_json()
    assert (shown["status"], shown["resolution"], shown["version"]) == ("new", None, 3)
    for version, status in ((2, 409), (3, 409)):
        again = web.client.post(f"{AT}/{case.id}/undo", json={"version": version}, headers=editor)
        assert again.status_code == status


def test_a_note_becomes_an_event(web: Web) -> None:
    case, editor = web.case(), web.token()
    noted = web.client.post(f"{AT}/{case.id}/notes", json={"text": "Тексерейік"}, headers=editor)
    assert noted.get_json()["data"] == {"text": "Тексерейік"}
    events = web.client.get(f"{AT}/{case.id}/events", headers=editor).get_json()["items"]
    assert [(event["type"], event["via"]) for event in events] == [
        ("created", "snippet"),
        ("note", "api"),
    ]
    for text in ("", "  ", "а" * 2001, "\0", 5, None):
        wrong = web.client.post(f"{AT}/{case.id}/notes", json={"text": text}, headers=editor)
        assert wrong.status_code == 422


def test_a_history_is_read_page_by_page(web: Web) -> None:
    case, editor = web.case(), web.token()
    for n in range(3):
        web.client.post(f"{AT}/{case.id}/notes", json={"text": str(n)}, headers=editor)
    first = web.client.get(f"{AT}/{case.id}/events?limit=3", headers=editor).get_json()
    path = f"{AT}/{case.id}/events?limit=3&cursor={first['next']}"
    second = web.client.get(path, headers=editor).get_json()
    assert [event["data"].get("text") for event in second["items"]] == ["2"]
    assert second["next"] is None


def test_a_case_that_readers_have_woken_is_snoozed_until_no_day(web: Web) -> None:
    case = web.case()
    with web.db.write() as session:
        kept = session.get_one(Case, case.id)
        kept.snoozed_until = datetime(2099, 1, 5, 3, tzinfo=UTC)
        kept.wake_at_readers = kept.readers + 1
    headers = web.token()
    shown = web.client.get(f"{AT}/{case.id}", headers=headers).get_json()
    assert shown["snoozed_until"] == "2099-01-05T03:00:00.000Z"
    web.case()  # a second reader
    woken = web.client.get(f"{AT}/{case.id}", headers=headers).get_json()
    assert (woken["readers"], woken["snoozed_until"]) == (2, None)
