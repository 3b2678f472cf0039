"""The web server reads slow senders without losing the quick ones, and ends in good order."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest
from flask import Flask, request

from service.bodies import KEPT_OF_A_BODY, KEPT_OF_A_FILE, MOST_FILES
from service.server import PortTaken, Server, address_of, listen

SLOW = 300


@dataclass
class Served:
    """An application that is served in this process, and the server."""

    server: Server
    port: int
    asked: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        connection = self.connection()
        connection.request(method, path, body=body)  # type: ignore[arg-type]
        answer = connection.getresponse()
        told = answer.status, answer.read()
        connection.close()
        return told

    def dribble(self, beginning: bytes) -> socket.socket:
        """A sender who begins and then says nothing more."""
        slow = socket.create_connection(("127.0.0.1", self.port))
        slow.sendall(beginning)
        return slow


@contextmanager
def _served() -> Iterator[Served]:
    app = Flask("served")
    app.config["MAX_CONTENT_LENGTH"] = KEPT_OF_A_BODY - 1
    listener = listen("127.0.0.1", 0)
    served = Served(Server(app, listener), listener.getsockname()[1])

    @app.post("/length")
    def length() -> str:
        return str(len(request.get_data()))

    @app.post("/settings/<int:site_id>/words")
    def words(site_id: int) -> str:
        request.max_content_length = KEPT_OF_A_FILE
        return f"{site_id}: {len(request.get_data())}"

    @app.get("/forwarded")
    def forwarded() -> str:
        return request.headers.get("X-Forwarded-For", "")

    @app.get("/wait")
    def wait() -> str:
        served.asked.set()
        served.go_on.wait(20)
        return "x" * 3_000_000

    thread = Thread(target=served.server.run)
    thread.start()
    try:
        yield served
    finally:
        served.go_on.set()
        served.server.stop()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def served() -> Iterator[Served]:
    with _served() as running:
        yield running


def test_a_body_arrives_whole(served: Served) -> None:
    assert served.ask("POST", "/length", b"x" * 200_000) == (200, b"200000")


def test_a_file_arrives_whole_where_one_is_taken(served: Served) -> None:
    assert served.ask("POST", "/settings/7/words", b"x" * 1_000_000) == (200, b"7: 1000000")
    assert served.ask("POST", "/settings/7/words?x=1", b"x" * 4_000_000) == (200, b"7: 4000000")


def test_files_that_nobody_ends_do_not_fill_the_memory(served: Served) -> None:
    head = b"POST /settings/7/words HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n"
    slow = [served.dribble(head) for _ in range(MOST_FILES)]
    assert served.ask("POST", "/length", b"x") == (200, b"1")  # all before it have been read
    told = served.ask("POST", "/settings/7/words", b"x" * 1_000_000)
    assert told == (200, f"7: {KEPT_OF_A_BODY}".encode())
    for each in slow:
        each.close()


@pytest.mark.parametrize("size", [KEPT_OF_A_BODY, 10_000_000])
def test_too_large_a_body_is_refused_by_the_application(served: Served, size: int) -> None:
    status, _ = served.ask("POST", "/length", b"x" * size)
    assert status == 413


def test_too_large_a_body_in_chunks_is_refused_too(served: Served) -> None:
    status, _ = served.ask("POST", "/length", iter([b"x" * 65_536] * 20))
    assert status == 413


def test_the_application_sees_what_proxies_say(served: Served) -> None:
    connection = served.connection()
    connection.request("GET", "/forwarded", headers={"X-Forwarded-For": "192.0.2.7"})
    assert connection.getresponse().read() == b"192.0.2.7"


def test_the_server_does_not_say_what_it_is(served: Served) -> None:
    connection = served.connection()
    connection.request("GET", "/forwarded")
    assert connection.getresponse().getheader("Server") is None


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param(b"GET /forwarded HTTP/1.1\r\nHost: a\r\n", id="head"),
        pytest.param(
            b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n{", id="body"
        ),
    ],
)
def test_many_slow_senders_keep_nobody_else_waiting(served: Served, beginning: bytes) -> None:
    slow = [served.dribble(beginning) for _ in range(SLOW)]
    try:
        for _ in range(20):
            assert served.ask("POST", "/length", b"quick") == (200, b"5")
    finally:
        for sender in slow:
            sender.close()


def test_what_is_under_way_is_answered_before_the_end() -> None:
    told: list[tuple[int, int]] = []
    with _served() as served:

        def ask() -> None:
            status, body = served.ask("GET", "/wait")
            told.append((status, len(body)))

        asking = Thread(target=ask)
        asking.start()
        assert served.asked.wait(10)
        served.server.stop()
        served.go_on.set()
        asking.join(20)
    assert told == [(200, 3_000_000)]


def test_nobody_new_is_accepted_after_the_end() -> None:
    with _served() as served:
        served.ask("GET", "/forwarded")
    with pytest.raises(ConnectionRefusedError):
        served.ask("GET", "/forwarded")


def test_a_port_that_is_taken_is_said_to_be() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port}: Address already in use. Name another"):
            listen("127.0.0.1", port)


def test_a_port_is_free_again_at_once() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as caller:
            accepted, _ = first.accept()
            accepted.close()  # so that the port lingers in TIME_WAIT
            assert caller.recv(1) == b""
    listen("127.0.0.1", port).close()


def test_a_name_that_is_no_address_is_said_to_be_none() -> None:
    with pytest.raises(PortTaken, match="not an address"):
        listen("no.such.host.invalid", 0)


def test_a_socket_for_all_addresses_is_reached_by_loopback() -> None:
    with listen("0.0.0.0", 0) as everywhere:
        assert address_of(everywhere) == f"http://127.0.0.1:{everywhere.getsockname()[1]}"
