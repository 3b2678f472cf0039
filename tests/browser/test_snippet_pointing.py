"""Where nothing is selected: the site's own link, pictures, pointing, plain words; and zones."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import (
    arrive,
    part,
    press,
    select,
    send,
    text_at,
    title,
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("opened_by", ["#found", "api"])
def test_the_sites_own_link_takes_the_selection_or_shows_the_ways(
    page: Page, paper: Newspaper, opened_by: str
) -> None:
    arrive(page, paper.print("article"))
    if opened_by == "api":
        page.evaluate("window.tuzet.open()")
    else:
        page.locator(opened_by).click()
        assert page.url.endswith("/article")
    expect(part(page, "hint")).to_be_visible()
    assert part(page, "send").count() == 0
    press(page, "Escape")
    select(page, "салтанатына")
    page.locator("#found").click()
    expect(part(page, "suggestion")).to_have_value("салтанатына")


def test_pointing_at_a_picture_reports_its_caption(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    page.locator("#found").click()
    part(page, "dialog").get_by_role("button", name="Орнын көрсету").click()
    page.locator("figure img").hover()
    page.locator("figure img").click()
    expect(part(page, "suggestion")).to_have_value("Оқу залы. Сурет: редакция")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    (report,) = paper.service.reports
    assert text_at(page, report) == "Оқу залы. Сурет: редакция"


def test_pointing_at_a_picture_without_a_caption_reports_what_names_it(
    page: Page, paper: Newspaper
) -> None:
    arrive(page, paper.print("article"))
    page.evaluate("window.tuzet.open(document.querySelector('#bare'))")
    expect(part(page, "suggestion")).to_have_value("Қабат жоспары")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    (report,) = paper.service.reports
    assert report["position"] is None
    assert report["quote"]["prefix"].endswith("Бірінші қабат Екінші қабат ")
    assert report["quote"]["suffix"].startswith("Іздеу")


def test_pointing_by_keys(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("list"))
    press(page)
    part(page, "dialog").get_by_role("button", name="Point at a place").focus()
    press(page, "Enter")
    expect(part(page, "hint")).to_contain_text("↓ ↑")
    for _ in range(4):
        press(page, "ArrowDown")
    press(page, "ArrowUp")
    press(page, "ArrowDown")
    press(page, "Enter")
    expect(part(page, "suggestion")).to_have_value("Its frist words.")
    press(page, "Escape")
    press(page)
    part(page, "dialog").get_by_role("button", name="Point at a place").click()
    press(page, "Escape")
    expect(page.locator("tuzet-report")).to_have_count(0)


def test_a_link_under_the_finger_is_not_followed_while_pointing(
    page: Page, paper: Newspaper
) -> None:
    arrive(page, paper.print("list"))
    press(page)
    part(page, "dialog").get_by_role("button", name="Point at a place").click()
    page.get_by_role("link", name="Another story").click()
    expect(part(page, "suggestion")).to_have_value("Another story")
    assert page.url.endswith("/list")


def test_describing_in_words_needs_the_words(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article", data_language="en"))
    press(page)
    part(page, "dialog").get_by_role("button", name="Describe it in words").click()
    expect(part(page, "comment")).to_be_focused()
    send(page)
    assert paper.service.reports == []
    part(page, "comment").fill("The third figure in the table is wrong")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    (report,) = paper.service.reports
    assert report["kind"] == "other"
    assert report["comment"] == "The third figure in the table is wrong"
    assert report["quote"]["exact"] == "Көкжар ауданында жаңа кітапхана ашылды"


def test_a_selected_picture_is_reported_by_its_caption(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    page.evaluate(
        """() => { const range = document.createRange();
        range.selectNode(document.querySelector("figure img"));
        getSelection().addRange(range); }"""
    )
    press(page)
    expect(part(page, "suggestion")).to_have_value("Оқу залы. Сурет: редакция")


def test_zones_say_where_errors_may_be_reported(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("list", data_include="article, aside", data_exclude=".ads, h2"))
    for text, allowed in (
        ("All news", False),
        ("advertisment", False),
        ("One story", False),
        ("frist", True),
    ):
        select(page, text)
        press(page)
        if allowed:
            expect(part(page, "suggestion")).to_have_value(text)
        else:
            page.wait_for_load_state("networkidle")
            assert page.locator("tuzet-report").count() == 0
