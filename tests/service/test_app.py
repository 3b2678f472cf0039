"""What holds for every answer of the web side."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from service.app import create_app
from tests import factories
from tests.service.conftest import RememberingBell, Web

PATHS = ("/api/docs", "/api/v1/cases", "/api/v1/openapi.json", "/r/x", "/nothing", "/api/nothing")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers_that_keep_it_safe(sqlite_web: Web, path: str) -> None:
    headers = sqlite_web.client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_service_without_https_does_not_promise_it(tmp_path: Path) -> None:
    settings = factories.make_settings(
        tmp_path, f"sqlite:///{tmp_path}/x", base_url="http://127.0.0.1:8000"
    )
    client = create_app(settings, bell=RememberingBell()).test_client()
    assert "Strict-Transport-Security" not in client.get("/api/docs").headers


def test_nothing_is_kept_by_caches_unless_it_says_so(sqlite_web: Web) -> None:
    assert sqlite_web.client.get("/api/v1/cases").headers["Cache-Control"] == "no-store"
    assert "max-age" in sqlite_web.client.get("/api/v1/openapi.json").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("kk-KZ,ru;q=0.5", "Мұнда ештеңе жоқ"),
        ("ru", "Здесь ничего нет"),
        ("de, en;q=0.1", "There is nothing here"),
        ("", "There is nothing here"),
        ("*", "There is nothing here"),
    ],
)
def test_a_page_that_is_not_there_says_so_to_a_reader(
    sqlite_web: Web, language: str, headline: str
) -> None:
    answer = sqlite_web.client.get("/nothing", headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert headline in answer.get_data(as_text=True)


def test_under_the_api_it_is_said_to_programs(sqlite_web: Web) -> None:
    answer = sqlite_web.client.get("/api/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.get_json()["type"] == "about:blank"


def test_a_fault_of_ours_is_told_without_saying_what_it_was(sqlite_web: Web) -> None:
    def break_down() -> str:
        raise RuntimeError("құпия")

    sqlite_web.app.add_url_rule("/broken", view_func=break_down)
    sqlite_web.app.add_url_rule("/api/broken", endpoint="api_broken", view_func=break_down)
    for path in ("/broken", "/api/broken"):
        answer = sqlite_web.client.get(path)
        assert answer.status_code == 500
        assert "құпия" not in answer.get_data(as_text=True)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_log_has_a_line_for_each_answer_and_nobodys_secret(sqlite_web: Web) -> None:
    headers = sqlite_web.token()
    with capture_logs() as lines:
        sqlite_web.client.get("/r/secret-of-a-reader?q=secret-of-a-reader")
        sqlite_web.client.get("/api/v1/cases?q=secret-of-a-reader", headers=headers)
    assert [(line["endpoint"], line["status"]) for line in lines] == [
        ("receipts.show", 404),
        ("api.cases.index", 200),
    ]
    assert "secret-of-a-reader" not in str(lines)
    assert headers["Authorization"].removeprefix("Bearer ") not in str(lines)
    assert "127.0.0.1" not in str(lines)


@pytest.mark.parametrize("address", ["/tuzet.site.js?site=%00", "/corrections/%00", "/r/%00"])
def test_a_nul_in_an_address_is_the_senders_fault(web: Web, address: str) -> None:
    assert web.client.get(address).status_code < 500
