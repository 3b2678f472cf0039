"""A guest's manners: strict policies, pages that break what is built in, styles that shout."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import PAGES, Newspaper
from tests.browser.reader import arrive, open_dialog, part, press, select, send, title

pytestmark = pytest.mark.browser

STRICT = (
    "default-src 'none'; script-src SERVICE; connect-src SERVICE; "
    "base-uri 'none'; form-action 'none'"
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>News</title>{head}</head>
<body><p id="p">Some <b>wro</b>ds were written in haste.</p>{body}{{{{snippet}}}}</body></html>"""

# What a page may do to a browser before we come: a script for each.
BROKEN: dict[str, str] = json.loads((PAGES / "broken.json").read_text(encoding="utf-8"))
# With these the report still arrives as it should.
BEARABLE = {
    "JSON is gone",
    "JSON lies",
    "an old library",
    "more on every array",
    "no style sheets",
    "no dialogs",
    "promises are undefined",
    "a global of our name",
}


def watch(page: Page) -> list[str]:
    """Whatever goes wrong on the page: exceptions, broken promises, breaches of its policy."""
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on(
        "console",
        lambda line: (
            faults.append(line.text) if "Policy" in line.text or "policy" in line.text else None
        ),
    )
    return faults


@pytest.mark.parametrize(
    "policy",
    [
        STRICT,
        STRICT + "; require-trusted-types-for 'script'",
        STRICT + "; require-trusted-types-for 'script'; trusted-types 'none'",
        STRICT + "; style-src 'none'; sandbox allow-scripts allow-same-origin allow-forms",
    ],
    ids=["strict", "trusted types", "no types at all", "sandboxed"],
)
def test_it_works_under_a_strict_policy_without_a_breach(
    page: Page, paper: Newspaper, policy: str
) -> None:
    faults = watch(page)
    arrive(page, paper.print("strict", html=PAGE.format(head="", body=""), policy=policy))
    open_dialog(page, "wrods")
    box = part(page, "dialog").bounding_box()
    assert box is not None
    assert 300 < box["width"] < 420  # its style is there
    part(page, "suggestion").fill("words")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    assert faults == []


def test_a_script_trusted_by_nonce_brings_its_parts(page: Page, paper: Newspaper) -> None:
    html = PAGE.format(head="", body="").replace("{{snippet}}", paper.script(nonce="abc"))
    policy = "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; connect-src SERVICE"
    faults = watch(page)
    arrive(page, paper.print("nonce", html=html, policy=policy))
    open_dialog(page, "wrods")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    assert faults == []


def test_where_the_policy_forbids_sending_the_report_is_kept_and_said_to_be(
    page: Page, paper: Newspaper
) -> None:
    arrive(
        page,
        paper.print(
            "mute",
            html=PAGE.format(head="", body=""),
            policy="default-src 'none'; script-src SERVICE",
        ),
    )
    open_dialog(page, "wrods")
    send(page)
    expect(title(page)).to_have_text("No connection, report kept")
    assert paper.service.reports == []


@pytest.mark.parametrize("fault", BROKEN)
def test_a_page_that_breaks_what_is_built_in_never_hears_an_exception(
    page: Page, paper: Newspaper, fault: str
) -> None:
    faults = watch(page)
    louder = "addEventListener('unhandledrejection', (event) => { throw event.reason; });"
    head = f"<script>{louder} {BROKEN[fault]}</script>"
    page.goto(paper.print("broken", html=PAGE.format(head=head, body="")))
    page.wait_for_load_state("networkidle")
    if fault != "no selection":
        page.locator("#p").select_text()
    press(page)
    if fault in BEARABLE:
        expect(part(page, "dialog")).to_be_visible()
        send(page)
        expect(title(page)).to_have_text("Sent, thank you")
        (report,) = paper.service.reports
        assert report["quote"]["exact"] == "Some wrods were written in haste."
    else:
        # Silence, or a dialog that says honestly what became of the report.
        page.wait_for_load_state("networkidle")
        if part(page, "send").count():
            send(page)
            page.wait_for_load_state("networkidle")
            if fault != "a fetch that never answers":  # it is given up after 15 s
                expect(part(page, "dialog").locator("[aria-busy]")).to_have_count(0)
            said = title(page).text_content() if title(page).count() else ""
            assert paper.service.reports or said != "Sent, thank you"
    assert faults == []


NAMES = [
    "body",
    "head",
    "title",
    "cookie",
    "location",
    "documentElement",
    "querySelector",
    "querySelectorAll",
    "createElement",
    "addEventListener",
    "dispatchEvent",
    "getSelection",
    "activeElement",
    "baseURI",
    "currentScript",
    "defaultView",
    "append",
]


