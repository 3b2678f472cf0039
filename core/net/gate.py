"""Politeness: no host is asked more often than once every few seconds."""

import threading
from typing import Protocol


class Gate(Protocol):
    """Gives out turns. A variant that several processes share keeps them in the database."""

    def book(self, host: str, now: float, patience: float) -> float:
        """Take the next turn at a host.

        Returns the seconds from `now` (a monotonic clock) until the turn; 0 means at once. If that
        is more than `patience`, nothing was taken: come back later.
        """
        ...


class HostGate:
    """Turns within one process, safe between its threads."""

    def __init__(self, interval: float = 3.0) -> None:
        """`interval`: seconds between the beginnings of two requests to one host."""
        self._interval = interval
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def book(self, host: str, now: float, patience: float) -> float:
        """See `Gate`. Those who wait are served in the order in which they came."""
        with self._lock:
            turn = max(now, self._free_at.get(host, now))
            if turn - now <= patience:
                self._free_at[host] = turn + self._interval
                self._forget_past(now)
            return turn - now

    def _forget_past(self, now: float) -> None:
        # Seldom enough to cost nothing, often enough that the table stays small.
        if len(self._free_at) > 1024:
            self._free_at = {host: free for host, free in self._free_at.items() if free > now}
