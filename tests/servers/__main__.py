"""`python -m tests.servers check`: exit 1 and a line each for the servers that are missing."""

import os
import sys
from collections.abc import Callable

from tests.servers import Missing, postgresql, redis


def check() -> int:
    """Look for a PostgreSQL and a Redis without starting either."""
    wanted: list[tuple[str, Callable[[], object]]] = [
        (postgresql.VARIABLE, postgresql.programs),
        (redis.VARIABLE, redis.program),
    ]
    outcome = 0
    for variable, find in wanted:
        if os.environ.get(variable):
            continue
        try:
            find()
        except Missing as missing:
            sys.stderr.write(f"{missing}\n")
            outcome = 1
    return outcome


if __name__ == "__main__":
    sys.exit(check())
