"""The product itself, run as an operator runs it: `tuzet up` and the command line."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.processes import end_with_parent, free_port

_COMMAND = str(Path(sys.executable).parent / "tuzet")
_READY_SECONDS = 40
_STOP_SECONDS = 15


@dataclass(frozen=True)
class Installation:
    """One installation's environment: its data folder and the servers it names."""

    environment: Mapping[str, str]

    def run(self, *arguments: str, given: str = "") -> Any:
        """A command with --json; answers what it printed. CalledProcessError if it failed."""
        done = subprocess.run(
            [_COMMAND, *arguments, "--json"],
            input=given,
            env=self._environ(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"tuzet {' '.join(arguments)}: {done.stderr}"
        return json.loads(done.stdout)

    @contextmanager
    def up(self, folder: Path, *arguments: str) -> Iterator["Running"]:
        """`tuzet up` on a free port, from the moment that all parts answer until the block ends.

        AssertionError with the end of its log if it does not come up or does not stop in time.
        """
        ready, log = folder / "ready.json", folder / "up.log"
        ready.unlink(missing_ok=True)
        command = [_COMMAND, "up", "--port", str(free_port()), "--ready-file", str(ready)]
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*command, *arguments],
                env=self._environ(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 (one system call, no locks)
            )
        running = Running(process, ready, log)
        try:
            until(lambda: bool(running.facts()), _READY_SECONDS, running.explain)
            yield running
        finally:
            running.stop()

    def _environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TUZET_")}
        return {**kept, **self.environment}


@dataclass(frozen=True)
class Running:
    """A running `tuzet up`: its process, and what it says of itself."""

    process: "subprocess.Popen[bytes]"
    ready: Path
    log: Path

    def facts(self) -> dict[str, Any]:
        """What the ready file says now; {} while there is none."""
        assert self.process.poll() is None, self.explain()
        try:
            facts: dict[str, Any] = json.loads(self.ready.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return facts

    @property
    def base_url(self) -> str:
        """Where it answers, without a trailing slash."""
        return str(self.facts()["base_url"]).rstrip("/")

    @property
    def pids(self) -> dict[str, int]:
        """web, worker and scheduler → process id."""
        pids: dict[str, int] = self.facts()["pids"]
        return pids

    def explain(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "tuzet up:\n" + "\n".join(lines[-25:])

    def stop(self) -> None:
        """SIGTERM, as an operator or a supervisor stops it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise AssertionError(f"it did not stop in time; {self.explain()}") from None


def until(holds: Callable[[], bool], seconds: float, explain: Callable[[], str]) -> None:
    """Look again and again until something holds; AssertionError if it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:g} s; {explain()}"
        time.sleep(0.05)
