"""Ordinary mistakes with the desk's script: told where one is, and nothing typed is lost."""

from playwright.sync_api import Page, expect

from core import presence, triage
from core.clock import utcnow
from core.models import Case
from tests.browser.newsroom import COLLEAGUE, EMAIL, PASSWORD, Newsroom, row
from tests.factories import make_user


def _with_a_note(desk: Newsroom, page: Page) -> Case:
    """A case that somebody has open, with a note that is not sent."""
    case = desk.report(1)
    desk.log_in(page, f"/cases/{case.id}")
    page.fill("#note", "Авторға айтамын")
    return case


def test_a_day_or_number_that_is_none_leaves_the_note_in_its_field(
    desk: Newsroom, page: Page
) -> None:
    case = _with_a_note(desk, page)
    page.press("#note", "Escape")
    page.press("body", "s")
    page.click("[data-needs=until]")  # the browser asks for a day and sends nothing
    expect(page.locator("#until")).to_be_focused()
    page.press("#until", "Escape")
    page.evaluate("document.querySelector('#merges').showPopover()")
    page.fill("#into", "9999")
    page.press("#into", "Enter")
    expect(page.locator(".notice.error")).to_contain_text("number of another case")
    expect(page.locator("#note")).to_have_value("Авторға айтамын")
    assert desk.case(case).version == 1


def test_another_kind_is_saved_at_once_and_leaves_what_was_typed(
    desk: Newsroom, page: Page
) -> None:
    case = _with_a_note(desk, page)
    page.select_option("select[name=kind]", "link")
    expect(page.locator(".notice.good")).to_contain_text("Kind changed")
    expect(page.locator("#note")).to_have_value("Авторға айтамын")
    assert desk.case(case).kind == "link"


def test_what_was_typed_outlives_the_log_in_and_is_sent_by_nobody_else(
    desk: Newsroom, page: Page
) -> None:
    case = _with_a_note(desk, page)
    page.fill("#correction", "менің нұсқам")
    page.context.clear_cookies()
    page.click("[name=do][value=accept]")
    page.locator("a.main-action").click()  # the page that says so
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"**/cases/{case.id}")
    expect(page.locator("#drafted")).to_be_visible()
    expect(page.locator("#note")).to_have_value("Авторға айтамын")
    expect(page.locator("#correction")).to_have_value("менің нұсқам")
    assert desk.case(case).version == 1
    page.click("#save-correction")
    expect(page.locator(".notice.good")).to_contain_text("Correction saved")
    page.goto(f"{desk.address}/cases/{case.id}")
    expect(page.locator("#note")).to_have_value("Авторға айтамын")
    page.click("[name=do][value=note]")
    expect(page.locator(".notice.good")).to_contain_text("Note added")
    page.goto(f"{desk.address}/cases/{case.id}")
    expect(page.locator("#note")).to_have_value("")
    expect(page.locator("#drafted")).to_be_hidden()
    assert desk.case(case).suggestion == "менің нұсқам"
    panels = page.locator(".case-page").bounding_box()
    with desk.db.write() as session:
        colleague = make_user(session, utcnow(), COLLEAGUE.name)
        presence.look(session, case.id, colleague.id, utcnow())
    page.reload()
    expect(page.locator("#here")).to_contain_text("is looking at this case now")
    assert page.locator(".case-page").bounding_box() == panels
    page.fill("#note", "Тағы")
    stood = page.locator(".head").bounding_box()
    with desk.db.write() as session:
        triage.note(session, case.id, "Тексердім", COLLEAGUE, utcnow(), desk.settings)
    expect(page.locator("#changed")).to_contain_text("has changed here", timeout=10_000)
    assert page.locator(".head").bounding_box() == stood
    expect(page.locator("#note")).to_have_value("Тағы")
    page.click("#changed a")
    expect(page.locator(".note").last).to_contain_text("Тексердім")
    expect(page.locator("#note")).to_have_value("Тағы")


def test_in_the_queue_too_a_day_is_asked_for(desk: Newsroom, page: Page) -> None:
    case = desk.report(1)
    desk.log_in(page)
    page.press("body", "s")
    page.click("[data-needs=until]")
    expect(page.locator("#until")).to_be_focused()
    page.fill("#until", "2020-01-01")
    page.evaluate("document.querySelector('[data-needs]').removeAttribute('data-needs')")
    page.locator("#snoozes .other button").first.click()  # as if the browser had not asked
    expect(page.locator("#fault")).to_contain_text("Choose a day after today")
    assert desk.case(case).version == 1


def test_enter_in_a_field_of_the_queue_is_the_fields_own_button(desk: Newsroom, page: Page) -> None:
    until, readers = [desk.report(n) for n in range(2)][::-1]
    desk.log_in(page)
    page.press("body", "s")
    page.fill("#until", "2099-01-05")
    page.press("#until", "Enter")
    expect(page.locator(f"{row(until.id)} .status")).to_have_text("Snoozed")
    page.press("body", "j")
    page.press("body", "s")
    page.fill("#more_readers", "2000")
    page.press("#more_readers", "Enter")  # the browser says where the bounds are
    expect(page.locator("#more_readers")).to_be_focused()
    page.fill("#more_readers", "20")
    page.press("#more_readers", "Enter")
    expect(page.locator(f"{row(readers.id)} .status")).to_have_text("Snoozed")
    assert desk.statuses(until, readers) == ["new", "new"]
    assert (desk.case(until).wake_at_readers, desk.case(readers).wake_at_readers) == (None, 21)
