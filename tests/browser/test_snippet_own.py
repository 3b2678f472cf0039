"""What the site has set on the desk, which comes when the reader acts; and the desk's preview."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import NewPage, arrive, open_dialog, part, press, select, send, title

pytestmark = pytest.mark.browser

STRICT = "default-src 'none'; script-src SERVICE; connect-src SERVICE"


def set_up(paper: Newspaper, **own: Any) -> None:
    paper.service.own = f"export default {json.dumps(own)}"


def test_what_the_site_has_set_holds_where_the_script_says_nothing(
    page: Page, paper: Newspaper
) -> None:
    set_up(
        paper,
        attributes={"mode": "confirm", "email": "on", "language": "ru", "key": "meta+shift+e"},
        strings={
            "ru": {
                "title": "Нашли ошибку?",
                "send": "Послать",
                "privacy": "О вас ничего не храним.",
            }
        },
        look={"--tuzet-accent": "rgb(140, 29, 24)"},
    )
    html = """<!doctype html><html lang="kk"><title>T</title><body><p>Бір сөз.</p>
      <script src="SERVICE/words.js"></script>{{snippet}}""".replace(
        "SERVICE", paper.service.address
    )
    page.route(
        "**/words.js", lambda route: route.fulfill(body="tuzetStrings = { ru: { send: 'Моё' } }")
    )
    arrive(page, paper.print("own", html=html, policy=STRICT, data_mode="correct"))
    assert "/tuzet.own.js" not in paper.service.asked
    open_dialog(page, "сөз")
    expect(title(page)).to_have_text("Нашли ошибку?")  # in the site's language, in its words
    expect(part(page, "send")).to_have_text("Моё")  # the page's own words go before
    expect(part(page, "dialog")).to_contain_text("О вас ничего не храним.")
    assert part(page, "suggestion").count() == 1  # the script's attribute goes before
    assert part(page, "email").count() == 1
    ground = "(button) => getComputedStyle(button).backgroundColor"
    assert part(page, "send").evaluate(ground) == "rgb(140, 29, 24)"
    press(page, "Escape")
    press(page, "Meta+Shift+E")  # known from the first press on
    expect(part(page, "dialog")).to_be_visible()
    assert paper.service.asked.count("/tuzet.own.js") == 1


@pytest.mark.parametrize("fault", ["lost", "broken", "slow"])
def test_without_the_settings_the_dialog_opens_all_the_same(
    page: Page, paper: Newspaper, fault: str
) -> None:
    if fault == "lost":
        paper.service.lost = "tuzet.own"
    elif fault == "broken":
        paper.service.own = "export default {"
    else:
        page.route("**/tuzet.own.js*", lambda _: None)  # never answered
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    assert faults == []


def test_the_button_stays_away_where_the_site_has_turned_it_off(
    new_page: NewPage, paper: Newspaper
) -> None:
    set_up(paper, attributes={"touch": "off"})
    phone = new_page(viewport={"width": 360, "height": 700}, has_touch=True, is_mobile=True)
    arrive(phone, paper.print("article"))
    with phone.expect_response("**/tuzet.own.js*"):
        select(phone, "балаларга", "#second")
    press(phone)
    expect(part(phone, "dialog")).to_be_visible()
    assert part(phone, "touch-button").count() == 0


def test_a_preview_sends_nothing_and_says_so(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article", data_preview=""))
    open_dialog(page, "салтанатына")
    part(page, "suggestion").fill("салтанатында")
    send(page)
    expect(part(page, "status")).to_have_text("Алдын ала көру: ештеңе жіберілген жоқ.")
    assert paper.service.reports == []
    expect(part(page, "suggestion")).to_have_value("салтанатында")


def test_a_preview_of_the_silent_mode_shows_the_thanks_and_no_fields(
    page: Page, paper: Newspaper
) -> None:
    arrive(page, paper.print("article", data_preview="", data_mode="silent"))
    select(page, "салтанатына")
    press(page)
    expect(part(page, "dialog")).to_contain_text("Жіберілді, рақмет")
    expect(part(page, "status")).to_have_text("Алдын ала көру: ештеңе жіберілген жоқ.")
    expect(page.get_by_role("radio")).to_have_count(0)
    assert paper.service.reports == []
