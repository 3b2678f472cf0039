"""How a signal reaches the workers without anyone waiting for it.

The rows are the truth and a sweep looks at them anyway, so a signal may be late or lost; it may
never hold up the one who rings. What the rooms must agree on to hear one another (queue, address,
form of a message) is here too, as plain data.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import Any

import structlog

from core.settings import Settings

QUEUE = "tuzet"
FOLDER_POLL_S = 0.1
_PATIENCE_S = 0.5
_LISTENING_PATIENCE_S = 20
_GAP_S = 0.05
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 4.0

_log = structlog.get_logger(__name__)


def wire(settings: Settings, *, listening: bool) -> dict[str, Any]:
    """What both rooms tell their Celery about the broker; keys are Celery's setting names.

    One that rings gives up on a broker that does not answer after half a second; one that
    listens waits longer than a blocking read takes.
    """
    patience = _LISTENING_PATIENCE_S if listening else _PATIENCE_S
    common = {
        "task_default_queue": QUEUE,
        "task_create_missing_queues": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_publish_retry": False,
        "broker_connection_timeout": patience,
        "broker_pool_limit": 1,
        "worker_enable_remote_control": False,
    }
    if settings.redis_url:
        return common | {
            "broker_url": settings.redis_url,
            "broker_transport_options": _redis_options(patience),
        }
    return common | {
        "broker_url": "filesystem://localhost",
        "broker_transport_options": _folder_options(settings.broker_folder),
    }


def prepare_folder(settings: Settings) -> None:
    """Make the folder of the embedded broker; OSError if that cannot be."""
    if settings.redis_url is None:
        (settings.broker_folder / "signals").mkdir(parents=True, exist_ok=True)


def _redis_options(patience: float) -> dict[str, Any]:
    return {
        "socket_timeout": patience,
        "socket_connect_timeout": _PATIENCE_S,
        "socket_keepalive": True,
        # kombu would try three times to connect before it says that it cannot.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
        # The default looks for abandoned messages every 100 s.
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        # Another Celery may live in the same Redis database.
        "unacked_key": f"{QUEUE}.unacked",
        "unacked_index_key": f"{QUEUE}.unacked_index",
        "unacked_mutex_key": f"{QUEUE}.unacked_mutex",
    }


def _folder_options(folder: Path) -> dict[str, Any]:
    signals = str(folder / "signals")
    return {
        "data_folder_in": signals,
        "data_folder_out": signals,
        "control_folder": str(folder / "control"),
        "polling_interval": FOLDER_POLL_S,
    }


@dataclass(frozen=True)
class Tally:
    """What a ringer has done so far, for the metrics. `away`: the broker did not answer last."""

    rung: int
    published: int
    failed: int
    away: bool


class Ringer:
    """Publishes signals from a thread of its own; equal ones that wait become one.

    `publish` hands one signal to the broker and may raise one of `failures`. After a failure the
    ringer pauses, longer each time up to 4 s, keeps what is still to say, and tries again: the
    one who rings notices nothing, and a broker that is back hears about it soon. An outage is
    logged when it begins and when it ends.
    """

    _thread: Thread | None

    def __init__(
        self, publish: Callable[[str], None], failures: tuple[type[Exception], ...]
    ) -> None:
        self._publish = publish
        self._failures = failures
        self._begin()
        self._rung = self._published = self._failed = 0
        self._pause = 0.0

    def ring(self, signal: str) -> None:
        """Note that `signal` is to be published, and return at once."""
        if self._process != os.getpid():
            self._begin()  # a fork has copied the note-book, but no thread
        with self._changed:
            self._rung += 1
            self._wanted[signal] = None
            self._changed.notify_all()
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()

    def drain(self, seconds: float) -> bool:
        """Wait until all is published, at most so long; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._wanted and not self._saying, seconds)

    def tally(self) -> Tally:
        """What happened so far."""
        with self._changed:
            return Tally(self._rung, self._published, self._failed, away=self._pause > 0)

    def _begin(self) -> None:
        self._process = os.getpid()
        self._changed = Condition()
        self._wanted: dict[str, None] = {}
        self._saying = False
        self._thread = None

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted)
                signal = next(iter(self._wanted))
            self._say(signal)
            # Whoever rings again meanwhile only sets the flag, so a flood of reports becomes a
            # few signals a second.
            time.sleep(self._pause or _GAP_S)

    def _say(self, signal: str) -> None:
        # The flag falls before the publishing: what is committed while we publish rings anew.
        with self._changed:
            del self._wanted[signal]
            self._saying = True
        try:
            self._publish(signal)
        except self._failures as fault:
            self._note_failure(signal, fault)
        else:
            self._note_success()

    def _note_failure(self, signal: str, fault: Exception) -> None:
        with self._changed:
            self._failed += 1
            self._saying = False
            self._wanted.setdefault(signal)
            began = self._pause == 0
            self._pause = min(_LONGEST_PAUSE_S, self._pause * 2) or _FIRST_PAUSE_S
        if began:
            _log.warning("broker away", fault=str(fault), kind=type(fault).__name__)

    def _note_success(self) -> None:
        with self._changed:
            self._published += 1
            self._saying = False
            ended, self._pause = self._pause > 0, 0.0
            self._changed.notify_all()
        if ended:
            _log.info("broker back")
