"""Whose key it is while a field of the page has the focus."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import arrive, part, press, select

pytestmark = pytest.mark.browser

HTML = """<!doctype html><html lang="en"><title>T</title><body><p>Some wrods here.</p>
  <input id="search"><textarea id="note">words</textarea><input type="checkbox" id="box">
  <input type="radio" id="radio"><input type="submit" id="submit" value="Go">
  <button id="go">Go</button>
  <div id="editor" contenteditable>An editor has <b>wrods</b> too.</div>{{snippet}}"""


@pytest.mark.parametrize("field", ["#search", "#box", "#radio", "#submit", "#go"])
def test_text_that_is_selected_outside_is_what_the_key_is_about(
    page: Page, paper: Newspaper, field: str
) -> None:
    arrive(page, paper.print("fields", html=HTML))
    page.locator(field).focus()
    select(page, "wrods", "p")
    press(page)
    expect(part(page, "suggestion")).to_have_value("wrods")


@pytest.mark.parametrize("field", ["#search", "#note", "#editor"])
def test_what_is_written_in_a_field_is_the_fields_own(
    page: Page, paper: Newspaper, field: str
) -> None:
    arrive(page, paper.print("fields", html=HTML))
    page.locator(field).focus()
    page.keyboard.type("more")
    select(page, "wrods", "p")  # as engines have it in which a field's selection is its own
    page.locator(field).focus()
    press(page)
    page.wait_for_load_state("networkidle")
    assert paper.service.asked == ["/tuzet.js"]


def test_a_selection_in_an_editor_is_the_editors(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("fields", html=HTML))
    page.locator("#editor").focus()
    select(page, "wrods", "#editor")
    press(page)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#editor'))")
    press(page)
    page.wait_for_load_state("networkidle")
    assert paper.service.asked == ["/tuzet.js"]


@pytest.mark.parametrize("field", ["#search", "#note", "#editor"])
def test_the_key_belongs_to_fields_and_editors(page: Page, paper: Newspaper, field: str) -> None:
    arrive(page, paper.print("article"))
    page.locator(field).click()
    press(page, "Control+a")
    press(page)
    assert page.locator("tuzet-report").count() == 0
    assert not [path for path in paper.service.asked if path != "/tuzet.js"]


def test_the_key_belongs_to_a_page_that_is_an_editor(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    page.evaluate("document.designMode = 'on'")
    select(page, "салтанатына")
    press(page)
    page.wait_for_load_state("networkidle")
    assert page.locator("tuzet-report").count() == 0
