"""Where readers are and what they point at: frames, components, applications, scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import (
    arrive,
    open_dialog,
    part,
    press,
    select,
    send,
    text_at,
    title,
)

pytestmark = pytest.mark.browser

# The lower edge of what is marked as selected.
MARKS_END = """() => Math.max(
  ...[...document.querySelector("tuzet-report").shadowRoot.querySelectorAll(".m div")]
    .map((mark) => mark.getBoundingClientRect().bottom))"""


def test_text_in_an_open_shadow_root(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("shadow"))
    page.evaluate(
        """() => { const root = document.querySelector("news-card").shadowRoot;
        const node = root.querySelector("p").lastChild;
        const at = node.data.indexOf("wrod");
        getSelection().setBaseAndExtent(node, at, node, at + 4); }"""
    )
    press(page)
    expect(part(page, "suggestion")).to_have_value("wrod")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    (report,) = paper.service.reports
    assert report["quote"] == {
        "exact": "wrod",
        "prefix": "Before the component. A card with a ",
        "suffix": " of its own. The slotted lead has an eror in it. The end of it.",
    }
    assert report["position"] is None


def test_a_component_inside_a_component(page: Page, paper: Newspaper) -> None:
    html = """<!doctype html><html lang="en"><title>T</title><p>Around.</p><div id="outer"></div>
      <script>
        const outer = document.querySelector("#outer").attachShadow({ mode: "open" });
        outer.innerHTML = "<p>The outer text.</p><div></div>";
        const inner = outer.querySelector("div").attachShadow({ mode: "open" });
        inner.innerHTML = "<p>The iner text.</p>";
        window.note = inner.querySelector("p").firstChild;
      </script>{{snippet}}"""
    arrive(page, paper.print("nested", html=html))
    page.evaluate("getSelection().setBaseAndExtent(window.note, 4, window.note, 8)")
    press(page)
    expect(part(page, "suggestion")).to_have_value("iner")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    (report,) = paper.service.reports
    assert report["quote"]["prefix"] == "Around. The outer text. The "


def test_text_in_a_slot_has_the_components_text_around_it(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("shadow"))
    open_dialog(page, "eror")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    (report,) = paper.service.reports
    assert report["quote"]["prefix"].endswith("a wrod of its own. The slotted lead has an ")
    assert report["quote"]["suffix"] == " in it. The end of it. After the component."
    assert text_at(page, report) == "eror"


def test_a_frame_of_the_same_origin_if_the_site_wants_it(page: Page, paper: Newspaper) -> None:
    frame = paper.print("frame", at="deep/frame")
    html = f'''<!doctype html><html lang="en"><title>Outer</title>
      <link rel="canonical" href="canon"><p>Outside.</p>
      <iframe src="{frame}" width=600 height=200></iframe>{{{{snippet}}}}'''
    choose = """() => { const range = document.createRange();
      range.setStart(document.querySelector("em").firstChild, 0);
      range.setEnd(document.querySelector("p").lastChild, 5);
      getSelection().removeAllRanges();
      getSelection().addRange(range); }"""
    for wanted in (False, True):
        given = {"data_frames": "on"} if wanted else {}
        arrive(page, paper.print("outer", html=html, **given))
        inner = page.frames[1]
        inner.wait_for_selector("em")
        inner.locator("h2").click()
        inner.evaluate(choose)
        press(page)
        if not wanted:
            assert page.locator("tuzet-report").count() == 0
    expect(part(page, "suggestion")).to_have_value("опечатки")
    expect(title(page)).to_have_text("Сообщить об ошибке")  # the language around the selection
    send(page)
    expect(title(page)).to_have_text("Отправлено, спасибо")
    (report,) = paper.service.reports
    assert report["quote"]["prefix"] == "Вставка редакции Во вставке тоже бывают "
    assert report["url"] == paper.address + "/outer"
    assert report["canonical_url"] == paper.address + "/canon"  # the page's, not the frame's
    assert report["position"] is None


def test_a_single_page_site_is_read_at_the_press(page: Page, paper: Newspaper) -> None:
    html = """<!doctype html><html lang="ru"><head><title>Первая</title>
      <link rel="canonical" href="/first"></head>
      <body><main><p>Первый текст.</p></main>{{snippet}}</body></html>"""
    arrive(page, paper.print("app", html=html))
    open_dialog(page, "Первый")
    send(page)
    expect(title(page)).to_have_text("Отправлено, спасибо")
    press(page, "Escape")
    page.evaluate(
        """() => { history.pushState({}, "", "/app/second?x=1");
        document.title = "Second";
        document.documentElement.lang = "en";
        document.querySelector("link").href = "/second";
        document.querySelector("main").innerHTML = "<p>The secnod text.</p>"; }"""
    )
    open_dialog(page, "secnod")
    expect(title(page)).to_have_text("Report an error")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    report = paper.service.reports[1]
    assert report["url"] == paper.address + "/app/second?x=1"
    assert report["canonical_url"] == paper.address + "/second"
    assert report["title"] == "Second"
    assert report["language"] == "en"


def test_the_nearest_of_several_articles_is_the_one_that_is_described(
    page: Page, paper: Newspaper
) -> None:
    arrive(page, paper.print("list"))
    for word in ("frist", "secnod"):
        open_dialog(page, word)
        send(page)
        expect(title(page)).to_have_text("Sent, thank you")
        press(page, "Escape")
    first, second = (report["metadata"] for report in paper.service.reports)
    assert first == {
        "author": "Author One",
        "section": None,
        "published": "2026-11-01T10:00:00Z",
        "modified": None,
        "cms_id": "11",
    }
    assert second["author"] == "Author Two"
    assert second["cms_id"] == "n-12"


def test_a_page_that_is_xml(page: Page, paper: Newspaper) -> None:
    script = paper.script().replace(" async>", ' async="async">')
    text = f"""<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head>
      <title>X</title></head><body><p>Some <b>wro</b>ds.</p>{script}</body></html>"""
    paper.pages["/page.xhtml"] = (text, {"Content-Type": "application/xhtml+xml"})
    arrive(page, paper.address + "/page.xhtml")
    open_dialog(page, "wrods")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    (report,) = paper.service.reports
    assert report["quote"] == {"exact": "wrods", "prefix": "Some ", "suffix": "."}
    assert text_at(page, report) == "wrods"


def test_from_right_to_left(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("rtl"))
    open_dialog(page, "للقرائة")
    expect(title(page)).to_have_text("الإبلاغ عن خطأ")
    assert part(page, "dialog").evaluate("(dialog) => getComputedStyle(dialog).direction") == "rtl"
    part(page, "suggestion").fill("للقراءة")
    expect(part(page, "quote").locator("del.w")).to_have_text(
        "للقرائة"
    )  # joined letters: the whole word
    dialog, word = (
        part(page, "dialog").bounding_box(),
        page.evaluate(MARKS_END),
    )
    assert dialog is not None
    assert dialog["x"] >= 8
    assert dialog["x"] + dialog["width"] <= 1280 - 8
    assert dialog["y"] > word
    send(page)
    expect(title(page)).to_have_text("أُرسل، شكرًا لكم")
    (report,) = paper.service.reports
    assert report["quote"]["exact"] == "للقرائة"
    assert text_at(page, report) == "للقرائة"


def test_many_words_at_random_arrive_exactly(page: Page, paper: Newspaper) -> None:
    """Ten words of every kind of place: each exact, in its context, at its position."""
    arrive(page, paper.print("article", data_mode="silent"))
    words = [
        "Дала",
        "ауданында",
        "Ғимаратта",
        "сөрелерде",
        "тапсырыс",
        "редакция",
        "қырман",
        "өсіп",
        "Бірінші",
        "Іздеу",
        "сегізге",
    ]
    for word in words:
        select(page, word)
        press(page)
        expect(title(page)).to_have_text("Жіберілді, рақмет")
        part(page, "cancel").click()
        expect(page.locator("tuzet-report")).to_have_count(0)
    assert [report["quote"]["exact"] for report in paper.service.reports] == words
    for report in paper.service.reports:
        assert text_at(page, report) == report["quote"]["exact"]
        assert any(letter.isalpha() for letter in report["quote"]["suffix"])
        assert len(report["quote"]["prefix"]) <= 64
        assert len(report["quote"]["suffix"]) <= 64
