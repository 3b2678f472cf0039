"""The Celery application and its process: `tuzet worker`, or `python -m worker.app`."""

import os
import signal
import socket
import sys
import warnings
from threading import Timer
from typing import Any

import redis
from celery import Celery, signals
from celery.platforms import SecurityWarning
from kombu.exceptions import KombuError

from core import logs
from core.db import Database
from core.errors import SettingsError
from core.lifeline import Lifeline
from core.ringing import QUEUE, Ringer, prepare_folder, wire
from core.settings import Settings
from core.signals import ALL
from worker.outside import make_looker, make_reader, make_renderer
from worker.tasks import POSTMEN, READERS, Tasks

_SORTERS = 1
_THANKS = 1
_SPARE = 1  # takes the signals that only leave a note
_READY_ANYWAY_S = 5
_LAST_RESORT_S = 8
BROKER_FAILURES = (KombuError, redis.RedisError, OSError)


def make_app(settings: Settings) -> Celery:
    """A Celery application that listens. Threads, so that a killed worker leaves no children."""
    app = Celery("tuzet", set_as_current=False)
    app.conf.update(wire(settings, listening=True))
    if settings.redis_url is None:
        app.conf.update(broker_transport="worker.broker:Transport")
    app.conf.update(
        worker_pool="threads",
        worker_concurrency=_SORTERS + POSTMEN + READERS + _THANKS + _SPARE,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_send_task_events=False,
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
    )
    return app


def make_ringer(settings: Settings) -> Ringer:
    """A bell of the worker's own side, which nobody waits for either."""
    app = Celery("tuzet", set_as_current=False)
    app.conf.update(wire(settings, listening=False))

    def publish(name: str) -> None:
        prepare_folder(settings)
        app.send_task(name)

    return Ringer(publish, BROKER_FAILURES)


def run(settings: Settings, lifeline: Lifeline) -> int:
    """Work until SIGTERM, which lets the row at hand be finished. Returns the exit code."""
    prepare_folder(settings)
    db = Database(settings.database_url)
    app = make_app(settings)
    ringer = make_ringer(settings)
    reader = make_reader(settings, db)
    renderer = make_renderer(settings)
    tasks = Tasks(db, settings, ringer.ring, make_looker(settings), reader, renderer)
    tasks.register(app)
    _forget_old_signals(settings)
    for name in ALL:
        ringer.ring(name)
    ready_anyway = _say_when_ready(lifeline)
    listeners = _listen_to_shutdown(tasks)
    lifeline.when_cut(_end)
    warnings.simplefilter("ignore", SecurityWarning)  # root: with JSON only, no signal runs code
    worker = app.Worker(
        hostname=f"worker-{os.getpid()}@{socket.gethostname()}",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    ready_anyway.cancel()
    listeners.clear()
    db.close()
    return int(worker.exitcode or 0)


def _forget_old_signals(settings: Settings) -> None:
    """A worker looks as it starts, so what was rung while none was there says nothing new."""
    app = Celery("tuzet", set_as_current=False)
    app.conf.update(wire(settings, listening=False))
    try:
        with app.connection_for_write() as connection:
            app.amqp.queues[QUEUE](connection.default_channel).purge()
    except BROKER_FAILURES:
        return  # the broker is away; what it may bring later only says "look now"


def _say_when_ready(lifeline: Lifeline) -> Timer:
    """Alive means listening; but without a broker the worker is as ready as it can be."""

    def say(**_: Any) -> None:
        lifeline.say_alive()

    signals.worker_ready.connect(say, weak=False)
    timer = Timer(_READY_ANYWAY_S, lifeline.say_alive)
    timer.daemon = True
    timer.start()
    return timer


def _listen_to_shutdown(tasks: Tasks) -> list[Any]:
    def stop(**_: Any) -> None:
        tasks.stop()

    def leave_logging_alone(**_: Any) -> None:
        """A receiver is all it takes for Celery to keep its hands off."""

    signals.worker_shutting_down.connect(stop)
    signals.setup_logging.connect(leave_logging_alone)
    return [stop, leave_logging_alone]


def _end() -> None:
    """The supervisor is gone: finish like on SIGTERM, and be gone in any case soon."""
    last_resort = Timer(_LAST_RESORT_S, os._exit, [1])
    last_resort.daemon = True
    last_resort.start()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    """The process of one worker."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as fault:
        sys.stderr.write("".join(f"tuzet: {problem}\n" for problem in fault.problems))
        return 2
    logs.configure("worker", [settings.secret_key])
    return run(settings, Lifeline(os.environ))


if __name__ == "__main__":
    sys.exit(main())
