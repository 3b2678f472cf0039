"""The long tail, through Apprise itself, to a server of this machine."""

import http.server
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.channels import OutgoingChat, PassingFailure, PermanentFailure, apprise, targets
from core.clock import utcnow
from tests import factories
from tests.servers.http import serving


class _Sink(http.server.HTTPServer):
    """Takes what comes, or answers otherwise as its `status` says."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.came: list[dict[str, Any]] = []


class _Taking(http.server.BaseHTTPRequestHandler):
    server: _Sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Sink]:
    """A service whose scheme is allowed for this test."""
    monkeypatch.setattr(apprise, "ALLOWED", apprise.ALLOWED | {"json"})
    server = _Sink()
    with serving(server):
        yield server


def _send(secret: str, folder: Path) -> None:
    chat = OutgoingChat(
        key="k", kind="apprise", target="json://…", secret=secret, subject="Қате", lead="Бір қате."
    )
    apprise.send(chat, factories.make_settings(folder), utcnow)


def test_a_message_arrives_as_plain_text(sink: _Sink, tmp_path: Path) -> None:
    _send(f"json://127.0.0.1:{sink.server_port}/", tmp_path)
    (told,) = sink.came
    assert (told["title"], told["message"]) == ("Қате", "Бір қате.")


def test_a_refusal_passes_and_tells_no_address(sink: _Sink, tmp_path: Path) -> None:
    sink.status = 500
    with pytest.raises(PassingFailure) as failure:
        _send(f"json://secret@127.0.0.1:{sink.server_port}/", tmp_path)
    assert "secret" not in failure.value.reason


def test_what_is_not_on_the_list_is_never_called(tmp_path: Path) -> None:
    with _Sink() as server, pytest.raises(PermanentFailure):
        _send(f"json://127.0.0.1:{server.server_port}/", tmp_path)
    assert server.came == []


@pytest.mark.parametrize(
    "address",
    [
        "zulip://bot@127.0.0.1/" + "a" * 32,
        "zulip://bot@org.internal.lan/" + "a" * 32,
        "zulip://bot@127.0.0.1@org/" + "a" * 32,
        "zulip://bot@org:8443/" + "a" * 32,
        "zulip://bot@org%2eexample/" + "a" * 32,
        "zulip://bot@org\t.internal.lan/" + "a" * 32,
        "pover://user@token?verify=no",
        "pover://user@token?x=1&%56erify=no",
    ],
)
def test_no_address_leads_to_a_server_of_somebodys_own(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError, match="must"):
        targets.read_target("apprise", address, None)
    with pytest.raises(PermanentFailure):
        _send(address, tmp_path)


@pytest.mark.parametrize("organisation", ["dala", "dala.zulipchat.com"])
def test_an_organisation_of_zulips_own_server_is_taken(organisation: str) -> None:
    target = targets.read_target("apprise", f"zulip://bot@{organisation}/{'a' * 32}", None)
    assert target.shown.startswith("zulip://…")
