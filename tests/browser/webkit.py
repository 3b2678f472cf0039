"""WebKit by its own driver (W3C WebDriver), where the machine has it: WebKitGTK and Xvfb."""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.processes import free_port

_BROWSERS = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
CONTROL, ENTER, ESCAPE = "\ue009", "\ue007", "\ue00c"
PATIENCE = 10.0  # seconds until something that must come is missed


def is_installed() -> bool:
    """Whether this machine can run it (Debian: webkit2gtk-driver and xvfb)."""
    return bool(_BROWSERS and shutil.which("WebKitWebDriver") and shutil.which("Xvfb"))


class WebKit:
    """One window of it."""

    def __init__(self, driver: str, session: str) -> None:
        self._address = f"{driver}/session/{session}"

    def open(self, address: str) -> None:
        """Load a page and wait until the snippet listens."""
        _ask(f"{self._address}/url", {"url": address})
        self.wait("() => Boolean(window.tuzet)")

    def run(self, script: str, *arguments: object) -> Any:
        """What a function on the page gives."""
        body = {"script": f"return ({script})(...arguments)", "args": list(arguments)}
        return _ask(f"{self._address}/execute/sync", body)

    def press(self, *keys: str) -> None:
        """Press keys together."""
        down = [{"type": "keyDown", "value": key} for key in keys]
        up = [{"type": "keyUp", "value": key} for key in reversed(keys)]
        actions = [{"type": "key", "id": "keys", "actions": [*down, *up]}]
        _ask(f"{self._address}/actions", {"actions": actions})

    def wait(self, script: str) -> Any:
        """The first truth that a function on the page gives."""
        return _until(lambda: self.run(script), script)


def _ask(address: str, body: object = None, method: str = "POST") -> Any:
    data = json.dumps(body).encode() if method == "POST" else None
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["value"]


def _until(ask: Any, what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if answer := ask():
                return answer
        except OSError:
            pass  # not up yet
        time.sleep(0.05)
    raise AssertionError(f"never came: {what}")


@contextmanager
def webkit() -> Iterator[WebKit]:
    """A window, on a screen of its own, for the length of a block."""
    with _started_screen() as display:
        driver = f"http://127.0.0.1:{(port := free_port())}"
        environment = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11"}
        environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"  # as root there is none
        with _running("WebKitWebDriver", f"--port={port}", env=environment):
            options = {"binary": str(_BROWSERS[-1]), "args": ["--automation"]}
            wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
            session = _until(
                lambda: _ask(f"{driver}/session", {"capabilities": wanted}), "a session"
            )
            try:
                yield WebKit(driver, session["sessionId"])
            finally:
                _ask(f"{driver}/session/{session['sessionId']}", method="DELETE")


@contextmanager
def _started_screen() -> Iterator[str]:
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1280x900x24",
        "-nolisten",
        "tcp",
    ]
    with _running(*command, pass_fds=(writing,)):
        os.close(writing)
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"


@contextmanager
def _running(*command: str, **options: Any) -> Iterator[None]:
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=nowhere, stderr=nowhere, **options) as process:
        try:
            yield
        finally:
            process.terminate()
