"""A newsroom's own system says that a document was saved."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from core import connecting
from core.clock import utcnow
from core.models import Case, Verification
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, WRONG
from tests.service.conftest import Web

HOOK = "/api/v1/hooks/page-saved"


@pytest.fixture
def secret(web: Web) -> str:
    """What the system of the first newsroom signs with."""
    with web.db.write() as session:
        _, secret = connecting.add_connection(
            session,
            web.site.key,
            "wordpress",
            "https://dala.example.kz",
            "aigerim",
            "abcd efgh",
            web.settings,
            utcnow(),
        )
    return secret


def article(word: str) -> str:
    return f"<article><h1>Кітапхана</h1><p>{BEFORE}<em>{word}</em>{AFTER}</p></article>"


def told(**values: Any) -> dict[str, Any]:
    return {"site": "dala", "url": PAGE_URL, "html": article(RIGHT), **values}


def call(
    web: Web, secret: str, saved: dict[str, Any], *, signed: bytes | None = None
) -> TestResponse:
    body = json.dumps(saved, ensure_ascii=False).encode()
    now = datetime.now(UTC)
    signature = Webhook(secret).sign("msg_1", now, (signed or body).decode())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    return web.client.post(HOOK, data=body, content_type="application/json", headers=headers)


def readings(web: Web, case: Case) -> list[tuple[str, str]]:
    with web.db.read() as session:
        found = session.scalars(select(Verification).where(Verification.case_id == case.id))
        return [(run.source, run.verdict) for run in found]


def test_a_save_makes_the_page_due_at_once_and_rings(web: Web, secret: str) -> None:
    case = web.case()
    answer = call(web, secret, told())
    assert (answer.status_code, answer.get_json()) == (202, {"pages": 1, "cases": 1})
    assert web.bell.rung[-1] == "tuzet.read_pages"
    with web.db.read() as session:
        due = session.get_one(Case, case.id).check_due_at
    assert due is not None
    assert due <= utcnow()


def test_the_systems_word_counts_as_one_reading_and_decides_nothing_alone(
    web: Web, secret: str
) -> None:
    case = web.case()
    call(web, secret, told())
    assert readings(web, case) == [("cms", "fixed")]
    with web.db.read() as session:
        assert session.get_one(Case, case.id).status == "new"


def test_a_page_that_only_names_the_number_is_read_and_not_taken_at_its_word(
    web: Web, secret: str
) -> None:
    case = web.case(metadata={"cms_id": "48213"})
    saved = told(url="https://dala.example.kz/?p=48213", cms_id="48213", html=article(WRONG))
    assert call(web, secret, saved).get_json() == {"pages": 1, "cases": 1}
    assert readings(web, case) == []


def test_a_document_that_is_hidden_says_nothing_of_its_text(web: Web, secret: str) -> None:
    case = web.case()
    assert call(web, secret, told(state="hidden")).status_code == 202
    assert readings(web, case) == []


def test_a_document_without_cases_is_nobodys_business(web: Web, secret: str) -> None:
    saved = told(url="https://dala.example.kz/news/other")
    assert call(web, secret, saved).get_json() == {"pages": 0, "cases": 0}


def test_a_call_that_is_not_signed_with_the_sites_secret_is_refused(web: Web, secret: str) -> None:
    case = web.case()
    assert call(web, "whsec_" + "YWJj" * 8, told()).status_code == 403
    assert call(web, secret, told(), signed=b"{}").status_code == 403
    assert web.client.post(HOOK, json=told()).status_code == 403
    assert readings(web, case) == []


def test_a_system_speaks_for_its_own_site_alone(web: Web, secret: str) -> None:
    other = web.other_site()
    assert call(web, secret, told(site=other.key)).status_code == 404
    assert call(web, secret, told(url="https://tan.example.kz/x")).status_code == 403
    assert call(web, secret, told(site="nobody")).status_code == 404


@pytest.mark.parametrize(
    ("saved", "status"),
    [
        ({"url": "javascript:alert(1)"}, 422),
        ({"html": "\0"}, 422),
        ({"state": "draft"}, 422),
        ({"html": "б" * 140_000}, 413),
        ({"title": "more than we read"}, 202),
    ],
)
def test_what_is_told_is_checked(web: Web, secret: str, saved: dict[str, Any], status: int) -> None:
    assert call(web, secret, told(**saved)).status_code == status
