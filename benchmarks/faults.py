"""The faults of tests/faults, as often as it takes to believe in them.

`python -m benchmarks.faults [--rounds 20] [--only NAME]` starts installations of its own on
loopback, breaks them, and prints what it measured; last one JSON object. Needs what the tests
need (`make setup`). A promise that is not kept ends it with an AssertionError.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psycopg

from tests.faults import brokers, scenarios
from tests.faults.newsroom import Newsroom, newsroom
from tests.servers import postgresql, redis
from tests.servers.mail import mail_sink

REPORTS = 200
KILLS, REPORTS_UNDER_KILLS = 20, 1000


@contextmanager
def _desk(**servers: str) -> Iterator[tuple[Newsroom, Path]]:
    with tempfile.TemporaryDirectory(prefix="tuzet-faults-") as name, mail_sink() as mail:
        folder = Path(name)
        with newsroom(folder, mail, **servers) as desk:
            yield desk, folder


@contextmanager
def _real_servers() -> Iterator[dict[str, str]]:
    """A Redis and an empty database on a PostgreSQL of our own."""
    with postgresql.cluster() as url, redis.server() as broker:
        plain = url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("CREATE DATABASE faults")
        database = url.rpartition("/")[0] + "/faults"
        yield {"TUZET_DATABASE_URL": database, "TUZET_REDIS_URL": broker.url}


def dead_broker(_number: int) -> dict[str, object]:
    """A killed Redis that comes back empty."""
    broker = brokers.Mortal()
    try:
        with _desk(TUZET_REDIS_URL=broker.url) as (desk, _):
            return asdict(scenarios.report_through(desk, broker.dead(), REPORTS))
    finally:
        broker.close()


def hung_broker(_number: int) -> dict[str, object]:
    """A Redis under SIGSTOP."""
    with redis.server() as broker, _desk(TUZET_REDIS_URL=broker.url) as (desk, _):
        return asdict(scenarios.report_through(desk, brokers.hung(broker), REPORTS))


def flushed_broker(_number: int) -> dict[str, object]:
    """A Redis under FLUSHALL."""
    with redis.server() as broker, _desk(TUZET_REDIS_URL=broker.url) as (desk, _):
        return asdict(scenarios.report_through(desk, brokers.flushed(broker), REPORTS))


def swept_broker(_number: int) -> dict[str, object]:
    """The embedded broker's folder removed."""
    with _desk() as (desk, folder):
        fault = brokers.swept_away(folder / "data" / "broker")
        return asdict(scenarios.report_through(desk, fault, REPORTS))


def kills_embedded(number: int) -> dict[str, object]:
    """Web and worker killed at random, on the embedded default."""
    with _desk() as (desk, _):
        chance = random.Random(number)
        return asdict(scenarios.kill_at_random(desk, KILLS, REPORTS_UNDER_KILLS, chance))


def kills_on_servers(number: int) -> dict[str, object]:
    """Web and worker killed at random, on PostgreSQL and Redis."""
    with _real_servers() as servers, _desk(**servers) as (desk, _):
        chance = random.Random(number)
        return asdict(scenarios.kill_at_random(desk, KILLS, REPORTS_UNDER_KILLS, chance))


def one_moment_embedded(number: int) -> dict[str, object]:
    """Sixteen identical reports at once, on the embedded default."""
    with _desk() as (desk, _):
        scenarios.report_at_once(desk, f"page-{number}")
        return {"cases": desk.cases(), "mails": len(desk.mail.messages)}


def one_moment_on_servers(number: int) -> dict[str, object]:
    """Sixteen identical reports at once, on PostgreSQL and Redis."""
    with _real_servers() as servers, _desk(**servers) as (desk, _):
        scenarios.report_at_once(desk, f"page-{number}")
        return {"cases": desk.cases(), "mails": len(desk.mail.messages)}


SCENARIOS: dict[str, Callable[[int], dict[str, object]]] = {
    do.__name__: do
    for do in (
        dead_broker,
        hung_broker,
        flushed_broker,
        swept_broker,
        kills_embedded,
        kills_on_servers,
        one_moment_embedded,
        one_moment_on_servers,
    )
}


def main() -> int:
    """Run the scenarios; prints a line a round on standard error, the figures at the end."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", choices=sorted(SCENARIOS), action="append")
    wanted = parser.parse_args()
    figures: dict[str, list[dict[str, object]]] = {}
    for name in wanted.only or SCENARIOS:
        for number in range(wanted.rounds):
            outcome = SCENARIOS[name](number)
            figures.setdefault(name, []).append(outcome)
            print(f"{name} {number + 1}/{wanted.rounds}: {outcome}", file=sys.stderr, flush=True)
    print(json.dumps({name: _summary(rounds) for name, rounds in figures.items()}))
    return 0


def _summary(rounds: list[dict[str, object]]) -> dict[str, object]:
    """How many rounds held, and the worst of each figure."""
    worst = {key: max(float(str(one[key])) for one in rounds) for key in rounds[0]}
    return {"rounds": len(rounds), **{f"worst_{key}": value for key, value in worst.items()}}


if __name__ == "__main__":
    sys.exit(main())
