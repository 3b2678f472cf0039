"""Receipts as JSON."""

import uuid

from sqlalchemy import select

from core.models import Report
from tests.factories import PAGE_URL
from tests.service.conftest import Web


def test_a_receipt_tells_what_became_of_a_report_to_any_page(web: Web) -> None:
    sent = {"id": str(uuid.uuid4()), "site": "dala", "url": PAGE_URL, "quote": {"exact": "а"}}
    receipt = web.client.post("/api/v1/reports", json=sent).get_json()["receipt"]
    answer = web.client.get(
        f"/api/v1/receipts/{receipt}", headers={"Origin": "https://any.example"}
    )
    assert answer.get_json() == {"status": "received", "case": None}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_sorted_report_tells_its_case(web: Web) -> None:
    web.case()
    with web.db.read() as session:
        receipt = session.scalars(select(Report.receipt)).one()
    assert web.client.get(f"/api/v1/receipts/{receipt}").get_json() == {
        "status": "sorted",
        "case": {
            "status": "new",
            "resolution": None,
            "readers": 1,
            "already_known": False,
            "already_fixed": False,
        },
    }


def test_a_wrong_receipt_is_not_found_and_any_page_may_read_that(web: Web) -> None:
    for wrong in ("x", "%00", "%D2%93", "a" * 5000):
        answer = web.client.get(f"/api/v1/receipts/{wrong}")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
