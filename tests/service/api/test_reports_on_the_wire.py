"""Readers' reports over HTTP: sizes, lengths, and a database that is away."""

import io
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.db import Database
from service.server import Server, address_of, listen
from tests.factories import SITE_URL
from tests.service.api.test_reports import AT, _kept, _refused, body
from tests.service.conftest import Web


def test_64_kib_are_enough_and_one_byte_more_is_too_much(web: Web) -> None:
    data = json.dumps(body()).encode()
    full = data + b" " * (64 * 1024 - len(data))
    assert web.client.post(AT, data=full, content_type="text/plain").status_code == 202
    _refused(web.client.post(AT, data=full + b" ", content_type="text/plain"), 413)


def test_a_body_without_a_length_is_bounded_too(web: Web) -> None:
    for size, status in ((1_000, 202), (64 * 1024 + 1, 413)):
        data = json.dumps(body()).encode()
        answer = web.client.post(
            AT,
            input_stream=io.BytesIO(data + b" " * (size - len(data))),
            content_type="application/json",
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )
        assert answer.status_code == status


def test_other_methods_are_not_allowed(web: Web) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = web.client.open(AT, method=method)
        _refused(answer, 405)
        assert "POST" in answer.headers["Allow"]


def test_a_dead_database_is_503_and_says_when_to_come_again(sqlite_web: Web) -> None:
    with sqlite_web.db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE report RENAME TO away")
    answer = sqlite_web.client.post(AT, json=body(), headers={"Origin": SITE_URL})
    _refused(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0
    assert sqlite_web.bell.rung == []


def test_a_database_that_cannot_be_reached_is_503(tmp_path: Path) -> None:
    gone = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    web = _web_without_rows(tmp_path, gone)
    answer = web.test_client().post(AT, json=body())
    _refused(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0


def _web_without_rows(folder: Path, url: str) -> Any:
    from service.app import create_app
    from tests import factories
    from tests.service.conftest import RememberingBell

    settings = factories.make_settings(folder, url, rate_limits=False)
    return create_app(settings, Database(url), RememberingBell())


@contextmanager
def _listening(web: Web) -> Iterator[tuple[str, int]]:
    """The real server on a port that the kernel chose."""
    listener = listen("127.0.0.1", 0)
    host, _, port = address_of(listener).removeprefix("http://").partition(":")
    server = Server(web.app, listener)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield host, int(port)
    finally:
        server.stop()
        thread.join(timeout=10)


def _say(where: tuple[str, int], head: str, data: bytes) -> bytes:
    """What the server answers to raw bytes, until it or we hang up."""
    lines = f"POST {AT} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{head}\r\n\r\n"
    with socket.create_connection(where, timeout=10) as client:
        client.sendall(lines.encode() + data)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := client.recv(65536):
            answer += chunk
        return answer


def test_lengths_that_lie_get_nobody_further(sqlite_web: Web) -> None:
    data = json.dumps(body()).encode()
    close = "Connection: close\r\n"
    with _listening(sqlite_web) as where:
        whole = _say(where, f"{close}Content-Length: {len(data)}", data)
        cut = _say(where, f"{close}Content-Length: 20", data)
        large = _say(where, f"{close}Content-Length: 70000", data + b" " * (70_000 - len(data)))
        chunks = b"11170\r\n" + data + b" " * (70_000 - len(data)) + b"\r\n0\r\n\r\n"
        chunked = _say(where, f"{close}Transfer-Encoding: chunked", chunks)
        _say(where, f"{close}Content-Length: 70000", data)
        minus = _say(where, f"{close}Content-Length: -1", data)
    assert whole.startswith(b"HTTP/1.1 202")
    assert cut.startswith(b"HTTP/1.1 400")
    assert large.startswith(b"HTTP/1.1 413")
    assert chunked.startswith(b"HTTP/1.1 413")
    assert minus.startswith(b"HTTP/1.1 400")
    assert _kept(sqlite_web) == 1
