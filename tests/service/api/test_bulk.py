"""Many cases for programs, in one request."""

import threading
from typing import Any

import pytest
from sqlalchemy import text

from core import moves
from core.models import Case
from tests.factories import PAGE_URL
from tests.service.conftest import Web

AT = "/api/v1/cases"


def _other_case(web: Web, n: int) -> Case:
    """A case on a page of its own."""
    return web.case(url=f"{PAGE_URL}/{n}", canonical_url=None)


def _change(web: Web, case: Case, headers: dict[str, str], **values: Any) -> None:
    assert web.client.patch(f"{AT}/{case.id}", json=values, headers=headers).status_code == 200


def test_a_bulk_change_has_one_outcome_for_each_id(web: Web) -> None:
    first, second, done = web.case(), _other_case(web, 2), _other_case(web, 3)
    editor = web.token()
    _change(web, done, editor, version=1, status="fixed")
    ids = [first.id, 999, done.id, second.id, first.id]
    asked = {"ids": ids, "change": {"status": "fixed", "kind": "fact"}}
    answer = web.client.post(f"{AT}/bulk", json=asked, headers=editor)
    outcomes = answer.get_json()["items"]
    assert [(o["id"], o["status"]) for o in outcomes] == [
        (first.id, 200),
        (999, 404),
        (done.id, 200),
        (second.id, 200),
    ]
    assert outcomes[0]["case"]["status"] == "fixed"
    assert outcomes[1]["problem"]["status"] == 404


def test_an_outcome_says_whether_the_case_was_so_already(web: Web) -> None:
    done, new = web.case(), _other_case(web, 2)
    editor = web.token()
    _change(web, done, editor, version=1, status="accepted")
    asked = {"ids": [done.id, new.id, 999], "change": {"status": "accepted"}}
    outcomes = web.client.post(f"{AT}/bulk", json=asked, headers=editor).get_json()["items"]
    told = [(each["status"], each["changed"]) for each in outcomes]
    assert told == [(200, False), (200, True), (404, False)]
    assert [each["case"]["version"] for each in outcomes[:2]] == [2, 2]


def test_what_fails_for_one_case_of_a_bulk_leaves_the_others_changed(web: Web) -> None:
    first, second = web.case(), _other_case(web, 2)
    editor = web.token()
    _change(web, first, editor, version=1, status="dismissed", resolution="spam")
    asked = {"ids": [first.id, second.id], "change": {"status": "accepted", "version": 1}}
    outcomes = web.client.post(f"{AT}/bulk", json=asked, headers=editor).get_json()["items"]
    assert [outcome["status"] for outcome in outcomes] == [409, 200]
    stale = outcomes[0]
    assert (stale["case"]["status"], stale["problem"]["current_version"]) == ("dismissed", 2)
    with web.db.read() as session:
        assert session.get_one(Case, first.id).status == "dismissed"
        assert session.get_one(Case, second.id).status == "accepted"


def test_bulks_of_the_same_cases_in_any_order_never_wait_in_a_circle(web: Web) -> None:
    """Somebody holds the second case; the bulk, which waits for it, holds the first no more."""
    first, second = web.case(), _other_case(web, 2)
    asked = {"ids": [first.id, second.id], "change": {"status": "accepted"}}
    editor, outcomes = web.token(), list[dict[str, Any]]()

    def send() -> None:
        answer = web.app.test_client().post(f"{AT}/bulk", json=asked, headers=editor)
        outcomes.extend(answer.get_json()["items"])

    bulk = threading.Thread(target=send)
    if web.db.dialect == "sqlite":  # one writer at a time: nobody waits in a circle
        send()
    else:
        with web.db.write() as session:
            moves.locked(session, second.id)
            bulk.start()
            _until_it_waits(web, bulk)
            moves.locked(session, first.id)
        bulk.join()
    assert [(each["id"], each["status"]) for each in outcomes] == [
        (first.id, 200),
        (second.id, 200),
    ]


def _until_it_waits(web: Web, thread: threading.Thread) -> None:
    here = "datname = current_database() AND wait_event_type = 'Lock'"
    waiting = text(f"SELECT count(*) FROM pg_stat_activity WHERE {here}")
    while thread.is_alive():
        with web.db.read() as session:
            if session.scalar(waiting):
                return


@pytest.mark.parametrize(
    "asked",
    [
        {"ids": [], "change": {"status": "fixed"}},
        {"ids": list(range(201)), "change": {}},
        {"ids": ["1"], "change": {}},
        {"ids": [10**20], "change": {}},
        {"ids": [1]},
        {"ids": [1], "change": {"status": "closed"}},
    ],
)
def test_a_wrong_bulk_changes_nothing(web: Web, asked: dict[str, Any]) -> None:
    assert web.client.post(f"{AT}/bulk", json=asked, headers=web.token()).status_code == 422
