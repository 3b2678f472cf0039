"""Ways in which a broker fails, each for the length of a block."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import redis

from tests.servers.redis import RedisServer, server


class Mortal:
    """A Redis that may be killed and comes back empty on the same port."""

    def __init__(self) -> None:
        self._life = ExitStack()
        self.url = self._life.enter_context(server()).url

    @contextmanager
    def dead(self) -> Iterator[None]:
        """Nobody listens on its port."""
        self._life.close()
        try:
            yield
        finally:
            self._life.enter_context(server(urlsplit(self.url).port))

    def close(self) -> None:
        """End it for good."""
        self._life.close()


@contextmanager
def hung(broker: RedisServer) -> Iterator[None]:
    """It takes connections and says nothing."""
    assert broker.pid is not None
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(broker.pid, signal.SIGCONT)


@contextmanager
def flushed(broker: RedisServer) -> Iterator[None]:
    """It forgets everything, at the beginning and at the end."""
    with redis.Redis.from_url(broker.url) as client:
        client.flushall()
        yield
        client.flushall()


@contextmanager
def swept_away(folder: Path) -> Iterator[None]:
    """The embedded broker's folder is removed, at the beginning and at the end."""
    shutil.rmtree(folder)
    yield
    shutil.rmtree(folder, ignore_errors=True)
