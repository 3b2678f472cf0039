"""Where readers are and what they point at: phones, frames, components, applications, pictures."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import (
    NewPage,
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

PHONE = {
    "viewport": {"width": 360, "height": 700},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


# The lower edge of what is marked as selected.
MARKS_END = """() => Math.max(
  ...[...document.querySelector("tuzet-report").shadowRoot.querySelectorAll(".m div")]
    .map((mark) => mark.getBoundingClientRect().bottom))"""


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    return new_page(**PHONE)


def test_on_touch_a_button_stands_below_the_selection(phone: Page, paper: Newspaper) -> None:
    arrive(phone, paper.print("article"))
    select(phone, "балаларга", "#second")
    button = part(phone, "touch-button")
    expect(button).to_have_text("Қатені хабарлау")
    box = button.bounding_box()
    bottom = phone.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().bottom")
    assert box is not None
    assert box["y"] >= bottom + 24  # clear of the handles
    assert box["height"] >= 44
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    button.tap()
    expect(part(phone, "dialog")).to_be_visible()
    assert (
        phone.evaluate("document.querySelector('tuzet-report').shadowRoot.activeElement.localName")
        == "dialog"
    )  # no keyboard yet
    part(phone, "suggestion").fill("балаларға")
    part(phone, "send").tap()
    expect(title(phone)).to_have_text("Жіберілді, рақмет")
    (report,) = paper.service.reports
    assert report["quote"]["exact"] == "балаларга"


@pytest.mark.parametrize("room", [0, 20, 60])
def test_near_the_lower_edge_the_button_is_in_sight_and_off_the_selection(
    phone: Page, paper: Newspaper, room: int
) -> None:
    html = """<!doctype html><html lang="en"><meta name=viewport content="width=device-width">
      <title>T</title><body style="margin:0;height:690px"><div style="height:600px"></div>
      <p style="margin:0">Some wrods.</p>{{snippet}}"""
    arrive(phone, paper.print("edge", html=html))
    phone.evaluate(f"document.querySelector('div').style.height = '{680 - room - 20}px'")
    select(phone, "wrods", "p")
    expect(part(phone, "touch-button")).to_be_in_viewport(ratio=1)
    box = part(phone, "touch-button").bounding_box()
    bottom = phone.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().bottom")
    assert box is not None
    assert box["y"] >= bottom + 24


def test_the_button_works_in_a_modal_dialog_of_the_pages_own(phone: Page, paper: Newspaper) -> None:
    html = """<!doctype html><html lang="en"><meta name=viewport content="width=device-width">
      <title>T</title><body><p>Outside.</p><dialog><p id="in">A wrod in a dialog.</p></dialog>
      {{snippet}}"""
    arrive(phone, paper.print("own-dialog", html=html))
    phone.evaluate("document.querySelector('dialog').showModal()")
    select(phone, "wrod", "#in")
    part(phone, "touch-button").tap()
    expect(part(phone, "suggestion")).to_have_value("wrod")


def test_a_tap_that_empties_the_selection_still_reports_it(phone: Page, paper: Newspaper) -> None:
    arrive(phone, paper.print("article"))
    select(phone, "балаларга", "#second")
    expect(part(phone, "touch-button")).to_be_visible()
    # As systems do whose own menu goes away with the first touch elsewhere.
    phone.evaluate("addEventListener('touchstart', () => getSelection().removeAllRanges(), true)")
    part(phone, "touch-button").tap()
    expect(part(phone, "suggestion")).to_have_value("балаларга")


def test_the_button_goes_with_the_selection_and_the_page_is_as_before(
    phone: Page, paper: Newspaper
) -> None:
    arrive(phone, paper.print("article"))
    before = phone.content()
    select(phone, "балаларга", "#second")
    expect(part(phone, "touch-button")).to_be_visible()
    phone.evaluate("getSelection().removeAllRanges()")
    expect(phone.locator("tuzet-report")).to_have_count(0)
    assert phone.content() == before


def test_a_mouse_gets_no_button_and_a_site_may_do_without(
    page: Page, phone: Page, paper: Newspaper
) -> None:
    arrive(phone, paper.print("article", data_touch="off"))
    select(phone, "балаларга", "#second")
    arrive(page, paper.print("article", at="mouse"))
    select(page, "балаларга", "#second")
    for opened in (page, phone):
        opened.evaluate("new Promise((resolve) => setTimeout(resolve, 500))")
        assert opened.locator("tuzet-report").count() == 0
    assert set(paper.service.asked) == {"/tuzet.js"}


def test_on_a_phone_the_sheet_rises_from_the_lower_edge_and_the_error_stays_in_sight(
    phone: Page, paper: Newspaper
) -> None:
    arrive(phone, paper.print("article"))
    phone.evaluate("document.querySelector('footer').style.paddingBottom = '600px'")
    select(phone, "салтанатына")
    phone.evaluate(
        "scrollTo(0, document.querySelector('ul').getBoundingClientRect().top + scrollY - 600)"
    )
    part(phone, "touch-button").tap()
    sheet = part(phone, "dialog").bounding_box()
    assert sheet is not None
    assert round(sheet["y"] + sheet["height"]) == 700
    assert round(sheet["width"]) == 360
    bottom = phone.evaluate(MARKS_END)
    assert bottom <= sheet["y"]


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
    frame = paper.print("frame")
    html = f'''<!doctype html><html lang="en"><title>Outer</title><p>Outside.</p>
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
