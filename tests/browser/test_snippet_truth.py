"""What the reader is told after sending, and what becomes of a report that could not be sent."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import arrive, kept, open_dialog, part, press, select, send, title

pytestmark = pytest.mark.browser

KNOWN = {
    "status": "new",
    "resolution": None,
    "readers": 4,
    "already_known": True,
    "already_fixed": False,
}


def test_sent_leads_to_the_receipt(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    link = part(page, "dialog").get_by_role("link", name="Хабарымның жолы")
    expect(link).to_have_attribute(
        "href", f"{paper.service.address}/r/receipt-{paper.service.reports[0]['id']}"
    )
    assert part(page, "send").count() == 0
    assert kept(page) == []


def test_an_error_that_others_reported_is_said_to_be_known(page: Page, paper: Newspaper) -> None:
    paper.service.case = KNOWN
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("Бұл қатені 3 оқырман хабарлаған")
    expect(part(page, "status")).to_contain_text("4 оқырманның")


def test_an_error_that_is_mended_asks_to_reload(page: Page, paper: Newspaper) -> None:
    paper.service.case = {**KNOWN, "status": "verified", "already_fixed": True}
    arrive(page, paper.print("article", data_language="en"))
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("This error has been fixed")
    with page.expect_navigation():
        part(page, "dialog").get_by_role("button", name="Reload the page").click()


def test_a_case_of_its_own_stays_sent(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    paper.service.case = {**KNOWN, "readers": 1, "already_known": False}
    with page.expect_response(lambda answer: "/receipts/" in answer.url):
        pass
    expect(title(page)).to_have_text("Жіберілді, рақмет")


def test_a_refused_report_is_told_and_dropped_and_the_text_stays(
    page: Page, paper: Newspaper
) -> None:
    paper.service.status = 422
    arrive(page, paper.print("article", data_language="en"))
    open_dialog(page, "салтанатына")
    part(page, "suggestion").fill("салтанатында")
    send(page)
    expect(title(page)).to_have_text("The report was not accepted")
    expect(part(page, "status")).to_contain_text("422")
    expect(part(page, "suggestion")).to_have_value("салтанатында")
    assert kept(page) == []
    paper.service.status = 202
    part(page, "suggestion").fill("салтанатыңда")
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")
    first, second = paper.service.reports
    assert first["id"] != second["id"]


def test_over_a_limit_the_report_is_kept_until_it_is_welcome(page: Page, paper: Newspaper) -> None:
    paper.service.status = 429
    paper.service.retry_after = "2"
    arrive(page, paper.print("article", data_language="en"))
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("Too many reports at the moment")
    assert kept(page) == [f"tuzet:{paper.service.reports[0]['id']}"]
    paper.service.status = 202
    paper.service.retry_after = None
    arrive(page, paper.address + "/article")  # too early
    assert len(paper.service.reports) == 1
    page.wait_for_function("!Object.keys(localStorage).length")
    assert len(paper.service.bodies) == 1
    assert len(paper.service.reports) == 2


@pytest.mark.parametrize(
    ("status", "told"),
    [(429, "Too many reports at the moment"), (503, "No connection, report kept")],
)
def test_what_was_put_off_goes_by_itself_when_the_wait_is_over(
    page: Page, paper: Newspaper, status: int, told: str
) -> None:
    paper.service.status = status
    paper.service.retry_after = "1"
    arrive(page, paper.print("article", data_language="en"))
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text(told)
    paper.service.status = 202
    expect(title(page)).to_have_text("Sent, thank you")
    assert kept(page) == []
    assert len(paper.service.bodies) == 1


def test_a_fault_of_the_service_is_no_limit_and_is_tried_at_the_next_visit(
    page: Page, paper: Newspaper
) -> None:
    paper.service.status = 500
    arrive(page, paper.print("article", data_language="en"))
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("No connection, report kept")
    assert len(kept(page)) == 1
    paper.service.status = 202
    arrive(page, paper.address + "/article")  # at once, not in a minute
    page.wait_for_function("!Object.keys(localStorage).length")
    assert len(paper.service.bodies) == 1


def test_out_of_reach_the_report_is_kept_and_sent_from_the_same_sheet(
    page: Page, paper: Newspaper
) -> None:
    paper.service.away = True
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    part(page, "suggestion").fill("салтанатында")
    send(page)
    expect(title(page)).to_have_text("Байланыс жоқ, хабар сақталды")
    expect(part(page, "status")).to_contain_text("бір-ақ рет")
    assert len(kept(page)) == 1
    paper.service.away = False
    part(page, "send").click()
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    assert kept(page) == []
    assert [report["suggestion"] for report in paper.service.reports] == ["салтанатында"]


def test_offline_the_report_waits_for_the_network(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    page.context.set_offline(True)
    part(page, "suggestion").fill("салтанатында")
    send(page)
    expect(title(page)).to_have_text("Байланыс жоқ, хабар сақталды")
    (name,) = kept(page)
    assert paper.service.reports == []
    page.context.set_offline(False)
    page.wait_for_function("!Object.keys(localStorage).length")
    (report,) = paper.service.reports
    assert name == f"tuzet:{report['id']}"
    expect(title(page)).to_have_text("Жіберілді, рақмет")


def test_what_was_kept_is_sent_at_the_next_visit_exactly_once(page: Page, paper: Newspaper) -> None:
    paper.service.away = True
    address = paper.print("article")
    arrive(page, address)
    for text in ("салтанатына", "Ғимаратта"):
        open_dialog(page, text)
        send(page)
        expect(title(page)).to_have_text("Байланыс жоқ, хабар сақталды")
        press(page, "Escape")
    assert len(kept(page)) == 2
    paper.service.away = False
    page.goto(address)
    second = page.context.new_page()
    second.goto(address)
    page.wait_for_function("!Object.keys(localStorage).length")
    second.reload()
    arrive(page, address)
    assert [report["quote"]["exact"] for report in paper.service.reports] == [
        "салтанатына",
        "Ғимаратта",
    ]


def test_at_most_twenty_reports_are_kept_and_for_a_week(page: Page, paper: Newspaper) -> None:
    paper.service.away = True
    address = paper.print("article")
    arrive(page, address)
    page.evaluate(
        """(base) => { for (let n = 0; n < 20; n++)
        localStorage["tuzet:old" + n] = [Date.now() - 6e8 + n, 1e15, base + "/", "{}"].join(" ");
        localStorage["tuzet:older"] = [Date.now() - 7e8, 0, base + "/", "{}"].join(" ");
        localStorage["theirs"] = "stays"; }""",
        paper.service.address,
    )
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("Байланыс жоқ, хабар сақталды")
    ours = [name for name in kept(page) if name.startswith("tuzet:")]
    assert len(ours) == 20
    assert "tuzet:older" not in ours
    assert "tuzet:old0" not in ours
    assert "tuzet:old19" in ours
    assert "theirs" in kept(page)


def test_what_is_a_week_old_is_dropped_unsent(page: Page, paper: Newspaper) -> None:
    address = paper.print("article")
    arrive(page, address)
    page.evaluate(
        """(base) => { const since = Date.now() - 7.1 * 24 * 36e5;
        localStorage["tuzet:x"] = [since, 0, base + "/", "{}"].join(" "); }""",
        paper.service.address,
    )
    arrive(page, address)
    page.wait_for_function("!Object.keys(localStorage).length")
    assert paper.service.reports == []


@pytest.mark.parametrize("status", [0, 429, 503])
def test_where_nothing_can_be_kept_the_reader_is_told_and_the_text_stays(
    page: Page, paper: Newspaper, status: int
) -> None:
    paper.service.away = not status
    paper.service.status = status or 202
    page.add_init_script(
        """Object.defineProperty(window, "localStorage",
        { get() { throw new DOMException("no", "SecurityError"); } });"""
    )
    page.goto(paper.print("article", data_language="en"))
    page.wait_for_function("window.tuzet")
    open_dialog(page, "салтанатына")
    part(page, "suggestion").fill("салтанатында")
    send(page)
    expect(part(page, "status")).to_contain_text("cannot keep the report either")
    expect(title(page)).to_have_text("Could not send")
    expect(part(page, "suggestion")).to_have_value("салтанатында")
    paper.service.away = False
    paper.service.status = 202
    send(page)
    expect(title(page)).to_have_text("Sent, thank you")


def test_a_second_press_sends_nothing_twice(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    page.evaluate(
        """() => { const root = document.querySelector("tuzet-report").shadowRoot;
        const button = root.querySelector("[data-tuzet=send]");
        for (let n = 0; n < 5; n++) button.click(); }"""
    )
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    assert len(paper.service.reports) == 1


def test_a_part_that_did_not_come_is_asked_for_again(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    page.context.set_offline(True)
    select(page, "салтанатына")
    with page.expect_event("requestfailed"):  # before that, a second press waits for the first
        press(page)
    page.context.set_offline(False)
    page.wait_for_function("navigator.onLine")
    press(page)
    expect(part(page, "dialog")).to_be_visible()


def test_the_events_say_what_failed_and_whether_it_is_kept(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    page.evaluate(
        """() => { window.heard = [];
        document.addEventListener("tuzet:failed", ({ detail }) =>
          window.heard.push([detail.status, detail.kept])); }"""
    )
    paper.service.away = True
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("Байланыс жоқ, хабар сақталды")
    press(page, "Escape")
    paper.service.away = False
    paper.service.status = 403
    open_dialog(page, "Ғимаратта")
    send(page)
    expect(title(page)).to_have_text("Хабар қабылданбады")
    assert json.dumps(page.evaluate("window.heard")) == "[[0, true], [403, false]]"
