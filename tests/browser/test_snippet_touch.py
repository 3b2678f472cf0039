"""The touch button, and the sheet on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import NewPage, arrive, part, select, title

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
