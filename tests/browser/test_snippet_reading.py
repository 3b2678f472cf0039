"""What the selection reads as, what stands around it, and what never leaves the page."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newspaper import Newspaper
from tests.browser.reader import arrive, press, text_at

pytestmark = pytest.mark.browser

HTML = """<!doctype html><html lang="en"><title>T</title><body>{body}{{{{snippet}}}}"""


def report_of(page: Page, paper: Newspaper, body: str, selection: str, **attributes: str) -> Any:
    """Select by a script that is given `range` and `$`, and send at once; the report."""
    html = HTML.format(body=body)
    arrive(page, paper.print("reading", html=html, data_mode="silent", **attributes))
    page.evaluate(
        f"""() => {{ const $ = (selector) => document.querySelector(selector);
        const range = document.createRange();
        {selection};
        getSelection().removeAllRanges(); getSelection().addRange(range); }}"""
    )
    press(page)
    expect(page.locator("[data-tuzet=dialog] h2")).to_have_text("Sent, thank you")
    return paper.service.reports.pop()


def test_the_selection_is_quoted_as_it_reads(page: Page, paper: Newspaper) -> None:
    body = """<p>Before it.</p><p id="p">One <b style="text-transform:uppercase">loud</b>
      <i style="visibility:hidden">unseen </i><u style="user-select:none">loose </u>wrod.</p>
      <p>After it.</p>"""
    report = report_of(page, paper, body, "range.selectNodeContents($('#p'))")
    assert report["quote"]["exact"] == "One LOUD wrod."
    assert report["quote"]["prefix"] == "Before it. "
    assert report["quote"]["suffix"] == " After it."


UNSEEN = """<details>loose fold <p>a fold</p><summary>Sum.</summary>more fold</details>
  <div style="content-visibility:hidden">contained <b>too</b></div>
  <svg width="9" height="9"><title>named</title><desc>described</desc>
    <defs><text>defined</text></defs><symbol><text>drawn</text></symbol></svg>
  <div id="host">unslotted</div><progress>half</progress><meter>full</meter>
  <span style="visibility:hidden">hidden <b style="visibility:visible">but</b></span>
  <script>document.querySelector("#host").attachShadow({mode: "open"}).innerHTML = "";</script>"""


def test_what_is_not_seen_stands_in_no_context(page: Page, paper: Newspaper) -> None:
    body = f"<p>Start.</p>{UNSEEN}<p id='p'>Some wrods.</p>{UNSEEN.replace('host', 'other')}End."
    report = report_of(page, paper, body, "range.selectNodeContents($('#p'))")
    assert report["quote"] == {
        "exact": "Some wrods.",
        "prefix": "Start. Sum. but ",
        "suffix": " Sum. but End.",
    }


def test_a_position_counts_what_is_there_without_being_visible(
    page: Page, paper: Newspaper
) -> None:
    body = """<p>A<i style="visibility:hidden">bcd</i>e</p><p id="p">wrods</p>"""
    report = report_of(page, paper, body, "range.selectNodeContents($('#p'))")
    assert report["position"] == {"start": 5, "end": 10}
    assert report["quote"]["prefix"] == "Ae "
    assert text_at(page, report) == "wrods"


@pytest.mark.parametrize(
    ("selection", "exact"),
    [
        ("range.setStart($('#p').firstChild, 5); range.setEnd($('#x').firstChild, 6)", "wrods."),
        (
            "range.setStart($('#p').firstChild, 5); range.setEnd($('#q').firstChild, 4)",
            "wrods. More",
        ),
    ],
)
def test_what_the_site_excludes_is_not_sent(
    page: Page, paper: Newspaper, selection: str, exact: str
) -> None:
    body = "<p id='p'>Some wrods.</p><p id='x'>Secret text.</p><p id='q'>More of it.</p>"
    report = report_of(page, paper, body, selection, data_exclude="#x")
    assert report["quote"]["exact"] == exact
    assert "Secret" not in report["quote"]["prefix"] + report["quote"]["suffix"]


def test_the_language_is_that_of_the_first_word(page: Page, paper: Newspaper) -> None:
    body = """<p id="a" lang="ru">Раз.</p> <p id="b" lang="en">Some wrods.</p>"""
    selection = "range.setStart($('#a').firstChild, 4); range.setEnd($('#b').firstChild, 4)"
    report = report_of(page, paper, body, selection)
    assert report["quote"]["exact"] == "Some"
    assert report["language"] == "en"


SEVERAL = """<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "One",
    "author": "First Author", "articleSection": "Sport"}, {"@type": "NewsArticle",
    "url": "http://elsewhere.example/three", "author": {"name": "Third Author"}}]</script>
  <meta name="author" content="The desk"><h1>Front page</h1>
  <article><h2>One</h2><p>Its frist.</p></article>
  <article><h2>Two</h2><p id="p">Its secnod.</p></article>
  <article><h2><a href="http://elsewhere.example/three">Three</a></h2>
    <p id="q">Its thrid.</p></article>"""


def test_of_several_articles_each_has_its_own_author_or_none(page: Page, paper: Newspaper) -> None:
    authors = {
        selector: report_of(page, paper, SEVERAL, f"range.selectNodeContents($('{selector}'))")
        for selector in ("article p", "#p", "#q", "h1")
    }
    assert [report["metadata"]["author"] for report in authors.values()] == [
        "First Author",
        None,
        "Third Author",
        "First Author",
    ]
    assert authors["#p"]["metadata"]["section"] is None


def test_beside_teasers_the_article_with_the_headline_is_the_pages_own(
    page: Page, paper: Newspaper
) -> None:
    body = """<script type="application/ld+json">{"@type": "NewsArticle", "author": "Its Author"}
      </script><article><h1>Main</h1><p id="p">Some wrods.</p></article>
      <article><h2>A teaser</h2><p id="q">Other wrods.</p></article>"""
    for selector, author in (("#p", "Its Author"), ("#q", None)):
        report = report_of(page, paper, body, f"range.selectNodeContents($('{selector}'))")
        assert report["metadata"]["author"] == author


def test_an_invisible_sign_in_a_word_is_no_space(page: Page, paper: Newspaper) -> None:
    body = "<p id='p'>One qa\ufeffte\u200b\u00adsi</p><p>Next.</p>"
    report = report_of(page, paper, body, "range.selectNodeContents($('#p'))")
    assert report["quote"]["exact"].startswith("One qa\ufeffte\u200b")
    assert text_at(page, report) == report["quote"]["exact"]


def test_a_context_reaches_for_a_letter(page: Page, paper: Newspaper) -> None:
    numbers = " ".join(f"{n}." for n in range(40))
    body = f"<p>Some words.</p><p>{numbers}</p><p id='p'>wrods</p><p>{numbers}</p><p>And more.</p>"
    report = report_of(page, paper, body, "range.selectNodeContents($('#p'))")
    assert report["quote"]["prefix"] == "Some words"
    assert report["quote"]["suffix"] == "And more."


def test_what_the_site_excludes_stands_in_no_context(page: Page, paper: Newspaper) -> None:
    body = "<p>Before.</p><p class='x'>Secret.</p><p id='p'>wrods</p><p class='x'>Hush.</p>After."
    selection = "range.selectNodeContents($('#p'))"
    report = report_of(page, paper, body, selection, data_exclude=".x", data_include="#p")
    assert report["quote"] == {"exact": "wrods", "prefix": "Before. ", "suffix": " After."}
    assert text_at(page, report) == "wrods"


def test_what_is_folded_away_is_neither_quoted_nor_counted(page: Page, paper: Newspaper) -> None:
    folded = "<details>loose<summary>S.</summary><div style='display:contents'>deep</div></details>"
    report = report_of(
        page, paper, f"{folded}<p id='p'>wrods</p>", "range.selectNodeContents($('#p'))"
    )
    assert report["quote"]["prefix"] == "S. "
    assert report["position"] == {"start": 2, "end": 7}
    assert text_at(page, report) == "wrods"
