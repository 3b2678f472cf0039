"""An administrator sets the snippet and sees it, as it will be, before anything is saved."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.models import Report, Site
from tests.browser.newsroom import Newsroom
from tests.conftest import NewPage

pytestmark = pytest.mark.browser


def _site(desk: Newsroom) -> Site:
    with desk.db.read() as session:
        return session.scalars(select(Site)).one()


def test_the_preview_follows_what_is_typed_and_sends_nothing(desk: Newsroom, page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    desk.log_in(page, "/settings/1/snippet")
    preview = page.frame_locator("iframe[name=preview]")
    title = preview.locator("[data-tuzet=dialog]")
    expect(preview.locator("[data-tuzet=suggestion]")).to_have_value("балаларға")
    assert page.evaluate("document.activeElement.tagName") != "IFRAME"  # the form keeps the focus
    page.locator("[name='texts.kk.title']").fill("Өз тақырыбымыз")
    page.locator("[name=accent]").fill("#8c1d18")
    expect(page.locator("[data-count]")).to_have_text("Not saved yet: 2")
    expect(title).to_contain_text("Өз тақырыбымыз")
    send = preview.locator("[data-tuzet=send]")
    expect(send).to_have_css("background-color", "rgb(140, 29, 24)")
    send.click()
    expect(title).to_contain_text("Алдын ала көру: ештеңе жіберілген жоқ.")
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(preview.locator("html")).to_have_attribute("data-theme", "dark")
    assert _site(desk).widget == {}
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notice.good")).to_have_text("Saved")
    expect(page.locator(".right")).to_have_text("9.1:1 with white text")
    assert _site(desk).widget["accent"] == "#8c1d18"
    with desk.db.read() as session:
        assert session.scalars(select(Report)).all() == []


def test_without_a_script_a_button_shows_what_is_typed(desk: Newsroom, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    desk.log_in(page, "/settings/1/snippet")
    preview = page.frame_locator("iframe[name=preview]")
    before = preview.locator("script[data-preview]").get_attribute("data-site")
    page.get_by_label("Silent").check()
    page.get_by_role("button", name="Show what is typed").click()
    shown = preview.locator(f"script[data-preview]:not([data-site='{before}'])")
    expect(shown).to_be_attached()
    assert _site(desk).widget == {}
