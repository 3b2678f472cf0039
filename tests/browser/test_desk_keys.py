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


def test_a_wish_that_changed_nothing_takes_no_earlier_decision_back(
    desk: Newsroom, page: Page
) -> None:
    other, earlier = [desk.report(n) for n in range(2)][::-1]
    with desk.db.write() as session:
        for case, by in ((earlier, Actor(EMAIL, "desk")), (other, COLLEAGUE)):
            wish = Change(status="accepted", suggestion="сақталған сөз")
            triage.move(session, case.id, 1, wish, by, utcnow(), desk.settings)
    desk.log_in(page)
    nothing = "There is nothing of yours to take back here."
    press(page, "x", "j", "x", "a")  # both are so already
    expect(page.locator("#fault")).to_have_text("Already so: 2")
    expect(page.locator(".case .undo, .tick:checked")).to_have_count(0)
    for _ in range(2):  # also where nothing is left to skip
        press(page, "u")
        expect(page.locator("#fault")).to_have_text(nothing)
        page.evaluate("document.querySelector('#fault').remove()")
    press(page, "a", "u")  # the answer need not be there
    expect(page.locator("#fault")).to_have_text(nothing)
    press(page, "f", "f", "u")  # what did something is taken back, past what did not
    expect(page.locator(f"{row(earlier.id)} .status")).to_have_text("Accepted")
    expect(page.locator(f"{row(earlier.id)} [name^=version]")).to_have_value("4")
    assert desk.statuses(other, earlier) == ["accepted", "accepted"]
    assert desk.case(earlier).suggestion == "сақталған сөз"


def test_ticks_are_taken_by_range_and_by_page_and_nothing_moves(desk: Newsroom, page: Page) -> None:
    for n in range(6):
        desk.report(n)
    page.set_viewport_size({"width": 1280, "height": 600})
    desk.log_in(page)
    ticks, chosen = page.locator(".case .tick"), page.locator("#ticked")
    page.mouse.wheel(0, 60)
    page.wait_for_function("scrollY === 60")
    stood = page.evaluate("scrollY"), page.locator("#groups").bounding_box()
    ticks.nth(0).click()
    ticks.nth(2).click(modifiers=["Shift"])
    expect(chosen).to_have_text("Selected: 3")
    assert page.evaluate("[scrollY, getSelection().toString()]") == [stood[0], ""]
    ticks.nth(1).click(modifiers=["Shift"])  # off again, from the last one to this one
    expect(chosen).to_have_text("Selected: 1")
    press(page, "Escape")
    ticks.nth(2).click(modifiers=["Shift"])  # there is no last one
    expect(chosen).to_have_text("Selected: 1")
    press(page, "A")
    expect(chosen).to_have_text("Selected: 6")
    expect(page.locator("#heard")).to_have_text("Selected: 6")
    expect(page.get_by_label("Select all on this page")).to_be_checked()
    press(page, "x")
    expect(chosen).to_have_text("Selected: 5")
    assert page.get_by_label("Select all on this page").evaluate("box => box.indeterminate")
    page.get_by_label("Select all on this page").click()
    expect(chosen).to_have_text("Selected: 6")
    page.get_by_label("Select all on this page").click()
    expect(page.locator(".bulk")).to_be_hidden()
    assert (page.evaluate("scrollY"), page.locator("#groups").bounding_box()) == stood
