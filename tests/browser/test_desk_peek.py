"""The case under the cursor beside the list, on a screen that has room for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, ViewportSize, expect
from sqlalchemy import select

from core.models import Presence
from tests.browser.newsroom import Newsroom, newsroom
from tests.conftest import NewPage

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 2560, "height": 1200}
NARROW: ViewportSize = {"width": 1790, "height": 900}
ANY = "**/cases/*/peek"


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Iterator[Newsroom]:
    with newsroom(tmp_path, sqlite_url) as opened:
        yield opened


def _shown(page: Page, case_id: int) -> None:
    """This case is shown, and the focus is in the list."""
    expect(page.locator("#peek[data-case] .paragraph")).to_be_visible()
    expect(page.locator("#peek")).to_have_attribute("data-case", str(case_id))
    assert page.evaluate("document.activeElement.closest('#peek')") is None


def test_the_case_beside_the_list_follows_the_cursor(desk: Newsroom, page: Page) -> None:
    first, second, third = [desk.report(n) for n in range(3)][::-1]  # the newest stands first
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.set_viewport_size(WIDE)
    desk.log_in(page)
    _shown(page, first.id)
    page.route(f"**/cases/{second.id}/peek", hold)
    page.keyboard.press("j")
    expect(page.locator("#peek")).to_have_text("The case is on its way.")
    with page.expect_event("requestfailed") as given_up:
        page.keyboard.press("j")
    assert [given_up.value.url] == [late.request.url for late in held]
    _shown(page, third.id)
    page.keyboard.press("a")
    expect(page.locator("#peek .panel > header .status")).to_have_text("Accepted")
    _shown(page, third.id)
    assert desk.statuses(first, second, third) == ["new", "new", "accepted"]
    page.unroute(f"**/cases/{second.id}/peek")
    page.route(ANY, lambda route: route.fulfill(status=500))
    page.keyboard.press("k")
    expect(page.locator("#peek")).to_contain_text("cannot be shown here right now")
    page.unroute(ANY)
    page.locator(f"#case-{first.id} .tick").focus()  # the cursor goes along with the focus
    _shown(page, first.id)
    assert Axe().run(page).violations_count == 0
    page.emulate_media(media="print")
    expect(page.locator("#peek")).to_be_hidden()
    expect(page.locator("#every")).to_be_hidden()
    expect(page.locator(".case .person:visible")).to_have_count(0)
    page.emulate_media(media="screen")
    page.set_viewport_size(NARROW)
    expect(page.locator("#peek")).to_be_hidden()
    expect(page.locator("#peek > *")).to_have_count(0)
    with desk.db.read() as session:
        assert session.scalars(select(Presence)).all() == []


def test_without_a_script_there_is_no_empty_column(desk: Newsroom, new_page: NewPage) -> None:
    desk.report(1)
    page = new_page(java_script_enabled=False, viewport=WIDE)
    desk.log_in(page)
    expect(page.locator("#peek")).to_be_hidden()
    widths = "[...document.querySelectorAll('.groups, .tabrow')].map((each) => each.offsetWidth)"
    assert len(set(page.evaluate(widths))) == 1
