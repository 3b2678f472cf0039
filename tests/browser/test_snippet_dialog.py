"""The dialog: what opens it, what it shows, what is sent."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import KEY, Newspaper
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


def test_a_word_arrives_with_what_stands_around_it(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    part(page, "suggestion").fill("салтанатында")
    part(page, "dialog").get_by_text("Түсініктеме").first.click()
    part(page, "comment").fill("Жалғауы қате")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    (report,) = paper.service.reports
    assert report["site"] == KEY
    assert report["url"] == paper.address + "/article"
    assert report["canonical_url"] == paper.address + "/qogam/kitaphana"
    assert report["title"] == "Көкжар ауданында жаңа кітапхана ашылды | Дала үні"
    assert report["language"] == "kk"
    assert report["quote"] == {
        "exact": "салтанатына",
        "prefix": "Сурет: редакция Оқырман саны күн сайын өсіп келеді.1 😀 Ашылу ",
        "suffix": " екі жүзге жуық адам қатысты. Бірінші қабат Екінші қабат Іздеу",
    }
    assert report["kind"] == "typo"
    assert report["suggestion"] == "салтанатында"
    assert report["comment"] == "Жалғауы қате"
    assert report["email"] is None
    assert text_at(page, report) == "салтанатына"
    assert report["metadata"] == {
        "author": "Тілші Бірінші, Тілші Екінші",
        "section": "Қоғам",
        "published": "2026-11-20T07:40:00+05:00",
        "modified": "2026-11-21T08:00:00+05:00",
        "cms_id": "4711",
    }
    assert paper.service.headers[0]["Content-Type"].startswith("text/plain")
    assert "Cookie" not in paper.service.headers[0]


def test_a_word_across_inline_elements_is_one_word(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "балаларга", "#second")
    expect(part(page, "suggestion")).to_have_value("балаларга")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    (report,) = paper.service.reports
    assert report["quote"]["exact"] == "балаларга"
    assert report["quote"]["prefix"].endswith("оның үштен бірі — ")
    assert report["quote"]["suffix"].startswith(" арналған. Кез келген қаладағы кітапқа")
    assert report["suggestion"] is None
    assert text_at(page, report) == "балаларга"


def test_a_whole_paragraph_arrives_as_it_reads(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    page.locator("#second").click(click_count=3, position={"x": 40, "y": 12})
    press(page)
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    (report,) = paper.service.reports
    read = page.locator("#second").inner_text()
    assert report["quote"]["exact"] == read
    assert report["quote"]["prefix"].endswith("дыбыс жазу бөлмесі бар. ")
    assert report["quote"]["suffix"].startswith(" Оқу залы. Сурет: редакция")
    assert text_at(page, report) == read


def test_blocks_and_line_breaks_part_words_but_a_drop_cap_does_not(
    page: Page, paper: Newspaper
) -> None:
    arrive(page, paper.print("article"))
    page.evaluate(
        """() => { const all = document.querySelectorAll("article > p");
        getSelection().setBaseAndExtent(all[3], 0, document.querySelector("ul"), 2); }"""
    )
    press(page)
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    (report,) = paper.service.reports
    assert report["quote"]["exact"] == (
        "Оқырман саны күн сайын өсіп келеді.1 😀 Ашылу салтанатына екі жүзге жуық адам қатысты. "
        "Бірінші қабат Екінші қабат"
    )


def test_a_selection_that_is_too_long_is_cut_and_the_reader_is_told(
    page: Page, paper: Newspaper
) -> None:
    long = "Ұзақ мәтін жолы. " * 90
    html = (
        f"<!doctype html><html lang=kk><title>Ұзақ</title><body><p id=p>{long}</p>{{{{snippet}}}}"
    )
    arrive(page, paper.print("long", html=html))
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#p'))")
    press(page)
    expect(part(page, "dialog")).to_contain_text("алғашқы 1000 таңбасы")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    (report,) = paper.service.reports
    assert 900 < len(report["quote"]["exact"]) <= 1000
    assert long.startswith(report["quote"]["exact"])
    assert text_at(page, report) == report["quote"]["exact"]
    assert report["quote"]["suffix"].strip()


@pytest.mark.parametrize("keys", ["Control+Enter", "Meta+Enter", "Control+NumpadEnter"])
def test_each_of_the_keys_opens_it(page: Page, paper: Newspaper, keys: str) -> None:
    arrive(page, paper.print("article"))
    select(page, "салтанатына")
    press(page, keys)
    expect(part(page, "dialog")).to_be_visible()


def test_a_site_may_choose_another_key_whatever_the_layout(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article", data_key="ctrl+shift+e"))
    select(page, "салтанатына")
    press(page)
    page.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "У", code: "KeyE",
        ctrlKey: true, shiftKey: true, bubbles: true, composed: true}))"""
    )
    expect(part(page, "dialog")).to_be_visible()


