"""`tuzet up` keeps three processes alive, says when they are ready, and leaves none behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service import supervisor
from service.server import listen
from service.supervisor import child_environment
from tests.factories import make_settings
from tests.servers.processes import free_port
from tests.servers.tuzet import Installation, Running, until

PARTS = {"web", "worker", "scheduler"}


def _embedded(folder: Path, **more: str) -> Installation:
    return Installation({"TUZET_DATA_DIR": str(folder / "data"), **more})


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# Tests that look at one installation run in one process, so that it is started once.
with_the_same = pytest.mark.xdist_group("up")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One that several tests look at, and mend if they break it."""
    folder = tmp_path_factory.mktemp("up")
    with _embedded(folder).up(folder) as running:
        yield running


def _ask(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return int(answer.status)


def _restarted(running: Running, part: str) -> dict[str, int]:
    """Kill a part, and wait until the ready file tells of its next life."""
    before = running.pids
    os.kill(before[part], signal.SIGKILL)
    until(lambda: running.pids[part] != before[part], 20, running.explain)
    return running.pids


@with_the_same
def test_the_ready_file_says_all_that_is_promised(up: Running) -> None:
    facts = up.facts()
    assert facts.keys() == {"base_url", "pids", "database", "broker"}
    assert facts["pids"].keys() == PARTS
    assert all(_is_running(pid) for pid in facts["pids"].values())
    assert facts["database"] == "sqlite"
    assert facts["broker"] == "filesystem"
    assert _ask(facts["base_url"] + "/readyz") == 200


def test_on_real_servers_an_empty_database_is_migrated_first(
    tmp_path: Path, postgresql_url: str, redis_url: str
) -> None:
    plain = postgresql_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    installation = _embedded(
        tmp_path,
        TUZET_DATABASE_URL=postgresql_url,
        TUZET_REDIS_URL=redis_url,
        TUZET_SECRET_KEY="s" * 40,
    )
    with installation.up(tmp_path) as running:
        assert running.facts()["database"] == "postgresql"
        assert running.facts()["broker"] == "redis"
        assert _ask(running.base_url + "/readyz") == 200


@with_the_same
@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_that_dies_is_started_again(up: Running, part: str) -> None:
    before = up.pids
    after = _restarted(up, part)
    assert {name for name in PARTS if before[name] != after[name]} == {part}
    assert _ask(up.base_url + "/healthz") == 200


@with_the_same
def test_nobody_is_refused_while_the_web_starts_again(up: Running) -> None:
    before = up.pids
    os.kill(before["web"], signal.SIGKILL)
    assert _ask(up.base_url + "/healthz") == 200  # waits in the socket that outlives the web
    until(lambda: up.pids["web"] != before["web"], 20, up.explain)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_ends_all_of_it(tmp_path: Path, how: signal.Signals) -> None:
    with _embedded(tmp_path).up(tmp_path) as running:
        pids = running.pids
        running.process.send_signal(how)
        assert running.process.wait(10) == 0
        assert not any(_is_running(pid) for pid in pids.values())
        assert not running.ready.exists()


def test_a_killed_supervisor_leaves_nobody_behind(tmp_path: Path) -> None:
    with _embedded(tmp_path).up(tmp_path) as running:
        pids = running.pids
        running.process.kill()
        running.process.wait()
        until(lambda: not any(_is_running(pid) for pid in pids.values()), 10, running.explain)


def test_a_hung_part_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with _embedded(tmp_path).up(tmp_path) as running:
        pids = running.pids
        os.kill(pids["worker"], signal.SIGSTOP)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert not any(_is_running(pid) for pid in pids.values())


def test_it_becomes_ready_without_its_broker(tmp_path: Path) -> None:
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    with (
        _embedded(tmp_path, TUZET_REDIS_URL=nobody).up(tmp_path) as running,
        urllib.request.urlopen(running.base_url + "/readyz", timeout=10) as answer,
    ):
        assert json.load(answer)["status"] == "degraded"


def test_a_part_that_never_gets_up_ends_the_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    monkeypatch.setattr(supervisor, "parts", lambda _listener: [supervisor.Part("web", command)])
    monkeypatch.setattr(supervisor, "_FIRST_PAUSE_S", 0.01)
    with listen("127.0.0.1", 0) as listener:
        alone = supervisor.Supervisor(listener, make_settings(tmp_path), os.environ)
        assert alone.run() == 1


def test_nohup_keeps_it_alive_when_the_terminal_goes(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does, and children inherit
    try:
        with _embedded(tmp_path).up(tmp_path) as running:
            signal.signal(signal.SIGHUP, before)
            running.process.send_signal(signal.SIGHUP)
            assert _ask(running.base_url + "/healthz") == 200
            with pytest.raises(subprocess.TimeoutExpired):
                running.process.wait(0.5)
    finally:
        signal.signal(signal.SIGHUP, before)


def _failing(*arguments: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "up", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        code, told = _failing("--port", port, TUZET_DATA_DIR=str(tmp_path))
    assert code == 1
    assert told.startswith(f"tuzet: Cannot listen on 127.0.0.1, port {port}")
    assert len(told.splitlines()) == 1


def test_a_database_that_is_away_is_told_in_one_line(tmp_path: Path) -> None:
    code, told = _failing(
        "--port",
        "0",
        TUZET_DATA_DIR=str(tmp_path),
        TUZET_DATABASE_URL=f"postgresql+psycopg://tuzet@127.0.0.1:{free_port()}/tuzet",
        TUZET_SECRET_KEY="s" * 40,
    )
    assert code == 1
    assert told.startswith("tuzet: The database cannot be used:")
    assert len(told.splitlines()) == 1


def test_links_begin_with_the_listening_address_unless_another_is_named() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        own = child_environment({}, listener)
        assert own["TUZET_BASE_URL"] == f"http://127.0.0.1:{port}"
        named = child_environment({"TUZET_BASE_URL": "https://tuzet.example.kz"}, listener)
        assert named["TUZET_BASE_URL"] == "https://tuzet.example.kz"


def test_the_listening_socket_speaks_the_address_family_that_is_asked_for() -> None:
    with listen("::1", 0) as listener:
        assert listener.family == socket.AF_INET6
        own = child_environment({}, listener)["TUZET_BASE_URL"]
        assert own == f"http://[::1]:{listener.getsockname()[1]}"
