"""What a reader downloads, when, and what happens if a piece of it does not come."""

import json

import brotli
import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import KEY, SNIPPET, Newspaper, Service
from tests.browser.reader import NewPage, arrive, open_dialog, part, press, select, send, title

pytestmark = pytest.mark.browser

LISTING = json.loads((SNIPPET / "parts.json").read_text(encoding="utf-8"))
KAZAKH = LISTING["languages"]["kk"]
BEFORE, OPEN = 2_048, 8_192
OWN = Service().own


def weigh(paths: list[str]) -> int:
    """Bytes after brotli 11."""
    files = [
        OWN.encode() if path == "/tuzet.own.js" else (SNIPPET / path.lstrip("/")).read_bytes()
        for path in paths
    ]
    return sum(len(brotli.compress(file, mode=brotli.MODE_TEXT, quality=11)) for file in files)


def test_the_budgets_hold_in_a_browser(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    assert paper.service.asked == ["/tuzet.js"]
    assert weigh(paper.service.asked) <= BEFORE
    open_dialog(page, "салтанатына")
    page.wait_for_load_state("networkidle")
    first, *others = paper.service.asked
    assert first == "/tuzet.js"
    assert sorted(others) == sorted(["/tuzet.own.js", f"/{KAZAKH['part']}"])
    assert weigh(paper.service.asked) <= OPEN
    with page.expect_response(lambda answer: answer.url.endswith(KAZAKH["more"])):
        page.keyboard.type("!")


def test_on_touch_the_budget_holds_too(new_page: NewPage, paper: Newspaper) -> None:
    phone = new_page(viewport={"width": 360, "height": 700}, has_touch=True, is_mobile=True)
    arrive(phone, paper.print("article"))
    select(phone, "салтанатына")
    part(phone, "touch-button").tap()
    expect(part(phone, "dialog")).to_be_visible()
    assert weigh(sorted(set(paper.service.asked) - {f"/{KAZAKH['more']}"})) <= OPEN


def test_a_second_press_downloads_nothing(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    for text in ("салтанатына", "Ғимаратта", "Көкжар"):
        open_dialog(page, text)
        press(page, "Escape")
        expect(page.locator("tuzet-report")).to_have_count(0)
    assert paper.service.asked.count(f"/{KAZAKH['part']}") == 1


def test_without_the_second_part_the_report_is_sent_all_the_same(
    page: Page, paper: Newspaper
) -> None:
    paper.service.lost = "tuzet-more"
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    (report,) = paper.service.reports
    assert report["metadata"] is None
    assert report["quote"]["exact"] == "салтанатына"


def test_without_the_first_part_there_is_silence(page: Page, paper: Newspaper) -> None:
    paper.service.lost = "tuzet.kk"
    arrive(page, paper.print("article"))
    select(page, "салтанатына")
    press(page)
    page.wait_for_load_state("networkidle")
    assert page.locator("tuzet-report").count() == 0


def test_a_whole_file_is_everything_and_can_be_pinned(page: Page, paper: Newspaper) -> None:
    address = f"{paper.service.address}/{KAZAKH['whole']}"
    script = (
        f'<script src="{address}" integrity="{KAZAKH["integrity"]}" crossorigin="anonymous" '
        f'data-site="{KEY}" async></script>'
    )
    policy = f"default-src 'none'; script-src {address}; connect-src SERVICE"
    html = f'<!doctype html><html lang="ru"><title>T</title><p>Одна опечатка.</p>{script}'
    arrive(page, paper.print("pinned", html=html, policy=policy))
    open_dialog(page, "опечатка")
    expect(title(page)).to_have_text("Қатені хабарлау")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    assert [path for path in paper.service.asked if path.endswith(".js")] == [f"/{KAZAKH['whole']}"]
