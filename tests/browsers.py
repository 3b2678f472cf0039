"""The Chromium of the browser tests: the machine's own, else Playwright's download."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.servers import Missing

VARIABLE = "TUZET_TEST_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Without these a browser looks for its maker's servers at every start.
_FLAGS = (
    "--no-sandbox",  # as root there is none to be had
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def program(playwright: Playwright) -> Path:
    """The browser's program. Raises Missing if there is none."""
    named = os.environ.get(VARIABLE)
    on_path = [found for name in _NAMES if (found := shutil.which(name))]
    places = [*([named] if named else []), *on_path, *_MAC, playwright.chromium.executable_path]
    for place in places:
        if Path(place).exists():
            return Path(place)
    raise Missing(
        "Chromium is missing: install it (Debian: apt install chromium), "
        f"or name one in {VARIABLE}=/path/to/chromium"
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium for the length of a block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(playwright), args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def _check() -> int:
    try:
        with sync_playwright() as playwright:
            program(playwright)
    except Missing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    except Exception as fault:  # Playwright raises plain ones when its driver does not start
        sys.stderr.write(
            f"Playwright's driver does not start: {fault}\n"
            "The line above may name a missing library (Debian: apt install libatomic1)\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_check())
