"""Readers' reports over HTTP: every answer of the contract's table."""

import json
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from core.db import Database
from core.models import Report
from core.signals import SORT
from tests.factories import PAGE_URL, SITE_URL
from tests.service.conftest import Web, make_web

AT = "/api/v1/reports"
PROBLEM = "application/problem+json"


def body(**values: Any) -> dict[str, Any]:
    plain = {
        "id": str(uuid.uuid4()),
        "site": "dala",
        "url": PAGE_URL,
        "quote": {"exact": "балаларга", "prefix": "бірі — ", "suffix": " арналған"},
        "suggestion": "балаларға",
    }
    return {**plain, **values}


def _post(web: Web, sent: dict[str, Any]) -> TestResponse:
    """As a browser writes it: what UTF-8 cannot say is escaped."""
    return web.client.post(AT, data=json.dumps(sent), content_type="application/json")


def _kept(web: Web) -> int:
    with web.db.read() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def _refused(answer: TestResponse, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    problem: dict[str, Any] = answer.get_json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


def test_a_report_is_committed_before_the_answer_and_the_bell(web: Web) -> None:
    sent = body()
    answer = web.client.post(AT, json=sent)
    assert answer.status_code == 202
    told = answer.get_json()
    assert told["id"] == sent["id"]
    assert told["status"] == "received"
    assert told["receipt_url"] == f"https://tuzet.example.kz/r/{told['receipt']}"
    with web.db.read() as session:
        assert session.get_one(Report, sent["id"]).receipt == told["receipt"]
    assert web.bell.rung == [SORT]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/json; charset=utf-8",
        "TEXT/PLAIN; Charset=UTF-8; x=y",
    ],
)
def test_a_page_may_send_it_as_either_type(web: Web, content_type: str) -> None:
    data = json.dumps(body())
    assert web.client.post(AT, data=data, content_type=content_type).status_code == 202


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json-patch+json",
        "text/html",
        "text/plain; charset=windows-1251",
        "application/json; charset=utf-16",
        ";;",
    ],
)
def test_any_other_type_is_refused(web: Web, content_type: str | None) -> None:
    answer = web.client.post(AT, data=json.dumps(body()), content_type=content_type)
    _refused(answer, 415)


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "x", "identity, gzip"])
def test_a_packed_body_is_refused(web: Web, coding: str) -> None:
    headers = {"Content-Encoding": coding}
    _refused(web.client.post(AT, json=body(), headers=headers), 400)


def test_the_same_report_again_gets_the_same_answer(web: Web) -> None:
    sent = body()
    first = web.client.post(AT, json=sent)
    again = json.dumps(dict(reversed(sent.items())), indent=1, ensure_ascii=False)
    second = web.client.post(AT, data=again.encode(), content_type="text/plain")
    third = web.client.post(AT, json={**sent, "id": sent["id"].upper()})
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.get_json() == second.get_json()
    assert (third.status_code, _kept(web)) == (409, 1)


def test_an_id_cannot_be_used_for_another_body(web: Web) -> None:
    sent = body()
    web.client.post(AT, json=sent)
    _refused(web.client.post(AT, json={**sent, "comment": "басқа"}), 409)
    assert _kept(web) == 1


def test_sixteen_senders_of_one_report_make_one(web: Web) -> None:
    sent, answers = body(), []
    together = threading.Barrier(16)

    def send() -> None:
        together.wait()
        answers.append(web.app.test_client().post(AT, json=sent))

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.get_json()["receipt"] for answer in answers}) == 1
    assert _kept(web) == 1


@pytest.mark.parametrize("data", [b"", b"{", b"[NaN]", b"[" * 1000, b"\xff", b'{"a":1,"a":2}'])
def test_what_cannot_be_parsed_is_told_so(web: Web, data: bytes) -> None:
    _refused(web.client.post(AT, data=data, content_type="application/json"), 400)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "1"),
        ("quote", {"exact": ""}),
        ("quote", {"exact": "а" * 1001}),
        ("comment", "\0"),
        ("title", "\ud800"),
        ("url", "javascript:alert(1)"),
        ("position", {"start": 10**40, "end": 1}),
        ("metadata", []),
    ],
)
def test_a_wrong_field_is_named(web: Web, field: str, value: Any) -> None:
    problem = _refused(_post(web, body(**{field: value})), 422)
    assert {error["field"].partition(".")[0] for error in problem["errors"]} == {field}
    assert all(error["message"] for error in problem["errors"])
    assert _kept(web) == 0


