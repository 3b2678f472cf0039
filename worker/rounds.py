"""A signal says "look now"; a look that is under way already need not be begun again."""

from collections.abc import Callable
from threading import Lock


class Rounds:
    """Runs a piece of work in at most `limit` threads at once.

    Whoever comes while all are busy leaves a note instead of waiting, and the work is done once
    more after the present round: what was committed before the note is seen by that round. So a
    thousand signals cost little, and none goes unheard.
    """

    def __init__(self, work: Callable[[], None], limit: int = 1) -> None:
        self._work = work
        self._limit = limit
        self._lock = Lock()
        self._running = 0
        self._noted = False

    def ask(self) -> None:
        """Do the work, or have it done again by whoever does it now."""
        with self._lock:
            if self._running >= self._limit:
                self._noted = True
                return
            self._running += 1
        try:
            while True:
                self._work()
                if self._leave():
                    return
        except BaseException:
            with self._lock:
                self._running -= 1
            raise

    def _leave(self) -> bool:
        with self._lock:
            if self._noted:
                self._noted = False
                return False
            self._running -= 1
            return True
