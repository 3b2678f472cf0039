"""The embedded broker's folder: each signal is taken once, also while it is being written."""

import fcntl
import importlib
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from core.ringing import QUEUE, prepare_folder, wire
from core.settings import Settings
from tests.factories import make_settings

kombu: Any = importlib.import_module("kombu")  # its own hints are half a truth


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = make_settings(tmp_path)
    prepare_folder(settings)
    return settings


@pytest.fixture
def connection(settings: Settings) -> Iterator[Any]:
    options = wire(settings, listening=True)["broker_transport_options"]
    with kombu.Connection(transport="worker.broker:Transport", transport_options=options) as opened:
        yield opened


def _put(connection: Any, *bodies: str) -> None:
    with connection.channel() as channel:
        kombu.Queue(QUEUE, channel=channel).declare()
        for body in bodies:
            kombu.Producer(channel).publish(body, routing_key=QUEUE, exchange="")


def _taken(connection: Any) -> list[Any]:
    taken: list[Any] = []
    consumer = kombu.Consumer(
        connection, [kombu.Queue(QUEUE)], callbacks=[lambda body, _message: taken.append(body)]
    )
    consumer.no_ack = True
    with consumer:
        try:
            while True:
                connection.drain_events(timeout=0.2)
        except TimeoutError:
            return taken


def _files(settings: Settings) -> list[Path]:
    return sorted((settings.broker_folder / "signals").iterdir())


def test_each_signal_comes_once(connection: Any, settings: Settings) -> None:
    _put(connection, "one", "two")
    assert sorted(_taken(connection)) == ["one", "two"]
    assert _files(settings) == []


def test_a_signal_that_is_being_written_is_waited_for(connection: Any, settings: Settings) -> None:
    _put(connection, "slow")
    (path,) = _files(settings)
    text = path.read_bytes()
    taken: list[Any] = []
    with path.open("wb") as writer:
        fcntl.flock(writer.fileno(), fcntl.LOCK_EX)
        reading = Thread(target=lambda: taken.extend(_taken(connection)))
        reading.start()
        while path.exists():
            continue  # until the reader has taken the file away
        writer.write(text)
        writer.flush()
    reading.join(10)
    assert taken == ["slow"]


def test_a_signal_whose_writer_died_harms_nobody(connection: Any, settings: Settings) -> None:
    _put(connection, "broken")
    (broken,) = _files(settings)
    broken.write_bytes(b"")
    _put(connection, "whole")
    assert _taken(connection) == ["whole"]
    assert _files(settings) == []


def test_two_readers_never_take_one_signal_twice(connection: Any, settings: Settings) -> None:
    bodies = [str(number) for number in range(50)]
    _put(connection, *bodies)
    taken: list[Any] = []
    other = connection.clone()
    reading = Thread(target=lambda: taken.extend(_taken(other)))
    reading.start()
    mine = _taken(connection)
    reading.join(30)
    other.release()
    assert sorted(taken + mine) == sorted(bodies)
