"""A worker's process hears the bell, and ends in good order."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from core.clock import utcnow
from core.db import Database
from core.ringing import QUEUE
from core.settings import Settings
from service.bell import BrokerBell
from tests import factories
from tests.servers.redis import RedisServer
from tests.servers.tuzet import until

HERE = "http://127.0.0.1:9"


@contextmanager
def _worker(folder: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker that listens, until the block ends."""
    log = folder / "worker.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TUZET_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.app"],
            env={**kept, "TUZET_DATA_DIR": str(folder), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: b"ready." in log.read_bytes(), 30, lambda: log.read_text("utf-8")[-2000:])
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(params=["redis", "filesystem"])
def broker(request: pytest.FixtureRequest) -> dict[str, str]:
    """What names the broker in the environment."""
    if request.param == "redis":
        return {"TUZET_REDIS_URL": request.getfixturevalue("redis_url")}
    return {}


@pytest.fixture
def environment(database_url: str, broker: dict[str, str]) -> dict[str, str]:
    return {"TUZET_DATABASE_URL": database_url, "TUZET_SECRET_KEY": "k" * 43, **broker}


def _settings(folder: Path, environment: dict[str, str]) -> Settings:
    return Settings.from_environment({"TUZET_DATA_DIR": str(folder), **environment})


def _newsroom(db: Database) -> None:
    """A site on this machine: its pages may not be asked for, so no name is ever looked up."""
    with db.write() as session:
        site = factories.make_site(session, utcnow(), url=HERE, origins=[HERE])
        factories.make_channel(session, utcnow(), site)


def _report(db: Database) -> None:
    factories.send(db, utcnow(), url=f"{HERE}/news", canonical_url=None)


def _mails(folder: Path) -> int:
    return len(list((folder / "mail").glob("*.eml")))


def test_a_report_is_sorted_and_mailed_when_the_bell_rings(
    db: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    _newsroom(db)
    bell = BrokerBell(_settings(tmp_path, environment))
    with _worker(tmp_path, **environment) as process:
        _report(db)
        bell.ring("tuzet.sort_reports")
        until(lambda: _mails(tmp_path) == 1, 15, lambda: "no mail")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_what_waited_before_the_worker_came_needs_no_bell(
    db: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    _newsroom(db)
    _report(db)
    with _worker(tmp_path, **environment):
        until(lambda: _mails(tmp_path) == 1, 15, lambda: "no mail")


def test_signals_that_nobody_heard_do_not_pile_up(
    sqlite_url: str, own_redis: RedisServer, tmp_path: Path
) -> None:
    environment = {"TUZET_DATABASE_URL": sqlite_url, "TUZET_REDIS_URL": own_redis.url}
    with redis.Redis.from_url(own_redis.url) as client:
        client.rpush(QUEUE, *["{}"] * 5000)  # not even signals
        with _worker(tmp_path, **environment):
            until(lambda: client.llen(QUEUE) == 0, 10, lambda: f"{client.llen(QUEUE)} left")


def test_a_worker_goes_on_after_its_broker_was_flushed(
    sqlite_url: str, own_redis: RedisServer, tmp_path: Path
) -> None:
    environment = {
        "TUZET_DATABASE_URL": sqlite_url,
        "TUZET_REDIS_URL": own_redis.url,
        "TUZET_SECRET_KEY": "k" * 43,
    }
    db = Database(sqlite_url)
    _newsroom(db)
    bell = BrokerBell(_settings(tmp_path, environment))
    with _worker(tmp_path, **environment):
        with redis.Redis.from_url(own_redis.url) as client:
            client.flushall()
        _report(db)
        bell.ring("tuzet.sort_reports")
        until(lambda: _mails(tmp_path) == 1, 15, lambda: "no mail")
    db.close()
