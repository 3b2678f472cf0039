"""What workers do when the bell rings: each task one call into core, safe to run twice."""

from collections.abc import Callable
from threading import Event

import structlog
from celery import Celery
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core import elsewhere
from core.clock import utcnow
from core.cms import make_caller
from core.db import Database, is_away
from core.delivery import deliver_due
from core.looking import Looker
from core.net import Fetch, Render
from core.readermail import thank_due
from core.settings import Settings
from core.signals import DELIVER, READ, SORT, THANK
from core.sorting import sort_due
from core.verification import ask_due, check_due
from worker.rounds import Rounds

POSTMEN = 3
READERS = 3
_log = structlog.get_logger(__name__)


class Tasks:
    """The tasks of one worker process.

    Sorting has one thread: two would wait for one another's locks. Post has a few, so that one
    receiver that hangs does not hold up all the mail, and so has the reading of pages. Without
    `fetch` no page is read.
    """

    def __init__(
        self,
        db: Database,
        settings: Settings,
        ring: Callable[[str], None],
        looker: Looker | None,
        fetch: Fetch | None = None,
        render: Render | None = None,
    ) -> None:
        self._db = db
        self._settings = settings
        self._looker = looker
        self._fetch = fetch
        self._render = render
        self._caller = make_caller(settings)
        self._ring = ring
        self._stopping = Event()
        self._sorting = Rounds(self._sort)
        self._delivering = Rounds(self._deliver, POSTMEN)
        self._reading = Rounds(self._read, READERS)
        self._thanking = Rounds(self._thank)

    def register(self, app: Celery) -> None:
        """Make the tasks known under the names that the bell rings."""
        app.task(name=SORT, shared=False)(self.sort_reports)
        app.task(name=DELIVER, shared=False)(self.deliver_due)
        app.task(name=READ, shared=False)(self.read_pages)
        app.task(name=THANK, shared=False)(self.thank_readers)

    def stop(self) -> None:
        """Finish the row at hand and begin no other."""
        self._stopping.set()

    def sort_reports(self) -> None:
        """Sort what has come in, and ring for the messages that are owed because of it."""
        self._if_database_is_there(self._sorting)

    def deliver_due(self) -> None:
        """Send the messages that are due."""
        self._if_database_is_there(self._delivering)

    def read_pages(self) -> None:
        """Read the pages that are due, and ring for the messages that are owed because of it."""
        self._if_database_is_there(self._reading)

    def thank_readers(self) -> None:
        """Tell readers what became of their reports."""
        self._if_database_is_there(self._thanking)

    def _sort(self) -> None:
        if sort_due(self._db, self._settings, utcnow, self._looker).deliveries:
            self._ring(DELIVER)

    def _deliver(self) -> None:
        while not self._stopping.is_set():
            done = deliver_due(self._db, self._settings, utcnow, most=1)
            if done.sent + done.failed == 0:
                return

    def _read(self) -> None:
        if self._fetch is None:
            return
        stopping = self._stopping.is_set
        done = check_due(
            self._db,
            self._settings,
            self._fetch,
            utcnow,
            stopping=stopping,
            render=self._render,
        )
        if done.deliveries:
            self._ring(DELIVER)
        elsewhere.look_due(self._db, self._settings, self._fetch, utcnow, stopping=stopping)
        if ask_due(self._db, self._settings, self._caller, utcnow, stopping=stopping):
            self._ring(DELIVER)

    def _thank(self) -> None:
        while not self._stopping.is_set():
            if not thank_due(self._db, self._settings, utcnow, most=1):
                return

    def _if_database_is_there(self, rounds: Rounds) -> None:
        try:
            rounds.ask()
        except PoolTimeout as fault:
            _log.warning("database away", fault=str(fault))
        except DBAPIError as fault:
            if not is_away(fault):
                raise
            _log.warning("database away", fault=str(fault.orig))
