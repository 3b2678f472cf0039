"""Which pages of the web may read our answers."""

import uuid

from tests.factories import PAGE_URL, SITE_URL
from tests.service.conftest import Web

AT = "/api/v1/reports"
OTHER = "https://tan.example.kz"


def _preflight(web: Web, origin: str | None) -> tuple[int, str | None]:
    headers = {"Access-Control-Request-Method": "POST"}
    headers |= {"Access-Control-Request-Headers": "content-type"}
    if origin is not None:
        headers["Origin"] = origin
    answer = web.client.options(AT, headers=headers)
    return answer.status_code, answer.headers.get("Access-Control-Allow-Origin")


def test_a_preflight_allows_any_origin_of_some_site(web: Web) -> None:
    assert _preflight(web, SITE_URL) == (204, SITE_URL)
    assert _preflight(web, OTHER) == (403, None)
    web.other_site()
    assert _preflight(web, OTHER) == (204, OTHER)


def test_a_preflight_of_nobodys_origin_is_refused(web: Web) -> None:
    for origin in ("https://evil.example", "null", "", None):
        assert _preflight(web, origin) == (403, None)


def test_a_preflight_allows_the_type_of_the_body_and_is_remembered(web: Web) -> None:
    answer = web.client.options(AT, headers={"Origin": SITE_URL})
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert answer.data == b""


def test_every_answer_differs_by_origin(web: Web) -> None:
    for headers in ({}, {"Origin": SITE_URL}, {"Origin": "https://evil.example"}):
        assert "Origin" in web.client.post(AT, data=b"{", headers=headers).headers["Vary"]
        assert "Origin" in web.client.options(AT, headers=headers).headers["Vary"]


def test_a_page_of_the_site_may_read_its_refusals(web: Web) -> None:
    for answer in (
        web.client.post(AT, data=b"{", content_type="text/plain", headers={"Origin": SITE_URL}),
        web.client.post(AT, json={}, headers={"Origin": SITE_URL}),
        web.client.post(AT, data=b"x", content_type="text/html", headers={"Origin": SITE_URL}),
        web.client.post(AT, json=_body(site="nobody"), headers={"Origin": SITE_URL}),
        web.client.post(
            AT, json=_body(url="https://elsewhere.example/"), headers={"Origin": SITE_URL}
        ),
        web.client.post(
            AT, data=b" " * 70_000, content_type="text/plain", headers={"Origin": SITE_URL}
        ),
    ):
        assert answer.status_code >= 400
        assert answer.headers["Access-Control-Allow-Origin"] == SITE_URL


def test_a_page_of_another_site_may_not(web: Web) -> None:
    web.other_site()
    answer = web.client.post(AT, json=_body(), headers={"Origin": OTHER})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    kept = web.client.post(AT, json=_body(), headers={"Origin": SITE_URL})
    assert kept.headers["Access-Control-Allow-Origin"] == SITE_URL


def test_no_answer_lets_a_page_send_cookies(web: Web) -> None:
    answer = web.client.post(AT, json=_body(), headers={"Origin": SITE_URL})
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_programs_of_the_api_are_not_pages(web: Web) -> None:
    headers = {**web.token(), "Origin": SITE_URL}
    assert (
        "Access-Control-Allow-Origin"
        not in web.client.get("/api/v1/cases", headers=headers).headers
    )


def _body(**values: object) -> dict[str, object]:
    plain = {"id": str(uuid.uuid4()), "site": "dala", "url": PAGE_URL, "quote": {"exact": "а"}}
    return {**plain, **values}
