"""The walk: one report from Ctrl+Enter on a page of the demo to "fixed" on the reader's receipt.

On the embedded default, and on PostgreSQL with Redis and a second worker.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service.demo.seeding import PASSWORD
from tests.servers.processes import free_port
from tests.servers.tuzet import until

pytestmark = pytest.mark.browser

WORD, CORRECTION = "қырық", "отыз"
SELECT = """word => {
  const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + word.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
  throw new Error("the word is not in the article");
}"""
_READY_SECONDS = 60
_STOP_SECONDS = 15


@dataclass(frozen=True)
class Demo:
    """A running demo: where the desk and where the newsroom answers."""

    desk: str
    newsroom: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def _demo(folder: Path, environment: dict[str, str]) -> Iterator[Demo]:
    """`make demo` without the set-up, ended by Ctrl+C, after which no process may be left."""
    ready, log = folder / "ready.json", folder / "demo.log"
    # The demo's clock runs fast; here the page shall not be checked in the middle of a step.
    calm = {"TUZET_DATA_DIR": str(folder / "var"), "TUZET_TIME_SCALE": "1"}
    environ = {**os.environ, **calm, **environment}
    port = free_port()
    command = [sys.executable, "-m", "service.demo", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--ready-file", str(ready)],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until(ready.exists, _READY_SECONDS, lambda: log.read_text(errors="replace"))
        facts = json.loads(ready.read_text())
        until(lambda: _newsroom(log) != "", 5, lambda: log.read_text(errors="replace"))
        yield Demo(facts["base_url"], _newsroom(log), process)
        pids = json.loads(ready.read_text())["pids"].values()
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(_STOP_SECONDS) == 0
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def _newsroom(log: Path) -> str:
    """The address of the example pages, as the demo prints it."""
    found = re.search(r"(http://\S+)/demo/kk/", log.read_text(errors="replace"))
    return found[1] if found else ""


@contextmanager
def _second_worker(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    environ = {**os.environ, "TUZET_DATA_DIR": str(folder / "var"), **environment}
    worker = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "worker"],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
        assert worker.poll() is None, "the second worker has ended by itself"
    finally:
        worker.terminate()
        worker.wait(_STOP_SECONDS)


def test_the_walk_on_the_embedded_default(tmp_path: Path, page: Page) -> None:
    with _demo(tmp_path, {}) as demo:
        _walk(demo, page)


def test_the_walk_on_postgresql_and_redis_with_two_workers(
    tmp_path: Path, page: Page, postgresql_url: str, redis_url: str
) -> None:
    environment = {
        "TUZET_DATABASE_URL": postgresql_url,
        "TUZET_REDIS_URL": redis_url,
        "TUZET_SECRET_KEY": "a secret of the walk, long enough for all",
    }
    with _demo(tmp_path, environment) as demo, _second_worker(tmp_path, environment):
        _walk(demo, page)


def _walk(demo: Demo, page: Page) -> None:
    receipt = _report(demo, page)
    _find_the_mail(demo, page)
    case = _find_the_case(demo, page)
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("h1 + .status")).to_contain_text("Accepted")
    page.get_by_role("button", name="Mark fixed").click()
    expect(page.locator("h1 + .status")).to_contain_text("Fixed")
    page.goto(receipt)
    expect(page.locator("main")).to_contain_text("Редакция қатені түзеткенін айтты")
    page.goto(case)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("h1 + .status")).to_contain_text("Accepted")


def _report(demo: Demo, page: Page) -> str:
    """A reader selects a word, presses Ctrl+Enter, corrects it, sends; returns the receipt."""
    page.goto(f"{demo.newsroom}/demo/kk/avtobus")
    page.evaluate(SELECT, WORD)
    page.keyboard.press("Control+Enter")
    dialog = page.locator("tuzet-report")
    suggestion = dialog.locator("[data-tuzet=suggestion]")
    expect(suggestion).to_have_value(WORD)
    suggestion.fill(CORRECTION)
    dialog.locator("[data-tuzet=send]").click()
    link = dialog.locator("[data-tuzet=status] a, [data-tuzet=dialog] a[href*='/r/']").first
    receipt = link.get_attribute("href")
    assert receipt is not None
    assert receipt.startswith(f"{demo.desk}/r/")
    return receipt


def _find_the_mail(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.newsroom}/demo/inbox/?lang=en")
    expect(page.locator("main")).to_contain_text(f"{WORD} → {CORRECTION}")


def _find_the_case(demo: Demo, page: Page) -> str:
    """An editor logs in and opens the case; returns its address."""
    page.goto(f"{demo.desk}/login?lang=en")
    page.get_by_label("E-mail").fill("daniyar@dala.example.kz")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue**")
    page.goto(f"{demo.desk}/queue?q={WORD}")
    page.locator("a[href*='/cases/']").first.click()
    page.wait_for_url("**/cases/**")
    expect(page.locator("h1")).to_contain_text(WORD)
    return page.url
