"""For every reader: axe, the keyboard alone, 320 px and 200 %, every colour scheme."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import NewPage, arrive, open_dialog, part, press, select, send, title

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 700}, "has_touch": True, "is_mobile": True}
VIEWS: dict[str, dict[str, object]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "dark phone": {**PHONE, "color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "narrow": {"viewport": {"width": 320, "height": 480}},
    "200 %": {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2},
}
WORDS = {"article": ("салтанатына", "салтанатыңда"), "rtl": ("للقرائة", "للقراءة")}


OVERFLOWING = """(dialog) =>
  [dialog, ...dialog.querySelectorAll("*:not(.v)")]
    .filter((part) => getComputedStyle(part).display !== "inline")
    .filter((part) => part.scrollWidth > part.clientWidth + 1)
    .map((part) => part.outerHTML)"""


def findings(page: Page) -> list[str]:
    """What axe finds inside our element."""
    context = [{"fromShadowDom": ["tuzet-report", "[data-tuzet=dialog]"]}]
    results = Axe().run(page, context={"include": context})
    return [
        f"{found['id']}: {node['html']}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("name", ["article", "rtl"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_and_nothing_overflows(
    new_page: NewPage, paper: Newspaper, view: str, name: str
) -> None:
    page = new_page(**VIEWS[view])
    arrive(page, paper.print(name, data_email="on"))
    wrong, right = WORDS[name]
    open_dialog(page, wrong)
    part(page, "dialog").locator("summary").click()
    part(page, "suggestion").fill(right)
    assert findings(page) == []
    assert part(page, "dialog").evaluate(OVERFLOWING) == []
    box = part(page, "dialog").bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] >= 0
    assert round(box["y"] + box["height"]) <= size["height"]
    send(page)
    expect(part(page, "suggestion")).to_be_hidden()
    assert findings(page) == []


# axe cannot tell a contrast in the top layer, so it is measured here: colour names are drawn to
# find what they are, see-through grounds are laid over one another down to the dialog's own.
CONTRASTS = """(dialog) => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const drawn = (...colours) => {
    pen.clearRect(0, 0, 1, 1);
    for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((part) =>
      part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const measured = {};
  for (const part of dialog.querySelectorAll("*")) {
    const own = [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!(own || part.value) || part.matches(".v, .k input")) continue;
    const grounds = [];
    for (let at = part; at && at !== dialog.parentNode; at = at.parentElement)
      grounds.unshift(getComputedStyle(at).backgroundColor);
    const ground = light(drawn(...grounds));
    const text = light(drawn(...grounds, getComputedStyle(part).color));
    measured[part.outerHTML.slice(0, 60)] =
      (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
  }
  return measured;
}"""


@pytest.mark.parametrize("view", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(
    new_page: NewPage, paper: Newspaper, view: str
) -> None:
    page = new_page(**VIEWS[view])
    arrive(page, paper.print("article", data_email="on"))
    open_dialog(page, "балаларга", "#second")
    part(page, "dialog").locator("summary").click()
    part(page, "suggestion").fill("балаларға")
    measured = part(page, "dialog").evaluate(CONTRASTS)
    assert len(measured) > 12
    assert {text: ratio for text, ratio in measured.items() if ratio < 4.5} == {}


def test_the_hint_has_no_findings_either(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    press(page)
    expect(part(page, "dialog").get_by_role("button")).to_have_count(4)
    assert findings(page) == []


def test_everything_is_reached_by_keyboard_alone(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article", data_email="on", data_language="en"))
    page.locator("#x, a").first.focus()
    open_dialog(page, "салтанатына")
    expect(part(page, "suggestion")).to_be_focused()
    for keys in ("End", "Backspace", "Tab", "ArrowRight", "Tab", "Enter", "Tab"):
        press(page, keys)
    expect(part(page, "comment")).to_be_focused()
    page.keyboard.type("Wrong case")
    press(page, "Tab")
    page.keyboard.type("reader@example.kz")
    press(page, "Tab")
    expect(part(page, "send")).to_be_focused()
    press(page, "Tab")
    expect(part(page, "cancel")).to_be_focused()
    press(page, "Shift+Tab")
    press(page, "Enter")
    expect(title(page)).to_have_text("Sent, thank you")
    (report,) = paper.service.reports
    assert report["suggestion"] == "салтанатын"
    assert report["kind"] == "fact"
    assert report["comment"] == "Wrong case"
    assert report["email"] == "reader@example.kz"
    press(page, "Tab")
    assert page.evaluate("document.querySelector('tuzet-report').shadowRoot.activeElement !== null")
    press(page, "Escape")
    expect(page.locator("tuzet-report")).to_have_count(0)


def test_the_focus_stays_in_the_dialog_and_comes_back(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    page.locator("#found").focus()
    open_dialog(page, "салтанатына")
    for _ in range(12):
        press(page, "Tab")
        assert page.evaluate("document.activeElement.localName") in ("tuzet-report", "body")
        assert page.evaluate("document.activeElement.closest('main, footer')") is None
    press(page, "Escape")
    expect(page.locator("#found")).to_be_focused()


def test_a_screen_reader_hears_what_is_and_what_should_be(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article", data_language="en"))
    open_dialog(page, "салтанатына")
    part(page, "suggestion").fill("салтанатында")
    dialog = page.get_by_role("dialog", name="Report an error")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("textbox", name="It should read")).to_have_accessible_description(
        re.compile("only be flagged")
    )
    expect(dialog.locator("[aria-live]").first).to_contain_text("салтанатына → салтанатында")
    expect(dialog.get_by_role("radio", name="Spelling")).to_be_checked()
    send(page)
    expect(page.get_by_role("status")).to_contain_text("The editors will look at it")


def test_nothing_moves_where_motion_is_unwelcome(new_page: NewPage, paper: Newspaper) -> None:
    page = new_page(reduced_motion="reduce")
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    assert (
        page.evaluate("document.querySelector('tuzet-report').shadowRoot.getAnimations().length")
        == 0
    )


def test_a_site_may_set_its_accent(page: Page, paper: Newspaper) -> None:
    html = """<!doctype html><html lang="en"><title>T</title><style>
      tuzet-report { --tuzet-accent: #8c1d18; --tuzet-on-accent: #fff; --tuzet-radius: 4px }
    </style><p>Some wrods.</p>{{snippet}}"""
    arrive(page, paper.print("themed", html=html))
    open_dialog(page, "wrods")
    assert (
        part(page, "send").evaluate("(button) => getComputedStyle(button).backgroundColor")
        == "rgb(140, 29, 24)"
    )
    assert (
        part(page, "dialog").evaluate("(dialog) => getComputedStyle(dialog).borderRadius") == "4px"
    )


def test_a_key_that_is_held_opens_the_dialog_and_sends_nothing(
    page: Page, paper: Newspaper
) -> None:
    arrive(page, paper.print("article", data_language="en"))
    select(page, "салтанатына")
    page.keyboard.down("Control")
    page.keyboard.down("Enter")
    expect(part(page, "suggestion")).to_be_focused()
    for _ in range(5):
        page.keyboard.down("Enter")
    expect(part(page, "suggestion")).to_have_value("салтанатына")
    expect(title(page)).to_have_text("Report an error")
    assert paper.service.reports == []
    page.keyboard.up("Enter")
    page.keyboard.down("Enter")
    expect(title(page)).to_have_text("Sent, thank you")
