"""Pages as the world writes them: words, phrases and paragraphs picked by chance arrive exactly."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.newspaper import Newspaper
from tests.browser.reader import arrive, part, press, text_at

pytestmark = pytest.mark.browser

# Selects a word, a run across elements or a whole block, chosen by two fractions; says what it is.
PICK = """([kind, one, two]) => {
  const skip = "script,style,noscript,template,textarea,select,video,canvas,iframe,title,math," +
    "[contenteditable]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const around = node.parentElement;
    const range = document.createRange();
    range.selectNodeContents(node);
    if (/\\p{L}/u.test(node.data) && !around.closest(skip) && range.getClientRects().length &&
        (around.checkVisibility() || getComputedStyle(around).display === "contents"))
      nodes.push(node);
  }
  const at = Math.floor(one * nodes.length);
  const node = nodes[at];
  const range = document.createRange();
  if (kind === "word") {
    const words = [...node.data.matchAll(/[\\p{L}\\p{M}\\u200c]+/gu)];
    const word = words[Math.floor(two * words.length)];
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
  } else if (kind === "run") {
    const last = nodes[Math.min(at + 2, nodes.length - 1)];
    range.setStart(node, node.data.search(/\\p{L}/u));
    range.setEnd(last, last.data.search(/\\p{L}/u) + 1);
  } else {
    const block = node.parentElement.closest("p,li,td,th,h1,h2,h3,dd,dt");
    range.selectNodeContents(block || node.parentElement);
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return kind === "word" ? range.toString() : null;
}"""


def report_by_chance(page: Page, paper: Newspaper, kind: str, chance: random.Random) -> Any:
    """Select and send something; the report, with `picked` if it is a word."""
    before = page.content()
    picked = page.evaluate(PICK, [kind, chance.random(), chance.random()])
    press(page)
    part(page, "dialog").locator(".b").wait_for()  # the link to the receipt
    page.evaluate("document.querySelector('tuzet-report').shadowRoot.querySelector('.x').click()")
    assert page.content() == before
    return {**paper.service.reports.pop(), "picked": picked}


def plain(text: str) -> str:
    """Without white space and capitals."""
    return "".join(text.split()).lower()


def check(page: Page, report: dict[str, Any]) -> None:
    quote = report["quote"]
    assert quote["exact"]
    if report["picked"]:
        assert quote["exact"].lower() == report["picked"].lower()
    # Capitals of a style's making are in what the reader saw, not in the page's text.
    assert plain(text_at(page, report)) == plain(quote["exact"])
    start, end = report["position"]["start"], report["position"]["end"]
    before = plain(text_at(page, {"position": {"start": max(0, start - 400), "end": start}}))
    after = plain(text_at(page, {"position": {"start": end, "end": end + 400}}))
    # Where no letter is in reach, what is none is skipped.
    if any(letter.isalpha() for letter in before[-40:]):
        assert before.endswith(plain(quote["prefix"]))
    if any(letter.isalpha() for letter in after[:40]):
        assert after.startswith(plain(quote["suffix"]))
    for text, context in ((before, quote["prefix"]), (after, quote["suffix"])):
        assert plain(context) in text
        assert any(letter.isalpha() for letter in context) or not any(map(str.isalpha, text))
    assert len(quote["prefix"]) <= 64
    assert len(quote["suffix"]) <= 64


@pytest.mark.parametrize("kind", ["word", "run", "block"])
def test_a_page_with_everything_at_once(page: Page, paper: Newspaper, kind: str) -> None:
    arrive(page, paper.print("hard", data_mode="silent"))
    chance = random.Random(f"{kind} 1")
    for _ in range(25):
        check(page, report_by_chance(page, paper, kind, chance))


def test_recorded_articles_in_ten_languages(
    page: Page, paper: Newspaper, shared_data: Path
) -> None:
    with gzip.open(shared_data / "dedupe-dev" / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    chance = random.Random("articles")
    for language in sorted({row["lang"] for row in rows}):
        row = chance.choice([row for row in rows if row["lang"] == language])
        html = row["html"][0].replace("</body>", "{{snippet}}</body>")
        arrive(page, paper.print("recorded", html=html, data_mode="silent"))
        for kind in ("word", "run", "block"):
            check(page, report_by_chance(page, paper, kind, chance))
