"""Other people's servers: one on loopback that misbehaves on request, and a small internet."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address

from core.net import Address, Code, Outside, Unreachable

Behaviour = Callable[[socket.socket, "Heard"], None]

PUBLIC = "93.184.215.14"
SECOND_PUBLIC = "2606:2800:21f:cb07::1"


@dataclass(frozen=True)
class Heard:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class ForeignServer:
    """Answers each path as told; hears everything; ends when its test ends."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        self.paths: dict[str, Behaviour] = {}
        self.server_names: list[str | None] = []
        self.connections = 0
        self._tls = tls
        if tls is not None:
            tls.sni_callback = lambda _sock, name, _context: self.server_names.append(name)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._stopping = threading.Event()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def pause(self, seconds: float) -> bool:
        """Wait as a slow server does; True when the test is over."""
        return self._stopping.wait(seconds)

    def answers(self, path: str, *pieces: bytes) -> None:
        """Send these bytes, exactly."""
        self.paths[path] = lambda connection, _heard: connection.sendall(b"".join(pieces))

    def page(self, path: str, body: bytes | str, *headers: str, status: str = "200 OK") -> None:
        """Send a page with its length and, unless named, the type of HTML."""
        content = body.encode() if isinstance(body, str) else body
        self.answers(path, head(status, *headers, f"Content-Length: {len(content)}"), content)

    def redirect(self, path: str, to: str, status: str = "302 Found") -> None:
        self.answers(path, head(status, f"Location: {to}", "Content-Length: 0"))

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            with connection:
                heard = _hear(connection)
                if heard is not None:
                    self.heard.append(heard)
                    known = self.paths.get(heard.path.partition("?")[0], _not_found)
                    known(connection, heard)


def head(status: str, *headers: str) -> bytes:
    named = {line.partition(":")[0].lower() for line in headers}
    kind = () if "content-type" in named else ("Content-Type: text/html; charset=utf-8",)
    lines = (f"HTTP/1.1 {status}", *kind, *headers)
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def reset(connection: socket.socket) -> None:
    """Break off with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _not_found(connection: socket.socket, _heard: Heard) -> None:
    connection.sendall(head("404 Not Found", "Content-Length: 0"))


def _hear(connection: socket.socket) -> Heard | None:
    stream = connection.makefile("rb")
    words = stream.readline().decode("latin-1").split(" ")
    if len(words) < 3:
        return None
    headers: dict[str, str] = {}
    while (line := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Heard(words[0], words[1], headers, body)


@dataclass
class Internet:
    """Names and addresses of a pretended internet.

    `names` holds what successive look-ups answer (the last one stays). `routes` leads addresses to
    ports on loopback. An address without a route is really dialled if it is loopback, so that a
    listener there would hear it, and otherwise leads nowhere. `dialled` keeps every attempt.
    """

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    routes: dict[str, int] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)

    def name(self, host: str, *answers: Iterable[str]) -> None:
        self.names[host] = [list(answer) for answer in answers]

    def resolve(self, host: str, seconds: float) -> tuple[Address, ...]:
        assert seconds > 0
        self.looked_up.append(host)
        answers = self.names.get(host)
        if not answers:
            raise Unreachable(Code.NAME_NOT_FOUND, f"There is no host {host}.", host)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return tuple(ip_address(text) for text in answer)

    def dial(self, address: Address, port: int, seconds: float) -> socket.socket:
        self.dialled.append((str(address), port))
        if str(address) in self.routes:
            return socket.create_connection(("127.0.0.1", self.routes[str(address)]), seconds)
        if address.is_loopback:
            return socket.create_connection((str(address), port), seconds)
        raise OSError("no route")

    def outside(self, **changes: object) -> Outside:
        given: dict[str, object] = {
            "user_agent": "Tuzet/1.0 (+https://tuzet.example)",
            "resolve": self.resolve,
            "dial": self.dial,
        }
        return Outside(**{**given, **changes})  # type: ignore[arg-type]


class SteppingClock:
    """A monotonic clock that moves on by `step` seconds each time it is read."""

    def __init__(self, step: float) -> None:
        self.now = 0.0
        self.step = step
        self.slept: list[float] = []

    def monotonic(self) -> float:
        self.now += self.step
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@contextmanager
def canary() -> Iterator[ForeignServer]:
    """A listener on loopback that must hear nothing: not even a connection."""
    listener = ForeignServer()
    try:
        yield listener
        assert listener.connections == 0
    finally:
        listener.stop()
