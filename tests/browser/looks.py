"""How a page of the desk reads to those who cannot see it, and whether it fits its screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_PHONE, _SMALLEST = 390, 320


def look(page: Page) -> None:
    """Nothing for axe to find, nothing that sticks out to the side; of a phone's page also not on
    the smallest one."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(_WIDER) <= 0, page.url
    size = page.viewport_size
    if size is not None and size["width"] == _PHONE:
        page.set_viewport_size({**size, "width": _SMALLEST})
        assert page.evaluate(_WIDER) <= 0, f"{page.url} at {_SMALLEST} px"
        page.set_viewport_size(size)
