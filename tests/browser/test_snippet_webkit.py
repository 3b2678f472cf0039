"""The same in WebKit, the engine of every browser on a phone of Apple's."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.newspaper import Newspaper
from tests.browser.reader import SELECT, TEXT_AT
from tests.browser.test_snippet_hard import PICK
from tests.browser.webkit import CONTROL, ENTER, ESCAPE, WebKit, is_installed, webkit

pytestmark = pytest.mark.browser

ROOT = "document.querySelector('tuzet-report')?.shadowRoot"
STRICT = "default-src 'none'; script-src SERVICE; connect-src SERVICE"
SHADOW = """() => {
  const root = document.querySelector("news-card").shadowRoot;
  const node = root.querySelector("p").lastChild;
  const at = node.data.indexOf("wrod");
  getSelection().setBaseAndExtent(node, at, node, at + 4);
}"""


@pytest.fixture(scope="module")
def window() -> Iterator[WebKit]:
    with webkit() as opened:
        yield opened


def sent(window: WebKit, paper: Newspaper) -> dict[str, Any]:
    """The report that has just been sent; the dialog is closed again."""
    window.wait(f"() => {ROOT}?.querySelector('a.b')?.href")
    window.run(f"() => {{ {ROOT}.querySelector('.x').click() }}")
    window.wait("() => !document.querySelector('tuzet-report')")
    report: dict[str, Any] = paper.service.reports[-1]
    return report


# Only where it can be had: CI has Chromium, and a machine without WebKit lacks nothing.
if is_installed():

    @pytest.mark.parametrize("policy", [None, STRICT], ids=["open", "strict"])
    def test_a_word_arrives_from_webkit(
        window: WebKit, paper: Newspaper, policy: str | None
    ) -> None:
        window.open(paper.print("article", policy=policy))
        window.run(SELECT, ["#second", "балаларга"])
        window.press(CONTROL, ENTER)
        window.wait(f"() => {ROOT}?.activeElement?.dataset.tuzet === 'suggestion'")
        assert window.run(f"() => {ROOT}.querySelector('dialog').offsetWidth") == 368
        window.press("!")
        window.press(CONTROL, ENTER)
        report = sent(window, paper)
        assert report["quote"]["exact"] == "балаларга"
        assert report["suggestion"] == "балаларга!"
        position = report["position"]
        assert window.run(TEXT_AT, [position["start"], position["end"]]) == "балаларга"
        assert window.run("() => String(getSelection())") == "балаларга"

    def test_a_selection_in_a_shadow_root_of_webkit(window: WebKit, paper: Newspaper) -> None:
        window.open(paper.print("shadow"))
        window.run(SHADOW)
        window.press(CONTROL, ENTER)
        field = f"{ROOT}?.querySelector('[data-tuzet=suggestion]')?.value"
        assert window.wait(f"() => {field}") == "wrod"
        window.press(ESCAPE)
        window.wait("() => !document.querySelector('tuzet-report')")

    def test_a_page_with_everything_at_once_in_webkit(window: WebKit, paper: Newspaper) -> None:
        window.open(paper.print("hard", data_mode="silent"))
        chance = random.Random("webkit")
        for kind in ("word", "run", "block") * 6:
            window.run(PICK, [kind, chance.random(), chance.random()])
            window.press(CONTROL, ENTER)
            report = sent(window, paper)
            position = report["position"]
            there = window.run(TEXT_AT, [position["start"], position["end"]])
            assert "".join(there.split()) == "".join(report["quote"]["exact"].split())
