"""The web process: waitress on a socket, with a bounded memory and an orderly end."""

import contextlib
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from threading import Timer
from types import FrameType
from typing import Any
from weakref import WeakSet

import structlog
from flask import Flask
from waitress import wasyncore
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from core.errors import TuzetError
from core.lifeline import Lifeline
from service.bodies import KEPT_OF_A_BODY, KEPT_OF_A_FILE, MOST_FILES, TAKES_A_FILE

THREADS = 12
CONNECTIONS = 1000
LARGEST_BODY_READ = 64 * 1024 * 1024
SILENCE_S = 60
DRAIN_S = 6.0
_TICK_S = 0.2
_LAST_RESORT_S = 8
_BACKLOG = 1024
_FILES = 8192

_log = structlog.get_logger(__name__)


class PortTaken(TuzetError):
    """Nobody can listen there now. The text says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; port 0 lets the kernel choose.

    Raises PortTaken if the address is in use, is not this machine's or is not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as fault:
        raise PortTaken(f"{host} is not an address to listen on: {fault}") from fault
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as fault:
        listener.close()
        raise PortTaken(
            f"Cannot listen on {host}, port {port}: {fault.strerror}. "
            "Name another port, or --port 0 for any free one."
        ) from fault
    return listener


def address_of(listener: socket.socket) -> str:
    """The address under which this machine reaches the socket, as http://host:port."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 (compared, not listened on)
        host = "127.0.0.1" if listener.family == socket.AF_INET else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Kept(OverflowableBuffer):  # type: ignore[misc]
    """Takes in the beginning of a body and lets the rest go by.

    A body that is too large is read to its end (a sender that is cut off in the middle would
    never see the answer), but not stored: the application tells by its length, and says 413.
    """

    def __init__(self, room: int) -> None:
        super().__init__(room + 1)  # never a temporary file: they would cost descriptors
        self._room = room

    def append(self, s: bytes) -> None:
        room = self._room - len(self)
        if room > 0:
            super().append(s[:room])


_files: WeakSet[_Kept] = WeakSet()  # that are being read or worked on


def _small() -> _Kept:
    return _Kept(KEPT_OF_A_BODY)


def _file() -> _Kept:
    """Room for a file, while not too many others have it."""
    if len(_files) >= MOST_FILES:
        return _small()
    kept = _Kept(KEPT_OF_A_FILE)
    _files.add(kept)
    return kept


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body_rcv.buf = _file() if TAKES_A_FILE.fullmatch(self.path) else _small()


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser


class Server:
    """Serves an application on a listening socket until it is told to stop.

    Slow senders cost a place in a table and no thread: heads and bodies are read whole before a
    thread takes the request. Whoever is silent for a minute is put out.
    """

    def __init__(self, application: Flask, listener: socket.socket) -> None:
        self._stopping = False
        self._map: dict[int, Any] = {}
        self._waitress = create_server(
            application,
            map=self._map,
            sockets=[listener],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENCE_S,
            cleanup_interval=10,
            backlog=_BACKLOG,
            inbuf_overflow=KEPT_OF_A_BODY,
            max_request_body_size=LARGEST_BODY_READ,
            # The application knows how many proxies to believe (service/proxies.py); waitress
            # would take the header away before it could look.
            clear_untrusted_proxy_headers=False,
            ident=None,
            asyncore_use_poll=True,  # select() cannot look at a descriptor over 1023
        )
        self._waitress.channel_class = _Channel

    def stop(self) -> None:
        """Accept nobody more, and return from run() when what is under way is answered."""
        self._stopping = True

    def run(self) -> None:
        """Serve until stop(), then finish what is under way, for some seconds at most."""
        while not self._stopping:
            wasyncore.loop(_TICK_S, use_poll=True, map=self._map, count=1)
        self._close_listener()
        deadline = time.monotonic() + DRAIN_S
        while self._is_busy() and time.monotonic() < deadline:
            wasyncore.loop(0.05, use_poll=True, map=self._map, count=1)
        self._waitress.task_dispatcher.shutdown(timeout=0.5)
        wasyncore.close_all(self._map, ignore_all=True)

    def _close_listener(self) -> None:
        self._waitress.accepting = False
        self._waitress.del_channel()
        self._waitress.socket.close()

    def _is_busy(self) -> bool:
        return any(
            channel.requests or channel.request is not None or channel.total_outbufs_len
            for channel in list(self._waitress.active_channels.values())
        )


def serve(
    application: Flask,
    listener: socket.socket,
    lifeline: Lifeline,
    before_end: Callable[[], object],
) -> int:
    """Run the web process until SIGTERM or SIGINT. Returns its exit code."""
    _allow_many_files()
    server = Server(application, listener)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    lifeline.when_cut(lambda: _end(server))
    lifeline.say_alive()
    _log.info("serving", address=address_of(listener))
    server.run()
    before_end()
    _log.info("stopped")
    return 0


def _end(server: Server) -> None:
    """The supervisor is gone: stop in good order, and in any case soon."""
    last_resort = Timer(_LAST_RESORT_S, os._exit, [1])
    last_resort.daemon = True
    last_resort.start()
    server.stop()


def _allow_many_files() -> None:
    """A thousand connections need more descriptors than many systems give unasked."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS has a limit below its limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
