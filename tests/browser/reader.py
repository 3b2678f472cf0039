"""What a reader does on a page, in a few verbs."""

from typing import Any, Protocol

from playwright.sync_api import Locator, Page, expect


class NewPage(Protocol):
    """Opens a page in a fresh browser profile; takes Playwright's context options."""

    def __call__(self, **options: object) -> Page: ...


SELECT = """([selector, text]) => {
  const root = document.querySelector(selector);
  const nodes = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) nodes.push(walker.currentNode);
  const whole = nodes.map((node) => node.data).join("");
  const start = whole.indexOf(text);
  if (start < 0) throw new Error("not on the page: " + text);
  const range = document.createRange();
  let at = 0;
  for (const node of nodes) {
    const next = at + node.data.length;
    if (start >= at && start < next) range.setStart(node, start - at);
    const end = start + text.length;
    if (end > at && end <= next) range.setEnd(node, end - at);
    at = next;
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""

# What contract part 3 says of a position, written once more and in another way.
TEXT_AT = """([start, end]) => {
  const skip = "script,style,noscript,template,textarea,select,video,audio,canvas,iframe";
  const shown = (element) =>
    element.checkVisibility() ||
    (getComputedStyle(element).display === "contents" &&
      !element.parentElement.matches("details:not([open])") && shown(element.parentElement));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let text = "";
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    // Text right inside a closed <details> is folded away, which its parent does not say.
    const folded = parent.matches("details:not([open])") && walker.currentNode.data.trim();
    if (!parent.closest(skip) && shown(parent) && !folded) text += walker.currentNode.data;
  }
  return text.slice(start, end);
}"""


def arrive(page: Page, address: str) -> None:
    """Open a page and wait until the snippet listens."""
    page.goto(address)
    page.wait_for_function("window.tuzet && typeof window.tuzet.open === 'function'")


def select(page: Page, text: str, within: str = "body") -> None:
    """Select `text`, which may run across elements; text nodes are read as they stand."""
    page.evaluate(SELECT, [within, text])


def press(page: Page, keys: str = "Control+Enter") -> None:
    page.keyboard.press(keys)


def part(page: Page, use: str) -> Locator:
    """What the snippet shows, by the name that the contract gives it."""
    return page.locator(f"[data-tuzet={use}]")


def open_dialog(page: Page, text: str, within: str = "body") -> None:
    """Select a text and press the key; the dialog is there."""
    select(page, text, within)
    press(page)
    expect(part(page, "dialog")).to_be_visible()


def send(page: Page) -> None:
    part(page, "send").click()


def title(page: Page) -> Locator:
    return part(page, "dialog").locator("h2")


def text_at(page: Page, report: dict[str, Any]) -> str:
    """What stands on the page where the report says, white space collapsed."""
    position = report["position"]
    text: str = page.evaluate(TEXT_AT, [position["start"], position["end"]])
    return " ".join(text.split())


def kept(page: Page) -> list[str]:
    """The names of what is kept on this device."""
    names: list[str] = page.evaluate("Object.keys(localStorage)")
    return names
