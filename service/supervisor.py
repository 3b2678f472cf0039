"""`tuzet up`: web, worker and scheduler under one parent that starts again what dies."""

import http.client
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import structlog

from core.lifeline import ALIVE, VARIABLE
from core.settings import Settings, names_a_server
from service.server import address_of

STOP_S = 8.0
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 10.0
_MOST_FALSE_STARTS = 5
_TICK_S = 0.1
_PROBE_S = 2.0

_log = structlog.get_logger(__name__)


@dataclass
class Part:
    """One process of the service, and the end of its lifeline that stays with us.

    `false_starts` counts the deaths in a row before the part said that it is alive.
    """

    name: str
    command: list[str]
    files: tuple[int, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None
    lifeline: socket.socket | None = None
    alive: bool = False
    false_starts: int = 0
    start_at: float = 0.0

    @property
    def pid(self) -> int:
        """The number of its process; 0 between two lives."""
        return self.process.pid if self.process else 0


def parts(listener: socket.socket) -> list[Part]:
    """The three processes; the web inherits the socket, so that nobody is refused while it
    is started again."""
    python = sys.executable
    number = listener.fileno()
    return [
        Part("web", [python, "-m", "service.cli", "web", "--fd", str(number)], (number,)),
        Part("worker", [python, "-m", "worker.app"]),
        Part("scheduler", [python, "-m", "worker.clock"]),
    ]


@dataclass
class Supervisor:
    """Keeps the parts running until SIGTERM, SIGINT or SIGHUP.

    `announce` is called once, with the base address, when all parts work for the first time.
    """

    listener: socket.socket
    settings: Settings
    environ: Mapping[str, str]
    ready_file: Path | None = None
    announce: Callable[[str], None] | None = None
    _parts: list[Part] = field(default_factory=list)
    _stopping: bool = False
    _announced: bool = False
    _told: tuple[int, ...] = ()

    def run(self) -> int:
        """Returns 0 after an orderly end, 1 if a part cannot be started at all."""
        self._parts = parts(self.listener)
        self._selector = selectors.DefaultSelector()
        self._forget_ready()
        before = self._take_signals()
        try:
            while not self._stopping:
                self._look()
                if self._is_hopeless():
                    return 1
                self._wait()
            return 0
        finally:
            self._stop_all()
            self._forget_ready()
            self._selector.close()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """End the parts and return from run()."""
        self._stopping = True

    def _take_signals(self) -> dict[signal.Signals, Any]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        numbers = [signal.SIGTERM, signal.SIGINT]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup wants us to live on
            numbers.append(signal.SIGHUP)
        return {number: signal.signal(number, stop) for number in numbers}

    def _look(self) -> None:
        now = time.monotonic()
        for part in self._parts:
            if part.process is not None and part.process.poll() is not None:
                self._bury(part, now)
            if part.process is None and now >= part.start_at and not self._stopping:
                self._start(part)
        if not self._stopping and all(part.alive for part in self._parts):
            self._tell_ready()

    def _wait(self) -> None:
        for key, _ in self._selector.select(_TICK_S):
            self._listen_to(key.data)

    def _start(self, part: Part) -> None:
        ours, theirs = socket.socketpair()
        number = theirs.fileno()
        part.process = subprocess.Popen(  # noqa: S603 (our own commands)
            part.command,
            env={**self.environ, VARIABLE: str(number)},
            stdin=subprocess.DEVNULL,
            pass_fds=(number, *part.files),
            process_group=0,  # Ctrl+C in a terminal is for us; we then tell the parts
        )
        theirs.close()
        ours.setblocking(False)
        part.lifeline = ours
        self._selector.register(ours, selectors.EVENT_READ, part)
        _log.info("started", process=part.name, pid=part.pid)

    def _listen_to(self, part: Part) -> None:
        if part.lifeline is None:
            return
        try:
            said = part.lifeline.recv(64)
        except OSError:
            said = b""
        if said.startswith(ALIVE):
            part.alive, part.false_starts = True, 0
        elif not said:  # it is ending; the next look buries it
            self._selector.unregister(part.lifeline)
            part.lifeline.close()
            part.lifeline = None

    def _bury(self, part: Part, now: float) -> None:
        """Note a death; the next start comes at once unless the part cannot even get up."""
        process = part.process
        if part.lifeline is not None:
            self._listen_to(part)
        if part.lifeline is not None:
            self._selector.unregister(part.lifeline)
            part.lifeline.close()
            part.lifeline = None
        part.false_starts = 0 if part.alive else part.false_starts + 1
        pause = min(_FIRST_PAUSE_S * 2**part.false_starts, _LONGEST_PAUSE_S)
        part.process, part.alive, part.start_at = None, False, now + pause
        code = process.returncode if process else None
        _log.warning("died", process=part.name, exit_code=code, again_in=pause)

    def _is_hopeless(self) -> bool:
        """Before all worked once, a part that dies again and again is a fault to be mended."""
        if self._announced:
            return False
        return any(part.false_starts >= _MOST_FALSE_STARTS for part in self._parts)

    def _tell_ready(self) -> None:
        pids = tuple(part.pid for part in self._parts)
        if pids == self._told or not _answers(address_of(self.listener)):
            return
        self._told = pids
        if self.ready_file is not None:
            _write_whole(self.ready_file, json.dumps(self._ready()))
        if not self._announced and self.announce is not None:
            self.announce(address_of(self.listener))
        self._announced = True
        _log.info("ready", **self._ready())

    def _ready(self) -> dict[str, object]:
        """The contract's ready file."""
        server = names_a_server(self.settings.database_url)
        return {
            "base_url": address_of(self.listener),
            "pids": {part.name: part.pid for part in self._parts},
            "database": "postgresql" if server else "sqlite",
            "broker": "redis" if self.settings.redis_url else "filesystem",
        }

    def _forget_ready(self) -> None:
        if self.ready_file is not None:
            self.ready_file.unlink(missing_ok=True)

    def _stop_all(self) -> None:
        running = [part for part in self._parts if part.process is not None]
        for part in running:
            _signal(part, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        for part in running:
            _end(part, deadline)
        for part in running:
            if part.lifeline is not None:
                part.lifeline.close()


def child_environment(environ: Mapping[str, str], listener: socket.socket) -> dict[str, str]:
    """The parts' environment: links begin with the listening address unless it names another."""
    named = dict(environ)
    if not named.get("TUZET_BASE_URL", "").strip():
        named["TUZET_BASE_URL"] = address_of(listener)
    return named


def _signal(part: Part, number: signal.Signals) -> None:
    if part.process is not None and part.process.poll() is None:
        part.process.send_signal(number)


def _end(part: Part, deadline: float) -> None:
    """Wait for the part's own end; past the deadline, end it. Its rows wait for the next start."""
    if part.process is None:
        return
    try:
        part.process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        _log.warning("killed", process=part.name, pid=part.pid)
        _signal(part, signal.SIGKILL)
        part.process.wait()


def _answers(address: str) -> bool:
    """Whether the web answers. It has said that it is alive, so this does not take long."""
    target = urlsplit(address)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=_PROBE_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _write_whole(path: Path, text: str) -> None:
    """Nobody ever reads half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)
