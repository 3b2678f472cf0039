"""A PostgreSQL that is frozen, or behind a cut cable, answers nothing and refuses nothing.

No setting of libpq ends such a wait: the kernel on the other side still acknowledges. So every
wait of a connection has an end of its own here; after it the connection is thrown away, and what
was asked counts as not answered.
"""

import time
from collections.abc import Callable, Generator
from typing import Any

import psycopg
from psycopg import OperationalError


def patient_connection(seconds: float) -> type["psycopg.Connection[Any]"]:
    """A kind of connection that waits at most so long for each answer, then raises
    OperationalError and is closed."""

    class Patient(psycopg.Connection[Any]):
        def wait(
            self,
            gen: Generator[Any, Any, Any],
            *args: Any,
            **kwargs: Any,
        ) -> Any:
            bounded = _until(gen, time.monotonic() + seconds, self.pgconn.finish)
            return super().wait(bounded, *args, **kwargs)

    return Patient


def _until(
    steps: Generator[Any, Any, Any], deadline: float, give_up: Callable[[], None]
) -> Generator[Any, Any, Any]:
    """The same steps, with a look at the clock whenever psycopg wakes up without an answer."""
    try:
        state = next(steps)
        while True:
            ready = yield state
            if not ready and time.monotonic() > deadline:
                give_up()
                raise OperationalError("the database has not answered in time")
            state = steps.send(ready)
    except StopIteration as done:
        return done.value
