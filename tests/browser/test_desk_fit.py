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


def test_the_bar_for_ticked_cases_is_one_line_in_kazakh(desk: Newsroom, page: Page) -> None:
    desk.report(1)
    page.set_viewport_size({"width": 1440, "height": 900})
    desk.log_in(page, language="kk")
    page.keyboard.press("x")
    buttons = page.locator(".bulk > .button").all()
    assert len({round((button.bounding_box() or {"y": 0.0})["y"]) for button in buttons}) == 1
