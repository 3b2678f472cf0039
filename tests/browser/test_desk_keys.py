"""Which key is meant on which keyboard, and what the key for taking back may take back."""

import pytest
from playwright.sync_api import Page, expect

from core import triage
from core.clock import utcnow
from core.history import Actor
from core.triage import Change
from tests.browser.newsroom import COLLEAGUE, EMAIL, Newsroom, press, row

pytestmark = pytest.mark.browser


def test_keys_work_on_a_kazakh_layout(desk: Newsroom, page: Page) -> None:
    cases = [desk.report(n) for n in range(2)][::-1]
    desk.log_in(page)
    for key, code in (("о", "KeyJ"), ("ф", "KeyA")):
        page.evaluate(
            """([key, code]) => document.body.dispatchEvent(
                 new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }))""",
            [key, code],
        )
    expect(page.locator(f"{row(cases[1].id)} .status")).to_have_text("Accepted")
    assert desk.statuses(*cases) == ["new", "accepted"]


def test_digits_go_by_their_place_on_the_keyboard(desk: Newsroom, page: Page) -> None:
    case = desk.report(1)
    desk.log_in(page)
    press(page, "s")
    for key, code in ((".", "Digit7"), (",", "Digit6"), ("4", "Digit4")):
        expect(page.locator("#snoozes")).to_be_visible()
        page.evaluate(
            """([key, code]) => document.activeElement.dispatchEvent(new KeyboardEvent(
                 "keydown", { key: code === "Digit4" ? ";" : key, code, bubbles: true }))""",
            [key, code],
        )
    expect(page.locator(f"{row(case.id)} .status")).to_have_text("Snoozed")
    assert desk.case(case).wake_at_readers == 4


def test_a_colleagues_decision_is_not_taken_back_in_passing(desk: Newsroom, page: Page) -> None:
    mine, theirs = [desk.report(n) for n in range(2)][::-1]
    with desk.db.write() as session:
        for case, by in ((mine, Actor(EMAIL, "desk")), (theirs, COLLEAGUE)):
            wish = Change(status="accepted")
            triage.move(session, case.id, 1, wish, by, utcnow(), desk.settings)
    desk.log_in(page)
    press(page, "u")
    expect(page.locator(f"{row(mine.id)} .status")).to_have_text("New")
    press(page, "j", "u")
    expect(page.locator("#fault")).to_have_text("There is nothing of yours to take back here.")
    press(page, "f")
    expect(page.locator(f"{row(theirs.id)} .status")).to_have_text("Fixed")
    press(page, "u")
    expect(page.locator(f"{row(theirs.id)} .status")).to_have_text("Accepted")
    press(page, "u")
    expect(page.locator("#fault")).to_be_visible()
    page.goto(f"{desk.address}/cases/{theirs.id}")
    press(page, "u")
    expect(page.locator("#fault")).to_have_text("There is nothing of yours to take back here.")
    assert desk.statuses(mine, theirs) == ["new", "accepted"]
