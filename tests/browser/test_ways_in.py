"""Ways in, in a real browser: two steps, a provider, people, the book; on a phone, in dark."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from core import accounts
from core.clock import utcnow
from core.settings import Provider
from tests.browser.looks import look
from tests.browser.newsroom import EMAIL, PASSWORD, Newsroom, newsroom
from tests.conftest import NewPage
from tests.servers.provider import CLIENT, SECRET, FakeProvider, provider

pytestmark = pytest.mark.browser

SCREENS: dict[str, dict[str, object]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
}


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with provider() as running:
        running.claims = {"email": "maria@dala.example.kz", "email_verified": True}
        yield running


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, fake: FakeProvider) -> Iterator[Newsroom]:
    known = Provider(fake.issuer, CLIENT, SECRET, "Dala SSO")
    near = (ip_network("127.0.0.0/8"),)
    with newsroom(tmp_path, sqlite_url, provider=known, private_networks=near) as opened:
        yield opened


@pytest.mark.parametrize("screen", list(SCREENS))
def test_somebody_turns_the_second_step_on_and_comes_in_with_it(
    desk: Newsroom, new_page: NewPage, screen: str
) -> None:
    page = new_page(**SCREENS[screen])
    desk.log_in(page, "/profile/second-step", language="kk")
    look(page)
    page.fill("#begin-password", PASSWORD)
    page.press("#begin-password", "Enter")
    secret = page.inner_text("#secret").replace(" ", "")
    expect(page.locator(".qr svg")).to_be_visible()
    page.fill("#code", "12")
    page.press("#code", "Enter")
    expect(page.locator("#code-wrong")).to_be_visible()
    look(page)
    device = pyotp.TOTP(secret)
    page.fill("#code", device.generate_otp(device.timecode(utcnow()) - 1))
    page.press("#code", "Enter")
    codes = page.locator(".codes li")
    expect(codes).to_have_count(10)
    spare = codes.first.inner_text()
    look(page)
    page.get_by_role("link", name="Сақтап алдым").click()
    look(page)
    for path in ("/people", "/audit", "/audit?subject=жоқ"):
        page.goto(desk.address + path)
        for folded in page.locator("main details").all():
            folded.evaluate("each => { each.open = true }")
        look(page)
    _come_back(desk, page, spare)


def _come_back(desk: Newsroom, page: Page, spare: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{desk.address}/login?lang=kk")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/login/code*")
    look(page)
    page.fill("#code", spare)
    page.press("#code", "Enter")
    page.wait_for_url(f"{desk.address}/queue")


def test_somebody_comes_in_through_the_provider(desk: Newsroom, page: Page) -> None:
    page.goto(f"{desk.address}/login?lang=en&next=/profile")
    look(page)
    page.get_by_role("link", name="Log in with Dala SSO").click()
    expect(page.get_by_role("alert")).to_contain_text("maria@dala.example.kz")
    look(page)
    with desk.db.write() as session:
        accounts.add_user(
            session, "maria@dala.example.kz", "Мария Ким", None, "editor", "dala", "ru", utcnow()
        )
    page.get_by_role("link", name="Log in with Dala SSO").click()
    page.wait_for_url(f"{desk.address}/profile")
    expect(page.locator("#old")).to_have_count(0)
    look(page)
