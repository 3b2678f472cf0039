"""What a site chooses: the language, its own words, the mode, the address."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import (
    NewPage,
    arrive,
    open_dialog,
    part,
    press,
    select,
    send,
    title,
)

pytestmark = pytest.mark.browser


def test_confirming_asks_for_no_suggestion(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article", data_mode="confirm"))
    open_dialog(page, "салтанатына")
    assert part(page, "suggestion").count() == 0
    part(page, "dialog").get_by_text("Дерек").click()
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    assert paper.service.reports[0]["suggestion"] is None
    assert paper.service.reports[0]["kind"] == "fact"


def test_silent_sends_at_once_and_leaves_the_focus_alone(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article", data_mode="silent"))
    select(page, "салтанатына")
    press(page)
    expect(part(page, "status")).to_be_visible()
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    assert paper.service.reports[0]["quote"]["exact"] == "салтанатына"
    assert part(page, "send").count() == 0
    assert page.evaluate("document.activeElement === document.body")


def test_an_address_is_asked_for_only_where_the_site_wants_it(page: Page, paper: Newspaper) -> None:
    arrive(page, paper.print("article"))
    open_dialog(page, "салтанатына")
    assert part(page, "email").count() == 0
    arrive(page, paper.print("article", at="asking", data_email="on"))
    open_dialog(page, "салтанатына")
    part(page, "dialog").locator("summary").click()
    expect(part(page, "dialog")).to_contain_text("Тек нәтижесін хабарлау үшін")
    part(page, "email").fill("no address")
    part(page, "dialog").locator("summary").click()
    send(page)
    expect(part(page, "email")).to_be_visible()  # what is wrong comes into sight
    assert paper.service.reports == []
    part(page, "email").fill("oqyrman@example.kz")
    send(page)
    expect(title(page)).to_have_text("Жіберілді, рақмет")
    assert paper.service.reports[0]["email"] == "oqyrman@example.kz"


@pytest.mark.parametrize(
    ("attribute", "around", "whole", "spoken", "expected"),
    [
        ("ru", "kk", "en", "de-DE", "Сообщить об ошибке"),
        (None, "kk-Latn", "en", "de-DE", "Qatenı habarlau"),
        (None, None, "kk-KZ", "de-DE", "Қатені хабарлау"),
        (None, None, "kz", "de-DE", "Қатені хабарлау"),
        ("xx", "zz", "de-AT", "en-GB", "Fehler melden"),
        (None, None, None, "fr-CA", "Signaler une erreur"),
        (None, None, "ja", "ja-JP", "Сообщить об ошибке"),  # the site's own
    ],
)
def test_the_language_comes_from_the_first_that_knows(
    new_page: NewPage,
    paper: Newspaper,
    attribute: str | None,
    around: str | None,
    whole: str | None,
    spoken: str,
    expected: str,
) -> None:
    opened: Page = new_page(locale=spoken)
    language = f' lang="{whole}"' if whole else ""
    inner = f' lang="{around}"' if around else ""
    body = f"<body><p{inner}>Some wrods.</p>{{{{snippet}}}}"
    html = f"<!doctype html><html{language}><title>T</title>{body}"
    given = {"data_language": attribute} if attribute else {}
    arrive(opened, paper.print("languages", html=html, **given))
    open_dialog(opened, "wrods")
    expect(title(opened)).to_have_text(expected)


def test_a_site_may_put_its_own_words(page: Page, paper: Newspaper) -> None:
    html = """<!doctype html><html lang="en"><title>T</title><body><p>Some wrods.</p><script>
      tuzetStrings = { send: "Post it", kk: { send: "Салу" }, en: { title: "Oops" } }
    </script>{{snippet}}"""
    arrive(page, paper.print("words", html=html))
    open_dialog(page, "wrods")
    expect(part(page, "send")).to_have_text("Post it")
    expect(title(page)).to_have_text("Oops")