def test_elements_that_are_called_like_properties_of_the_document(
    page: Page, paper: Newspaper
) -> None:
    def sent() -> None:
        title(page).filter(has_text="Sent, thank you").wait_for()

    # `expect` fails at once here, where it should wait: it draws a tree of the elements, and on
    # this page they have lost their `getAttribute`.
    faults = watch(page)
    clobbers = "".join(
        f'<img name="{name}"><form id="{name}2" name="{name}"><input name="nodeType"></form>'
        for name in NAMES
    )
    html = PAGE.format(
        head="",
        body=clobbers.replace("<form", '<form lang="en"', 1)
        + '<form lang="en"><input name="lang"><input name="closest"><input name="getAttribute">'
        '<p id="q">More wrods.</p></form>'
        + '<form id="tuzet"><input name="open"></form><img id="JSON"><img id="fetch">',
    )
    page.goto(paper.print("clobbered", html=html))
    page.wait_for_function("typeof window.tuzet.destroy === 'function'")
    page.evaluate("getSelection().selectAllChildren(window.p)")
    press(page)
    part(page, "dialog").wait_for()
    send(page)
    sent()
    report = paper.service.reports[0]
    assert report["quote"]["exact"] == "Some wrods were written in haste."
    assert report["title"] == "News"
    press(page, "Escape")
    page.evaluate("getSelection().selectAllChildren(window.q)")
    press(page)
    send(page)
    sent()
    assert paper.service.reports[1]["language"] == "en"
    assert faults == []


# How each part of the dialog looks in the end.
LOOKS = """(dialog) => [dialog, ...dialog.querySelectorAll("h2,textarea,button,p")].map((part) => {
  const style = getComputedStyle(part);
  const box = part.getBoundingClientRect();
  return [
    style.color, style.fontSize, style.fontFamily, style.opacity, style.filter, style.visibility,
    style.transform, style.letterSpacing, style.textTransform, style.direction, style.clipPath,
    style.pointerEvents, Math.round(box.width), Math.round(box.height),
  ];
})"""


def test_styles_that_shout_do_not_reach_inside(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("shouting"))
    arrive_quiet = page.context.new_page()
    arrive(arrive_quiet, paper.print("plain", html=PAGE.format(head="", body="")))
    looks = []
    for opened in (page, arrive_quiet):
        opened.evaluate("getSelection().selectAllChildren(document.querySelector('#p'))")
        press(opened)
        dialog = part(opened, "dialog")
        dialog.wait_for(state="attached")
        looks.append(dialog.evaluate(LOOKS))
    assert looks[0] == looks[1]


def test_it_stands_above_a_dialog_of_the_pages_own(page: Page, paper: Newspaper) -> None:
    body = '<dialog id="own"><p id="inner">A wrod in a dialog.</p></dialog>'
    arrive(page, paper.print("modal", html=PAGE.format(head="", body=body)))
    page.evaluate("document.querySelector('#own').showModal()")
    open_dialog(page, "wrod", "#inner")
    part(page, "suggestion").fill("word")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    part(page, "cancel").click()
    assert page.evaluate("document.querySelector('#own').open") is True


def test_a_page_that_swallows_its_own_keys_does_not_swallow_ours(
    page: Page, paper: Newspaper
) -> None:
    head = """<script>
      for (const type of ["keydown", "keyup", "selectionchange", "click"])
        document.addEventListener(type, (event) => event.stopImmediatePropagation(), true);
    </script>"""
    arrive(page, paper.print("swallowing", html=PAGE.format(head=head, body="")))
    open_dialog(page, "wrods")


def test_a_listener_of_the_pages_that_throws_stops_nothing(page: Page, paper: Newspaper) -> None:
    head = """<script>
      document.addEventListener("tuzet:open", () => { document.body.dataset.heard = 1; throw 0; });
    </script>"""
    opened = page.context.new_page()
    arrive(opened, paper.print("throwing", html=PAGE.format(head=head, body="")))
    open_dialog(opened, "wrods")
    assert opened.evaluate("document.body.dataset.heard") == "1"


def test_an_application_that_replaces_its_body_may_do_so(page: Page, paper: Newspaper) -> None:
    faults = watch(page)
    arrive(page, paper.print("replacing", html=PAGE.format(head="", body="")))
    open_dialog(page, "wrods")
    page.evaluate("document.body.innerHTML = '<p>Other wrods, now.</p>'")
    press(page, "Escape")
    open_dialog(page, "wrods")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    assert paper.service.reports[0]["quote"]["exact"] == "wrods"
    page.evaluate("document.querySelector('tuzet-report').remove()")
    select(page, "Other")
    press(page)
    expect(part(page, "dialog")).to_be_visible()
    assert faults == []
