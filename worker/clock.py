"""The scheduler: `tuzet scheduler`, or `python -m worker.clock`.

A loop of its own and not Celery's beat, which hangs with a broker that hangs. Two at once, on two
machines, are harmless: every duty is safe to run twice.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Timer

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core import elsewhere, logs, readermail, reminders, summaries, upkeep, verification
from core.clock import utcnow
from core.db import Database, is_away
from core.delivery import deliver_due
from core.errors import SettingsError
from core.lifeline import Lifeline
from core.looking import Looker
from core.net import Fetch
from core.queries import Due, longest_due
from core.ringing import Ringer
from core.settings import Settings
from core.signals import DELIVER, READ, SORT, THANK
from core.sorting import sort_due
from worker.app import make_ringer
from worker.outside import make_looker, make_reader

UNHEARD = timedelta(seconds=5)
_EVERY = timedelta(seconds=1)
_REMIND_EVERY = timedelta(minutes=1)
_FORGET_EVERY = timedelta(hours=1)
_LAST_RESORT_S = 8
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Duty:
    """Something to do again and again. Each has a thread, so that a slow one delays no other."""

    name: str
    every: timedelta
    do: Callable[[], None]


def duties(
    db: Database,
    settings: Settings,
    ringer: Ringer,
    looker: Looker | None,
    fetch: Fetch | None = None,
) -> tuple[Duty, ...]:
    """The table of all that happens by the clock."""

    def due() -> Due:
        with db.read() as session:
            return longest_due(session, utcnow())

    def ring() -> None:
        waiting = due()
        if waiting.report is not None:
            ringer.ring(SORT)
        if waiting.delivery is not None:
            ringer.ring(DELIVER)

    def sort_unheard() -> None:
        if _is_unheard(due().report) and sort_due(db, settings, utcnow, looker).deliveries:
            ringer.ring(DELIVER)

    def deliver_unheard() -> None:
        if _is_unheard(due().delivery):
            deliver_due(db, settings, utcnow, most=20)

    return (
        *_for_pages(db, settings, ringer, fetch),
        *_for_readers(db, settings, ringer),
        *_for_editors(db, settings),
        _forgetting(db, settings),
        Duty("ring", _EVERY, ring),
        Duty("sort what no worker took up", _EVERY, sort_unheard),
        Duty("deliver what no worker took up", _EVERY, deliver_unheard),
    )


def _for_pages(
    db: Database, settings: Settings, ringer: Ringer, fetch: Fetch | None
) -> tuple[Duty, ...]:
    """Pages are read for their cases when their time and their hosts' turns have come."""

    def call() -> None:
        with db.read() as session:
            now = utcnow()
            has_turn = verification.has_turn(session, now) or elsewhere.is_due(session, now)
        if has_turn:
            ringer.ring(READ)

    def read_unheard() -> None:
        now = utcnow()
        with db.read() as session:
            is_unheard = verification.has_turn(session, now - UNHEARD)
            is_heard = verification.is_somebody_reading(session, now)
        if fetch is not None and is_unheard and not is_heard:
            verification.check_due(db, settings, fetch, utcnow, most=5)

    return (
        Duty("call for pages", _EVERY, call),
        Duty("read pages that no worker took up", UNHEARD, read_unheard),
    )


def _for_editors(db: Database, settings: Settings) -> tuple[Duty, ...]:
    """What waits too long is brought back, and goes on to the next person; weeks are summed up."""

    def remind() -> None:
        reminders.remind_due(db, settings, utcnow())

    def sum_up() -> None:
        summaries.sum_up_due(db, settings, utcnow())

    every = max(_EVERY, settings.scaled(_REMIND_EVERY))
    return (Duty("remind editors", every, remind), Duty("sum up the week", every, sum_up))


def _for_readers(db: Database, settings: Settings, ringer: Ringer) -> tuple[Duty, ...]:
    """Readers hear what became of their reports, once a day at most."""

    def waiting() -> timedelta | None:
        with db.read() as session:
            return readermail.longest_due(session, utcnow())

    def call() -> None:
        if waiting() is not None:
            ringer.ring(THANK)

    def thank_unheard() -> None:
        if _is_unheard(waiting()):
            readermail.thank_due(db, settings, utcnow, most=20)

    return (
        Duty("call for thanks", _EVERY, call),
        Duty("thank readers whom no worker thanked", UNHEARD, thank_unheard),
    )


def _forgetting(db: Database, settings: Settings) -> Duty:
    """What the sites want forgotten goes when its days are over."""

    def forget() -> None:
        done = upkeep.forget_due(db, settings.mail_folder, utcnow)
        if done.readers or done.words:
            _log.info("forgotten", readers=done.readers, words=done.words)

    return Duty("forget what is old", max(_EVERY, settings.scaled(_FORGET_EVERY)), forget)


def _is_unheard(waiting: timedelta | None) -> bool:
    """Whether a row has been due for so long that its bell was not heard: no broker, no worker."""
    return waiting is not None and waiting >= UNHEARD


class Clock:
    """Does every duty at its interval until it is stopped."""

    def __init__(self, table: Sequence[Duty]) -> None:
        self._table = table
        self._stopping = Event()

    def stop(self) -> None:
        """Finish what is under way and begin nothing new."""
        self._stopping.set()

    def run(self) -> None:
        """Returns after stop(). An exception of a duty other than an absent database ends it."""
        with ThreadPoolExecutor(len(self._table)) as threads:
            running = [threads.submit(self._repeat, duty) for duty in self._table]
            ended = wait(running, return_when=FIRST_EXCEPTION).done
            self.stop()
        for future in ended:
            future.result()

    def _repeat(self, duty: Duty) -> None:
        away = False
        while not self._stopping.is_set():
            fault = _attempt(duty)
            if (fault is not None) != away:
                away = fault is not None
                _log.warning("database away" if away else "database back", duty=duty.name)
            self._stopping.wait(duty.every.total_seconds())


def _attempt(duty: Duty) -> Exception | None:
    """Do it once; the exception if the database is away, for then there will be a next time."""
    try:
        duty.do()
    except PoolTimeout as fault:
        return fault
    except DBAPIError as fault:
        if not is_away(fault):
            raise
        return fault
    return None


def main() -> int:
    """The scheduler's process: until SIGTERM or SIGINT."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as fault:
        sys.stderr.write("".join(f"tuzet: {problem}\n" for problem in fault.problems))
        return 2
    logs.configure("scheduler", [settings.secret_key])
    db = Database(settings.database_url)
    looker, reader = make_looker(settings), make_reader(settings, db)
    clock = Clock(duties(db, settings, make_ringer(settings), looker, reader))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: clock.stop())
    lifeline = Lifeline(os.environ)
    lifeline.when_cut(lambda: _end(clock))
    lifeline.say_alive()
    clock.run()
    db.close()
    return 0


def _end(clock: Clock) -> None:
    last_resort = Timer(_LAST_RESORT_S, os._exit, [1])
    last_resort.daemon = True
    last_resort.start()
    clock.stop()


if __name__ == "__main__":
    sys.exit(main())
