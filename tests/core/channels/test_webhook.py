"""Webhooks: signed as the standard has it, and what the answers mean."""

import base64
import http.server
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from core import channels
from core.channels import OutgoingHook, PassingFailure, PermanentFailure
from core.channels.webhook import signed
from core.settings import Settings
from tests.factories import make_settings
from tests.servers.http import serving
from tests.servers.processes import free_port

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode("ascii")
BODY = json.dumps({"type": "case.created", "data": {"қате": "балаларга"}}).encode()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Sink:
    """A web server on loopback that answers as told and keeps what it got."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def sink() -> Iterator[Sink]:
    kept = Sink()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((dict(self.headers.items()), body))
            self.send_response(kept.status)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(kept.answer)
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    with serving(server):
        yield kept


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path, private_networks=(ip_network("127.0.0.0/8"),))


def _hook(sink: Sink) -> OutgoingHook:
    return OutgoingHook("msg-1", sink.url, SECRET, "case.created", BODY)


def test_the_standards_own_library_verifies_what_is_sent(sink: Sink, settings: Settings) -> None:
    channels.send(_hook(sink), settings, _now)
    ((headers, body),) = sink.got
    verified = Webhook(SECRET).verify(body, headers)
    assert verified == json.loads(BODY)
    assert headers["webhook-id"] == "msg-1"
    assert headers["Content-Type"] == "application/json"


def test_another_secret_signs_another_way(sink: Sink) -> None:
    other = "whsec_" + base64.b64encode(bytes(32)).decode("ascii")
    hook, now = _hook(sink), _now()
    mine, theirs = signed(hook, now), signed(replace(hook, secret=other), now)
    assert mine["webhook-signature"] != theirs["webhook-signature"]


@pytest.mark.parametrize("status", [500, 502, 503, 408, 425, 429])
def test_a_server_in_trouble_is_tried_again(sink: Sink, settings: Settings, status: int) -> None:
    sink.status = status
    with pytest.raises(PassingFailure, match=f"answered {status}"):
        channels.send(_hook(sink), settings, _now)


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 410, 422])
def test_a_refusal_or_a_redirect_is_final(sink: Sink, settings: Settings, status: int) -> None:
    sink.status = status
    sink.headers["Location"] = sink.url
    with pytest.raises(PermanentFailure, match=f"answered {status}"):
        channels.send(_hook(sink), settings, _now)
    assert len(sink.got) == 1


def test_a_server_may_say_when_to_come_again(sink: Sink, settings: Settings) -> None:
    sink.status, sink.headers["Retry-After"] = 429, "90"
    with pytest.raises(PassingFailure) as failure:
        channels.send(_hook(sink), settings, _now)
    assert failure.value.retry_after == timedelta(seconds=90)


def test_a_long_answer_is_an_answer(sink: Sink, settings: Settings) -> None:
    sink.answer = b"x" * 10_000_000
    channels.send(_hook(sink), settings, _now)


def test_a_private_address_is_not_called_unless_the_operator_allows_it(
    sink: Sink, tmp_path: Path
) -> None:
    with pytest.raises(PermanentFailure, match="TUZET_PRIVATE_NETWORKS"):
        channels.send(_hook(sink), make_settings(tmp_path), _now)
    assert sink.got == []


def test_a_server_that_is_away_is_tried_again(settings: Settings) -> None:
    url = f"http://127.0.0.1:{free_port()}/hook"
    hook = OutgoingHook("msg-1", url, SECRET, "case.created", BODY)
    with pytest.raises(PassingFailure):
        channels.send(hook, settings, _now)


def test_a_secret_that_is_none_is_final_and_not_told(sink: Sink, settings: Settings) -> None:
    with pytest.raises(PermanentFailure) as failure:
        channels.send(replace(_hook(sink), secret="whsec_%%%"), settings, _now)
    assert "%%%" not in failure.value.reason
