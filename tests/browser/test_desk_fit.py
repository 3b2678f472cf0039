"""Long words on the desk: nothing sticks out of its page, nothing out of its button."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from core import triage
from core.clock import utcnow
from core.history import Actor
from core.i18n import LANGUAGES
from core.models import User
from tests.browser.newsroom import EMAIL, Newsroom

pytestmark = pytest.mark.browser

PASTED = "https://dala.example.kz/" + "a" * 120
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => [...document.querySelectorAll(".decisions .button, .facts dt, .bars, .note, h1")]
    .filter((each) => each.scrollWidth > each.parentElement.clientWidth
        || each.matches(".button, dt") && each.scrollWidth > each.clientWidth
        || [...each.querySelectorAll("kbd")].some((key) => key.offsetWidth
            && key.getBoundingClientRect().right >= each.getBoundingClientRect().right))
    .map((each) => each.textContent.trim())"""


def test_long_words_and_long_languages_fit(desk: Newsroom, page: Page) -> None:
    names = {"author": "Нұрсұлтанбековтердің", "section": "Халықаралықтандырылған"}
    case = desk.report(1, exact="ш" * 120, title="т" * 120, metadata=names)
    by, now = Actor(EMAIL, "desk"), utcnow()
    with desk.db.write() as session:
        triage.note(session, case.id, PASTED, by, now, desk.settings)
        triage.move(session, case.id, 1, triage.Change(assignee=EMAIL), by, now, desk.settings)
    other = desk.report(2, metadata=names)
    with desk.db.write() as session:
        change = triage.Change(status="accepted")
        triage.move(session, other.id, 1, change, by, now, desk.settings)
    page.set_viewport_size({"width": 1440, "height": 900})
    desk.log_in(page)
    faults: list[object] = []
    for language in LANGUAGES:
        with desk.db.write() as session:
            session.scalars(select(User)).one().language = language
        for width in (320, 390, 1280, 1800):
            page.set_viewport_size({"width": width, "height": 900})
            for path in (f"/cases/{case.id}", f"/cases/{other.id}", "/numbers"):
                page.goto(desk.address + path)
                said = (language, width, path, page.evaluate(WIDER), page.evaluate(CUT_OFF))
                faults += [said] if said[3] > 0 or said[4] else []
    assert not faults, repr(faults)


# Lines of filters and of buttons in the bar, how high the keys are, what the bar hides sideways,
# and which of its parts are too narrow for their words or for a finger.
OF_THE_QUEUE = """() => {
    const of = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.offsetParent);
    const topOf = (each) => Math.round(each.getBoundingClientRect().y);
    const lines = (selector) => new Set(of(selector).map(topOf)).size;
    const narrow = (each) => each.scrollWidth > each.clientWidth || each.offsetWidth < 44;
    const bar = document.querySelector(".bulk");
    return {
        filters: lines(".filters > *"), bar: lines(".bulk > .button"),
        keys: of(".keys").map((e) => e.offsetHeight), hidden: bar.scrollWidth - bar.clientWidth,
        narrow: of(".bulk > *").filter(narrow).map((e) => e.textContent.trim()),
    }; }"""


def test_the_queue_fits_in_every_language(desk: Newsroom, page: Page) -> None:
    desk.report(1, metadata={"author": "Нұрсұлтан Бек", "section": "Аймақ"})
    page.set_viewport_size({"width": 1440, "height": 900})
    desk.log_in(page)
    faults: list[object] = []
    for language in LANGUAGES:
        with desk.db.write() as session:
            session.scalars(select(User)).one().language = language
        page.goto(f"{desk.address}/queue")
        page.keyboard.press("x")
        for width in (320, 390, 768, 1024, 1280, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            told = page.evaluate(OF_THE_QUEUE)
            fits = page.evaluate(WIDER) <= 0 and not told["hidden"] and told["filters"] == 1
            fits = fits and all(height < 30 for height in told["keys"])
            fits = fits and (width < 1280 or told["bar"] == 1)
            fits = fits and (width > 390 or not told["narrow"])
            faults += [] if fits else [(language, width, told)]
    assert not faults, repr(faults)