def test_hostile_bodies_are_never_a_fault_of_ours(web: Web, shared_data: Path) -> None:
    evil = json.loads((shared_data / "attack" / "unicode_evil.json").read_text())
    for item in evil["items"]:
        sent = body(
            quote={"exact": item["s"][:1000]}, comment=item["s"][:2000], title=item["s"][:500]
        )
        status = _post(web, sent).status_code
        lost = "\0" in item["s"] or any("\ud800" <= char <= "\udfff" for char in item["s"])
        assert status == (422 if lost else 202), item["id"]
    for item in evil["raw_bodies"]:
        answer = web.client.post(
            AT, data=bytes.fromhex(item["hex"]), content_type="application/json"
        )
        assert answer.status_code in {400, 422}, item["class"]


def test_there_must_be_such_a_site(web: Web) -> None:
    _refused(web.client.post(AT, json=body(site="nobody")), 404)


def test_the_page_must_be_on_the_site(web: Web) -> None:
    _refused(web.client.post(AT, json=body(url="https://elsewhere.example/x")), 403)


def test_a_canonical_link_elsewhere_is_no_reason_to_refuse(web: Web) -> None:
    sent = body(canonical_url="https://elsewhere.example/x")
    assert web.client.post(AT, json=sent).status_code == 202


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        f"{SITE_URL}.evil.example",
        "http://dala.example.kz",
        f"{SITE_URL}:8443",
        f"{SITE_URL}/",
    ],
)
def test_another_origin_is_refused_and_cannot_read_why(web: Web, origin: str) -> None:
    answer = web.client.post(AT, json=body(), headers={"Origin": origin})
    _refused(answer, 403)
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert _kept(web) == 0


def test_a_server_may_send_without_an_origin(web: Web) -> None:
    answer = web.client.post(AT, json=body())
    assert answer.status_code == 202
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_report_can_be_read_with_a_token(web: Web) -> None:
    case = web.case(comment="Ғ", email="reader@example.kz")
    with web.db.read() as session:
        report = session.scalars(select(Report)).one()
    answer = web.client.get(f"{AT}/{report.id.upper()}", headers=web.token("viewer"))
    told = answer.get_json()
    assert (answer.status_code, told["id"], told["case_id"]) == (200, report.id, case.id)
    assert (told["status"], told["comment"], "email" in told) == ("sorted", "Ғ", False)
    assert told["match"]


def test_a_report_of_another_site_does_not_exist(web: Web) -> None:
    web.case()
    with web.db.read() as session:
        report = session.scalars(select(Report)).one()
    foreign = web.token("admin", web.other_site())
    _refused(web.client.get(f"{AT}/{report.id}", headers=foreign), 404)
    _refused(web.client.get(f"{AT}/{report.id}"), 401)
    for wrong in (uuid.uuid4(), "x", "%00"):
        _refused(web.client.get(f"{AT}/{wrong}", headers=web.token()), 404)


def test_limits_are_on_unless_they_are_switched_off(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    web = make_web(db, tmp_path, database_url)
    sent = [body() for _ in range(31)]
    answers = [web.client.post(AT, json=each, headers={"Origin": SITE_URL}) for each in sent]
    assert [answer.status_code for answer in answers] == [202] * 30 + [429]
    _refused(answers[-1], 429)
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].headers["Access-Control-Allow-Origin"] == SITE_URL
    assert answers[-1].headers["Access-Control-Expose-Headers"] == "Retry-After"
    repeated = web.client.post(AT, json=sent[0])
    assert repeated.get_json() == answers[0].get_json()
    assert _kept(web) == 30
