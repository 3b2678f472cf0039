"""A quick look at the pages of a batch before it is sorted, and no longer than a reader waits."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from core.net import Fetch, Limits
from core.readings import Reading, Wanted, read
from core.text.urls import host_of

GLANCE = Limits(total_seconds=1.5, connect_seconds=1.0, patience=0.0)
BUDGET = timedelta(seconds=3)  # for the pages of one batch together
AWAY = timedelta(minutes=1)


class Looker:
    """Reads pages for sorting; one for a process.

    A report is better placed with the page's text at hand, but it can be placed without: a server
    that is slow, away or asked too often costs a batch a second or two, is then left alone for a
    minute, and the batch is sorted from quotes and contexts.
    """

    def __init__(self, fetch: Fetch, limits: Limits = GLANCE) -> None:
        self._fetch = fetch
        self._limits = limits
        self._away_until: dict[str, datetime] = {}

    def look(self, pages: Sequence[Wanted], clock: Callable[[], datetime]) -> list[Reading]:
        """Read as many of the pages as time allows."""
        started = clock()
        readings = []
        for page in pages:
            now = clock()
            if now - started > BUDGET:
                break
            if self._is_away(page, now):
                continue
            reading = read(self._fetch, page, self._limits, now)
            if reading.fault is not None and not reading.passing:
                self._away_until[host_of(page.url) or ""] = clock() + AWAY
            if not reading.passing:
                readings.append(reading)
        return readings

    def _is_away(self, page: Wanted, now: datetime) -> bool:
        until = self._away_until.get(host_of(page.url) or "")
        return until is not None and until > now
