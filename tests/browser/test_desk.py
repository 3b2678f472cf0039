"""An editor at the desk, in a real browser: by keyboard, without a script, on every screen."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core import accounts, tokens, triage
from core.clock import utcnow
from core.models import User
from core.rights import rights_of
from core.triage import Change
from tests.browser.looks import look
from tests.browser.newsroom import COLLEAGUE, EMAIL, Newsroom, press, row
from tests.conftest import NewPage

pytestmark = pytest.mark.browser


def test_an_editor_clears_the_queue_by_keyboard(desk: Newsroom, page: Page) -> None:
    cases = [desk.report(n) for n in range(4)][::-1]  # the newest stands first
    desk.log_in(page)
    expect(page.locator(row(cases[0].id))).to_have_attribute("aria-current", "true")
    press(page, "a")
    expect(page.locator(f"{row(cases[0].id)} .status")).to_have_text("Accepted")
    press(page, "j", "f")
    expect(page.locator(f"{row(cases[1].id)} .status")).to_have_text("Fixed")
    press(page, "j", "d", "o")
    expect(page.locator(f"{row(cases[2].id)} .state")).to_contain_text("Opinion")
    press(page, "j", "i")
    expect(page.locator(f"{row(cases[3].id)} .person.me")).to_be_attached()
    assert desk.statuses(*cases) == ["accepted", "fixed", "dismissed", "new"]
    assert desk.case(cases[2]).resolution == "opinion"
    assert len(page.query_selector_all(".case")) == 4  # nothing has moved


# What is pressed for each of ten cases, the newest first, and what the API then says of it.
TEN: tuple[tuple[tuple[str, ...], dict[str, object]], ...] = (
    (("a",), {"status": "accepted"}),
    (("f",), {"status": "fixed"}),
    (("d", "n"), {"status": "dismissed", "resolution": "not_an_error"}),
    (("d", "o"), {"status": "dismissed", "resolution": "opinion"}),
    (("i", "a"), {"status": "accepted", "assignee": EMAIL}),
    (("s", "4"), {"status": "new", "wake_at_readers": 4}),
    (("f", "u"), {"status": "new"}),
    (("d", "p"), {"status": "dismissed", "resolution": "spam"}),
    (("a", "f"), {"status": "fixed"}),
    (("d", "g"), {"status": "dismissed", "resolution": "page_gone"}),
)


def test_ten_mixed_cases_are_cleared_by_keyboard_alone(desk: Newsroom, page: Page) -> None:
    kinds = ("typo", "fact", "link", "other")
    cases = [desk.report(n, kind=kinds[n % 4]) for n in range(len(TEN))][::-1]
    with desk.db.write() as session:
        user = session.scalars(select(User).where(User.email == EMAIL)).one()
        token = tokens.add(session, user, "test", utcnow())
    desk.log_in(page, "/queue?sort=newest")
    headers = {"Authorization": f"Bearer {token}"}
    for case, (keys, wanted) in zip(cases, TEN, strict=True):
        expect(page.locator(row(case.id))).to_have_attribute("aria-current", "true")
        assert len(keys) + 1 <= 4  # with the j that goes on
        address = f"{desk.address}/api/v1/cases/{case.id}"
        acts = [keys] if keys[0] in "ds" else [(key,) for key in keys]
        told: dict[str, Any] = {}
        for version, act in enumerate(acts, 2):
            press(page, *act)
            for _ in range(100):  # an editor looks at what a key did before pressing the next
                told = page.request.get(address, headers=headers).json()
                if told["version"] >= version:
                    break
                page.wait_for_timeout(100)
        assert {name: told[name] for name in wanted} == wanted, keys
        press(page, "j")


def test_what_was_done_by_a_key_is_undone_by_a_key(desk: Newsroom, page: Page) -> None:
    first, second = desk.report(2), desk.report(1)
    desk.log_in(page)
    press(page, "x", "j", "x", "d", "n")
    for case in (first, second):
        expect(page.locator(f"{row(case.id)} .status")).to_have_text("Dismissed")
    press(page, "u")
    for case in (first, second):
        expect(page.locator(f"{row(case.id)} .status")).to_have_text("New")
    assert desk.statuses(first, second) == ["new", "new"]
    press(page, "Escape", "k", "a", "j", "a", "u", "u")  # step by step, wherever the cursor is
    for case in (first, second):
        expect(page.locator(f"{row(case.id)} .status")).to_have_text("New")
        expect(page.locator(f"{row(case.id)} [name^=version]")).to_have_value("5")
    assert desk.statuses(first, second) == ["new", "new"]


def test_the_cursor_opens_a_case_and_comes_back(desk: Newsroom, page: Page) -> None:
    cases = [desk.report(n) for n in range(3)][::-1]
    desk.log_in(page)
    press(page, "j", "Enter")
    page.wait_for_url(f"**/cases/{cases[1].id}")
    press(page, "j")
    page.wait_for_url(f"**/cases/{cases[2].id}")
    press(page, "k")
    page.wait_for_url(f"**/cases/{cases[1].id}")
    press(page, "Escape")
    page.wait_for_url(f"**/queue#case-{cases[1].id}")
    expect(page.locator(row(cases[1].id))).to_have_attribute("aria-current", "true")


def test_a_correction_is_edited_and_accepted_by_keyboard(desk: Newsroom, page: Page) -> None:
    case = desk.report(1)
    desk.log_in(page)
    press(page, "e")
    page.wait_for_url("**#correction")
    expect(page.locator("#correction")).to_be_focused()
    page.keyboard.type(" емес")
    press(page, "Enter")
    expect(page.locator(".notice.good")).to_have_text("Correction saved")
    press(page, "a")
    expect(page.locator(".head .status")).to_have_text("Accepted")
    assert desk.case(case).suggestion == "балаларға емес"


def test_keys_are_letters_in_a_field(desk: Newsroom, page: Page) -> None:
    case = desk.report(1)
    desk.log_in(page)
    press(page, "/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("afdux?")
    expect(page.locator("#q")).to_have_value("afdux?")
    press(page, "Escape")
    expect(page.locator("#q")).not_to_be_focused()
    assert desk.statuses(case) == ["new"]


def test_keys_with_ctrl_belong_to_the_browser(desk: Newsroom, page: Page) -> None:
    case = desk.report(1)
    desk.log_in(page)
    press(page, "Control+a", "Control+f", "Alt+d", "Escape")
    assert desk.statuses(case) == ["new"]


def test_every_key_is_listed_beside_its_meaning(desk: Newsroom, page: Page) -> None:
    desk.report(1)
    desk.log_in(page)
    press(page, "?")
    expect(page.locator("dialog#keys")).to_be_visible()
    listed = page.locator("dialog#keys kbd").all_inner_texts()
    for key in ("j", "k", "Enter", "a", "e", "f", "d", "s", "i", "u", "x", "/", "?", "Esc"):
        assert key in listed
    press(page, "a", "Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()


def test_a_colleague_who_was_faster_is_not_overwritten(desk: Newsroom, page: Page) -> None:
    case = desk.report(1)
    desk.log_in(page)
    with desk.db.write() as session:
        wish = Change(status="dismissed", resolution="opinion")
        triage.move(session, case.id, 1, wish, COLLEAGUE, utcnow(), desk.settings)
    press(page, "a")
    expect(page.locator(f"{row(case.id)} .said")).to_contain_text("Somebody changed it")
    expect(page.locator(f"{row(case.id)} .status")).to_have_text("Dismissed")
    assert desk.statuses(case) == ["dismissed"]


def test_new_cases_and_changes_appear_without_a_reload(desk: Newsroom, page: Page) -> None:
    cases = [desk.report(n) for n in range(2)][::-1]
    desk.log_in(page)
    page.wait_for_load_state("networkidle")
    stood = page.locator(row(cases[0].id)).bounding_box()
    tick = page.locator(f"{row(cases[1].id)} .tick")  # beside the cursor's row
    tick.evaluate("box => { box.checked = true; box.focus(); }")
    desk.report(5)
    with desk.db.write() as session:
        wish = Change(status="dismissed", resolution="opinion")
        triage.move(session, cases[1].id, 1, wish, COLLEAGUE, utcnow(), desk.settings)
    expect(page.locator("#fresh a")).to_have_text("1 new case", timeout=10_000)
    expect(page.locator(f"{row(cases[1].id)} .status")).to_have_text("Dismissed")
    expect(page.locator(".tabs [data-tally='all']")).to_have_text("3")
    expect(page.locator(".tabs [data-tally='dismissed']")).to_have_text("1")
    expect(page.locator(".rail [data-tally='waiting']")).to_have_text("2")
    expect(tick).to_be_focused()
    expect(tick).to_be_checked()
    page.context.set_offline(True)
    expect(page.locator("#fresh .stopped")).to_contain_text("as of", timeout=10_000)
    page.context.set_offline(False)
    expect(page.locator("#fresh .stopped")).to_have_count(0, timeout=10_000)
    expect(page.locator("#fresh a")).to_have_text("1 new case")
    assert page.locator(".case").count() == 2
    assert page.locator(row(cases[0].id)).bounding_box() == stood  # nothing has moved
    expect(page.locator(row(cases[0].id))).to_have_attribute("aria-current", "true")
    page.locator("#fresh a").click()
    expect(page.locator(".case")).to_have_count(2)
    expect(page.locator("#fresh a")).to_have_count(0)


def test_ticked_cases_are_merged_by_a_key(desk: Newsroom, page: Page) -> None:
    cases = [desk.report(n) for n in range(2)][::-1]
    desk.log_in(page)
    press(page, "x", "j", "x", "m")
    expect(page.locator(f"{row(cases[1].id)} .status")).to_have_text("Dismissed")
    assert desk.case(cases[1]).merged_into_id == cases[0].id


def test_an_ended_log_in_leads_back_to_the_door(desk: Newsroom, page: Page) -> None:
    case = desk.report(1)
    desk.log_in(page)
    page.context.clear_cookies()
    press(page, "a")
    page.wait_for_url(re.compile("/login"))
    assert desk.statuses(case) == ["new"]


def test_everything_works_without_a_script(desk: Newsroom, new_page: NewPage) -> None:
    cases = [desk.report(n) for n in range(3)][::-1]
    page = new_page(java_script_enabled=False)
    desk.log_in(page)
    expect(page.get_by_role("button", name="Apply")).to_be_visible()
    page.check(f".tick[value='{cases[0].id}']")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator(".notice.good")).to_contain_text("Accepted: 1")
    page.locator(".notice.good").get_by_role("button", name="Undo").click()
    expect(page.locator(".notice.good")).to_contain_text("Taken back: 1")
    page.check(f".tick[value='{cases[1].id}']")
    page.get_by_role("button", name="Dismiss", exact=True).click()
    page.get_by_role("button", name="Opinion").click()
    expect(page.locator(".notice.good")).to_contain_text("Dismissed: 1")
    page.locator(f"{row(cases[2].id)} .sentence").click()
    page.get_by_role("button", name="Mark fixed", exact=True).click()
    expect(page.locator(".head .status")).to_have_text("Fixed")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".head .status")).to_have_text("New")
    page.goto(f"{desk.address}/keys")
    assert "j" in page.locator("main kbd").all_inner_texts()
    assert desk.statuses(*cases) == ["new", "dismissed", "new"]


GRAVE = ("error", "warning")  # of what a browser says; the rest is advice

SCREENS: dict[str, dict[str, object]] = {
    "light": {"viewport": {"width": 1440, "height": 900}},
    "dark, wide": {"viewport": {"width": 2560, "height": 1200}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


@pytest.mark.parametrize("screen", list(SCREENS))
def test_every_page_is_accessible_and_fits(desk: Newsroom, new_page: NewPage, screen: str) -> None:
    case = desk.report(1, exact="Қазақ\u00adстaн", suggestion="Қазақ\u00adстан", comment="Сөз")
    desk.report(1, exact="қырық мың", suggestion=None, kind="fact", prefix="сөрелерде ")
    page = new_page(**SCREENS[screen])
    faults: list[str] = []
    page.on("console", lambda told: faults.extend([told.text] if told.type in GRAVE else []))
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(f"{desk.address}/login?lang=ru")
    look(page)
    desk.log_in(page, language="kk")
    for path in (
        "/queue",
        "/queue?q=жоқ",
        f"/cases/{case.id}",
        "/deliveries",
        "/numbers",
        "/people",
        "/settings/1/snippet",
        "/settings/1/site",
        "/settings/1/channels",
        "/settings/1/rules",
        "/settings/1/words",
        "/settings/1/cms",
        "/settings/1/privacy",
        "/install",
        "/profile",
        "/profile/access",
        "/profile/mail",
        "/profile/second-step",
        "/audit",
        "/keys",
    ):
        page.goto(desk.address + path)
        look(page)
    assert faults == []
    with desk.db.write() as session:
        by = session.scalars(select(User).where(User.email == EMAIL)).one()
        secret = accounts.invite(
            session, "new@dala.example.kz", "editor", "dala", by, rights_of(by), utcnow()
        )[1]
    for path in (f"/join/{secret}", "/join/0-0", "/cases/999"):
        page.goto(desk.address + path)
        look(page)
    faults.clear()  # the browser tells of a page that is not there
    page.goto(f"{desk.address}/queue")
    press(page, "x")
    look(page)
    press(page, "d")
    look(page)
    press(page, "Escape", "?")
    look(page)
    assert faults == []