def test_with_nothing_selected_there_is_a_hint_and_nothing_to_send(
    page: Page, paper: Newspaper
) -> None:
    arrive(page, paper.print("article"))
    press(page)
    expect(part(page, "hint")).to_contain_text("Ctrl+Enter")
    assert part(page, "send").count() == 0
    press(page, "Escape")
    expect(page.locator("tuzet-report")).to_have_count(0)


def test_the_sentence_shows_what_would_change(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "балаларга", "#second")
    quote = part(page, "quote")
    expect(quote.locator("b")).to_have_text("балаларга")
    expect(quote).to_contain_text("сөрелерде қырық мың том")
    part(page, "suggestion").fill("балаларға")
    expect(quote.locator("del")).to_have_text("г")
    expect(quote.locator("ins")).to_have_text("ғ")
    part(page, "suggestion").fill("үлкендерге")
    expect(quote.locator("del.w")).to_have_text("балаларга")
    expect(quote.locator("ins")).to_have_text("үлкендерге")


def test_sending_from_the_keyboard(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    page.keyboard.type("!")
    press(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    assert paper.service.reports[0]["suggestion"] == "салтанатына!"


def test_taking_the_words_away_is_an_empty_suggestion(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    part(page, "suggestion").fill("")
    press(page, "Enter")
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    assert paper.service.reports[0]["suggestion"] == ""


def test_the_page_hears_what_happens(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    page.evaluate(
        """() => { window.heard = [];
        for (const type of ["open", "sent", "failed"])
          document.addEventListener("tuzet:" + type, ({ detail }) =>
            window.heard.push([type, detail.id || null])); }"""
    )
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    heard = page.evaluate("window.heard")
    assert heard == [["open", None], ["sent", paper.service.reports[0]["id"]]]


def test_keys_and_clicks_inside_do_not_bubble_to_the_page(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    page.evaluate(
        """() => { window.heard = [];
        for (const type of ["keydown", "keyup", "input", "beforeinput", "click", "dblclick",
          "auxclick", "contextmenu", "pointerdown", "pointermove", "mousedown", "mouseover",
          "wheel", "focusin", "compositionstart"])
          document.addEventListener(type, () => window.heard.push(type)); }"""
    )
    part(page, "suggestion").click()
    page.keyboard.type("абв")
    part(page, "dialog").get_by_text("Дерек").click()
    for use in ("quote", "suggestion"):
        part(page, use).dblclick()
        part(page, use).click(button="middle")
        part(page, use).click(button="right")
        part(page, use).dispatch_event("compositionstart", {"bubbles": True, "composed": True})
    assert page.evaluate("window.heard") == []


def test_there_is_one_dialog_however_often_the_script_stands_there(
    page: Page, paper: Newspaper
) -> None:
    html = '<!doctype html><html lang="en"><title>T</title><p>Some wrods here.</p>'
    arrive(page, paper.print("twice", html=html + "{{snippet}}{{snippet}}{{snippet}}"))
    open_dialog(page, "wrods")
    page.evaluate("window.tuzet.open()")
    press(page)
    assert page.locator("tuzet-report").count() == 1
    assert part(page, "dialog").count() == 1
    expect(title(page)).to_have_text("Sent, thank you")
    assert len(paper.service.reports) == 1


def test_the_page_is_left_as_it_was_found(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    before = page.content()
    open_dialog(page, "балаларга", "#second")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    part(page, "cancel").click()
    expect(page.locator("tuzet-report")).to_have_count(0)
    assert page.content() == before
    assert page.evaluate("String(getSelection())") == "балаларга"


GLOBALS = """() => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const known = Object.getOwnPropertyNames(frame.contentWindow);
  frame.remove();
  return Object.getOwnPropertyNames(window).filter((name) => !known.includes(name));
}"""


def test_before_the_reader_acts_there_is_one_request_and_no_trace(
    page: Page, paper: Newspaper
) -> None:
    html = '<!doctype html><html lang="kk"><title>Т</title><body><p>Бір сөз.</p>{{snippet}}'
    address = paper.print("quiet", html=html)
    arrive(page, address)
    page.mouse.click(30, 20)
    assert paper.service.asked == ["/tuzet.js"]
    assert page.locator("tuzet-report").count() == 0
    assert (
        page.evaluate("document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)")
        == ""
    )
    assert [name for name in page.evaluate(GLOBALS) if "tuzet" in name.lower()] == ["tuzet"]
    assert re.sub(r"\s", "", page.locator("body").inner_text()) == "Бірсөз."


def test_nothing_is_left_after_destroy(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    left = "window.tuzet.destroy(), document.querySelectorAll('tuzet-report').length"
    assert page.evaluate(left) == 0  # when it returns, and not a moment later
    assert page.evaluate("'tuzet' in window") is False
    asked = len(paper.service.asked)
    select(page, "салтанатына")
    press(page)
    page.locator("#found").click()
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 400))")
    assert page.locator("tuzet-report").count() == 0
    assert len(paper.service.asked) == asked
