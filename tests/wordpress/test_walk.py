"""The walk through a real WordPress: from Ctrl+Enter on a post to "verified", and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import arrive, open_dialog, part, send
from tests.wordpress.conftest import EMAIL, PASSWORD, Newsroom

pytestmark = [
    pytest.mark.browser,
    pytest.mark.wordpress,
    pytest.mark.xdist_group("wordpress"),  # one WordPress serves all
]

CONTENT = """<!-- wp:paragraph {"dropCap":true} -->
<p class="has-drop-cap">Көкжар ауданында “Білім&nbsp;&mdash; бақыт” атты кітапхана ашылды. \
Оның үштен бірі <strong>бала</strong><em>лар</em>га &amp; &#1078;асөспірімдерге арналған -- \
деді "Дала&shy; үні" тілшісі.</p>
<!-- /wp:paragraph -->

<!-- wp:paragraph -->
<p>Кез келген <a href="/%(slug)s-x/" title="балаларга">қаладағы</a> кітапты осы жерден \
[неткен] алдыруға болады…</p>
<!-- /wp:paragraph -->"""
WRONG, RIGHT = "балаларга", "балаларға"
WRITTEN = "<em>лар</em>ға &amp; &#1078;асөспірімдерге"
VERIFIED_WITHIN_MS = 10_000


def report(newsroom: Newsroom, page: Page, slug: str) -> int:
    """A reader selects the word over three elements, presses Ctrl+Enter, corrects and sends."""
    content = CONTENT % {"slug": slug}
    number = newsroom.paper.publish(f"Кітапхана ашылды: {slug}", content, slug)
    arrive(page, f"{newsroom.paper.address}/{slug}/")
    open_dialog(page, WRONG, ".entry-content, main")
    part(page, "suggestion").fill(RIGHT)
    send(page)
    expect(part(page, "status")).to_contain_text("The editors will look at it")
    return number


def open_case(newsroom: Newsroom, page: Page, slug: str) -> None:
    """An editor comes in and opens the case of that post."""
    page.goto(f"{newsroom.desk.base_url}/login?lang=en")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/queue")
    case = page.locator(f".group:has-text('{slug}') a[href*='/cases/']").first
    reloaded(page, lambda: expect(case).to_be_visible(timeout=500))
    case.click()
    page.wait_for_url("**/cases/**")


def reloaded(page: Page, holds: Callable[[], None], within_ms: int = 10_000) -> None:
    """Load the page again until something holds; the last failure if it does not in time."""
    for _ in range(within_ms // 500 - 1):
        try:
            return holds()
        except AssertionError:
            page.reload()
    return holds()


def see_source(page: Page) -> None:
    page.keyboard.press("c")
    page.wait_for_url("**/cms")


def apply(page: Page) -> None:
    page.keyboard.press("c")
    page.wait_for_url(re.compile(r"done=applied"))


def status(page: Page) -> None:
    expect(page.locator("h1 + .status")).to_contain_text("Verified", timeout=500)


def test_a_correction_is_written_seen_on_the_page_and_taken_back(
    newsroom: Newsroom, page: Page
) -> None:
    number = report(newsroom, page, "kitapkhana")
    before = newsroom.paper.content(number)
    open_case(newsroom, page, "kitapkhana")
    see_source(page)
    expect(page.locator(".source .minus del")).to_have_text("г")
    expect(page.locator(".source .plus ins")).to_have_text("ғ")
    apply(page)
    assert newsroom.paper.content(number) == before.replace("<em>лар</em>га", "<em>лар</em>ға")
    assert WRITTEN in newsroom.paper.content(number)
    reloaded(page, lambda: status(page), VERIFIED_WITHIN_MS)
    see_source(page)
    page.get_by_role("button", name="Take it back in WordPress").click()
    page.wait_for_url(re.compile(r"done=reverted"))
    assert newsroom.paper.content(number) == before
    expect(page.locator("h1 + .status")).not_to_contain_text("Verified")


def test_a_post_edited_in_between_is_left_alone(newsroom: Newsroom, page: Page) -> None:
    number = report(newsroom, page, "edited")
    open_case(newsroom, page, "edited")
    see_source(page)
    edited = newsroom.paper.content(number).replace("Кез келген", "Қай")
    newsroom.paper.save(number, edited)
    page.keyboard.press("c")
    expect(page.locator(".notice.error")).to_contain_text(
        "The text in WordPress was changed meanwhile. Nothing was written."
    )
    assert newsroom.paper.content(number) == edited


def test_what_was_corrected_in_wordpress_without_a_word_closes_by_itself(
    newsroom: Newsroom, page: Page
) -> None:
    number = report(newsroom, page, "silent")
    open_case(newsroom, page, "silent")
    content = newsroom.paper.content(number)
    newsroom.paper.save(number, content.replace("<em>лар</em>га", "<em>лар</em>ға"))
    reloaded(page, lambda: status(page), VERIFIED_WITHIN_MS)
