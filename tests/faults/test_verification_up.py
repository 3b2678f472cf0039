"""From the key press to the thanks, on a real installation with pages on this machine."""

import http.client
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.core.net.foreign import ForeignServer
from tests.core.verification.press import ARTICLE, MENDED, html
from tests.factories import AFTER, BEFORE, RIGHT, WRONG
from tests.servers.tuzet import Installation, Running, until

pytestmark = pytest.mark.faults

PATH = "/news/kitapkhana"
EDITOR = "aigerim@dala.example.kz"
SECONDS = 60


class Desk:
    """A program of the newsroom's, and a reader, on a running installation."""

    def __init__(self, running: Running, key: str, token: str, site: str) -> None:
        self.running, self.key, self.token, self.site = running, key, token, site

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        target = urlsplit(self.running.base_url)
        connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=30)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        try:
            connection.request(method, path, json.dumps(body).encode() if body else None, headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300, text
            return json.loads(text)
        finally:
            connection.close()

    def report(self) -> dict[str, Any]:
        """A reader reports the error; the case that it comes to."""
        report_id = str(uuid.uuid4())
        body = {
            "id": report_id, "site": self.key, "url": f"{self.site}{PATH}", "language": "kk",
            "quote": {"exact": WRONG, "prefix": BEFORE[-32:], "suffix": AFTER[:32]},
            "suggestion": RIGHT, "email": "oqyrman@example.kz",
        }  # fmt: skip
        self.call("POST", "/api/v1/reports", body)
        self.wait_until(lambda: self._report(report_id)["case_id"] is not None)
        return self.case(self._report(report_id)["case_id"])

    def _report(self, report_id: str) -> Any:
        return self.call("GET", f"/api/v1/reports/{report_id}")

    def case(self, case_id: int) -> dict[str, Any]:
        case: dict[str, Any] = self.call("GET", f"/api/v1/cases/{case_id}")
        return case

    def fix(self, case: dict[str, Any]) -> None:
        change = {"version": case["version"], "status": "fixed"}
        self.call("PATCH", f"/api/v1/cases/{case['id']}", change)

    def wait_until(self, holds: Any) -> None:
        until(holds, SECONDS, self.running.explain)


@contextmanager
def desk(folder: Path, server: ForeignServer, **settings: str) -> Iterator[Desk]:
    """A minute is a tenth of a second here, so that a day takes no longer than the test may."""
    site = f"http://127.0.0.1:{server.port}"
    installation = Installation(
        {
            "TUZET_DATA_DIR": str(folder / "var"),
            "TUZET_TIME_SCALE": "600",
            "TUZET_PRIVATE_NETWORKS": "127.0.0.0/8",
            **settings,
        }
    )
    with installation.up(folder) as running:
        key = installation.run("site", "add", "--name", "Дала үні", "--url", site)["key"]
        person = ("user", "add", EDITOR, "--role", "editor", "--site", key, "--password-stdin")
        installation.run(*person, given="Kitapkhana 2026!")
        token = installation.run("token", "add", "--user", EDITOR, "--name", "test")["token"]
        yield Desk(running, key, token, site)


@pytest.fixture
def server() -> Iterator[ForeignServer]:
    foreign = ForeignServer()
    foreign.page(PATH, html(ARTICLE))
    yield foreign
    foreign.stop()


def test_the_page_closes_the_case_and_the_reader_hears(
    tmp_path: Path, server: ForeignServer
) -> None:
    with desk(tmp_path, server) as newsroom:
        case = newsroom.report()
        server.page(PATH, html(MENDED), 'ETag: "2"')
        newsroom.fix(case)
        newsroom.wait_until(lambda: newsroom.case(case["id"])["status"] == "verified")
        verification = newsroom.case(case["id"])["verification"]
        assert verification["verdict"] == "fixed"
        assert RIGHT in verification["evidence"]["after"]
        mails = tmp_path / "var" / "mail"
        newsroom.wait_until(lambda: any(mails.glob("reader.*.eml")))
        server.page(PATH, html(ARTICLE))
        newsroom.wait_until(lambda: newsroom.case(case["id"])["status"] == "accepted")
        events = newsroom.call("GET", f"/api/v1/cases/{case['id']}/events")["items"]
        regressed = [event for event in events if event["type"] == "regressed"]
        assert [event["data"]["fixed_by"] for event in regressed] == [EDITOR]


def test_what_is_still_wrong_comes_back_to_the_editor(
    tmp_path: Path, server: ForeignServer
) -> None:
    with desk(tmp_path, server) as newsroom:
        case = newsroom.report()
        newsroom.fix(case)
        newsroom.wait_until(lambda: newsroom.case(case["id"])["status"] == "accepted")
        back = newsroom.case(case["id"])
        assert (back["assignee"], back["verification"]["verdict"]) == (EDITOR, "still_there")
