"""The correction's way into the newsroom's system and into the open, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page, Route, expect

from core import connecting, triage
from core.clock import utcnow
from core.history import Actor
from core.models import Case
from core.triage import Change
from tests.browser.looks import look
from tests.browser.newsroom import Newsroom, newsroom
from tests.core.cms.newsroom import LOOPBACK, system
from tests.core.cms.test_changing import BODY, Archive
from tests.factories import PAGE_URL, RIGHT, WRONG

pytestmark = pytest.mark.browser
COLLEAGUE = Actor("daniyar@dala.example.kz", "desk")
SCREENS: dict[str, dict[str, object]] = {
    "light": {"viewport": {"width": 1440, "height": 900}},
    "phone, dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


class NewPage(Protocol):
    def __call__(self, **options: object) -> Page: ...


@pytest.fixture
def archive() -> Archive:
    """It keeps the first article."""
    return Archive(f"{PAGE_URL}/1")


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, archive: Archive) -> Iterator[Newsroom]:
    """A desk whose site has named its system."""
    with (
        newsroom(tmp_path, sqlite_url, private_networks=LOOPBACK) as opened,
        system(archive) as running,
    ):
        with opened.db.write() as session:
            connecting.add_connection(
                session, "dala", "http", running.address, "", "a-token", opened.settings, utcnow()
            )
        yield opened


def wrong_fact(desk: Newsroom) -> Case:
    """A fixed error of fact."""
    case = desk.report(
        2,
        exact="2 млн",
        prefix="Құрылысқа бюджеттен ",
        suffix=" теңге бөлінді. Ғимарат екі жылда салынды.",
        suggestion="2 млрд",
        kind="fact",
    )
    with desk.db.write() as session:
        wish = Change(status="fixed")
        triage.move(session, case.id, 1, wish, COLLEAGUE, utcnow(), desk.settings)
    return case


def test_two_keys_write_a_correction(desk: Newsroom, page: Page, archive: Archive) -> None:
    case = desk.report(1)
    desk.log_in(page, f"/cases/{case.id}")
    page.keyboard.press("c")
    page.wait_for_url("**/cms")
    page.keyboard.press("c")
    page.wait_for_url("**done=applied")
    expect(page.locator("h1 + .status")).to_have_text("Fixed")
    expect(page.locator(".history li").first).to_contain_text("Applied in CMS, revision 2")
    assert archive.fields["body"] == BODY.replace(WRONG, RIGHT)


@pytest.mark.parametrize("screen", list(SCREENS))
def test_the_new_pages_are_accessible_and_fit(
    desk: Newsroom, new_page: NewPage, screen: str
) -> None:
    typo, fact = desk.report(1), wrong_fact(desk)
    page = new_page(**SCREENS[screen])
    desk.log_in(page, f"/cases/{typo.id}/cms")
    expect(page.locator(".source ins")).to_have_text("ғ")
    look(page)
    page.goto(f"{desk.address}/cases/{fact.id}")
    look(page)
    page.fill("#sentence", "Құрылыс құны қате көрсетілген.")
    page.get_by_role("button", name="Publish the notice").click()
    expect(page.locator("#h-notice + .meta")).to_contain_text("published")
    look(page)
    page.goto(f"{desk.address}/cases/{fact.id}/elsewhere")
    page.get_by_role("button", name="Look through sitemap and feeds").click()
    expect(page.locator("[role=status].meta")).to_contain_text("0 pages read")
    look(page)
    for language in ("kk", "ru", "en"):
        page.goto(f"{desk.address}/corrections/dala?lang={language}")
        expect(page.locator(".pairs ins")).to_have_text("млрд")
        look(page)


def test_an_article_shows_its_own_corrections(desk: Newsroom, page: Page) -> None:
    fact = wrong_fact(desk)
    desk.log_in(page, f"/cases/{fact.id}")
    page.get_by_role("button", name="Publish the notice").click()
    expect(page.locator("#h-notice + .meta")).to_contain_text("published")
    line = f'<script src="{desk.address}/corrections/dala/note.js" async></script>'
    canonical = f'<link rel="canonical" href="{PAGE_URL}/2">'

    def article(route: Route) -> None:
        body = f'<!doctype html><html lang="kk">{canonical}<body><h1>Мақала</h1>{line}</body>'
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=body)

    page.route(f"{desk.address}/an-article", article)
    page.goto(f"{desk.address}/an-article")
    note = page.locator("aside.tuzet-corrections")
    expect(note).to_contain_text("Дұрысы: «Құрылысқа бюджеттен 2 млрд теңге бөлінді.»")
    data = page.locator("head script[type='application/ld+json']").text_content()
    assert "CorrectionComment" in (data or "")
