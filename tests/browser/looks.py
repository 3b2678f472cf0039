"""How a page of the desk reads to those who cannot see it, and whether it fits its screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(page: Page) -> None:
    """Nothing for axe to find, nothing that sticks out to the side."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(_WIDER) <= 0, page.url
