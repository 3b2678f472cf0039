"""Starting and ending the processes of the test servers."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import Missing

_START_SECONDS = 30
_STOP_SECONDS = 10
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_ROOM_BYTES = 2 * 1024**3


def free_port() -> int:
    """A loopback port that nobody listens on, chosen by the kernel."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_with_parent() -> None:
    """For a child, before it becomes its program: SIGTERM when the test process is killed.

    Linux alone can do it; elsewhere only an orderly end of the tests ends the servers.
    """
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def private_folder(name: str, owner: str | None = None) -> Iterator[Path]:
    """A folder with a short path (for unix sockets), removed afterwards; in memory if it may be.

    On a busy disk a new PostgreSQL database takes twenty times as long.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"tuzet-{name}-", dir=_memory()))
    try:
        if owner:
            shutil.chown(folder, owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> Path | None:
    """A file system in memory with room to spare (containers often give 64 MB), or None."""
    folder = Path("/dev/shm")
    if not os.access(folder, os.W_OK | os.X_OK):
        return None
    return folder if shutil.disk_usage(folder).free > _ROOM_BYTES else None


@contextmanager
def running(
    command: Sequence[str],
    *,
    folder: Path,
    answers: Callable[[], bool],
    owner: str | None = None,
    stop_by: signal.Signals = signal.SIGTERM,
) -> Iterator[int]:
    """Run a server until the block ends; yields its pid once it answers.

    Raises Missing with the end of the server's own log if it does not come up.
    """
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=owner,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            preexec_fn=end_with_parent,  # noqa: PLW1509 (one system call, no locks)
        )
    try:
        _wait_until(answers, process, log)
        yield process.pid
    finally:
        _stop(process, stop_by)


def _wait_until(answers: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            last_lines = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
            raise Missing(f"{process.args!r} did not start:\n{last_lines}")
        time.sleep(0.02)


def _stop(process: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    process.send_signal(how)
    process.send_signal(signal.SIGCONT)  # a test may have stopped it
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
