"""Corrections in public: only facts, only when an editor says so, in the site's languages."""

import json
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.clock import utcnow
from core.models import Case, CorrectionNotice, Event
from tests.factories import PAGE_URL
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person

WRONG, RIGHT = "2 млн", "2 млрд"
BEFORE, AFTER = "Құрылысқа бюджеттен ", " теңге бөлінді. Ғимарат екі жылда салынды."
IN_SENTENCE = "Құрылысқа бюджеттен {} теңге бөлінді."
SENTENCE = "Құрылыс құны қате көрсетілген."


def mistaken(web: Web, kind: str = "fact") -> Case:
    """An error of fact that a reader has reported."""
    return web.case(exact=WRONG, prefix=BEFORE, suffix=AFTER, suggestion=RIGHT, kind=kind)


def published(web: Web, editor: Person, sentence: str = SENTENCE) -> Case:
    case = mistaken(web)
    editor.decide(case, "fixed")
    answer(editor, case, "publish", sentence=sentence)
    return case


def answer(person: Person, case: Case, do: str, sentence: str = "") -> int:
    return person.send(f"/cases/{case.id}/notice", None, do=do, sentence=sentence).status


def shown(person: Person, case: Case, selector: str) -> str:
    return " ".join(person.open(f"/cases/{case.id}").text(selector).split())


def seen(web: Web, case: Case, status: str, words: str) -> None:
    """The page was read, and had these words at the place."""
    with web.db.write() as session:
        kept = session.get_one(Case, case.id)
        kept.status, kept.verdict, kept.checked_at = status, "fixed", utcnow()
        kept.evidence = {"before": IN_SENTENCE.format(WRONG), "after": IN_SENTENCE.format(words)}


def asked(person: Person, case: Case) -> bool:
    return bool(person.open(f"/cases/{case.id}").texts("button[value=publish]"))


def get(web: Web, path: str, **query: str) -> TestResponse:
    return web.client.get(f"/corrections/{web.site.key}{path}", query_string=query)


def page(web: Web, **query: str) -> LexborHTMLParser:
    return LexborHTMLParser(get(web, "", **query).get_data(as_text=True))


def text(parsed: LexborHTMLParser, selector: str) -> str:
    return " ".join(" ".join(node.text() for node in parsed.css(selector)).split())


def test_the_question_comes_once_an_error_of_fact_is_fixed(web: Web, editor: Person) -> None:
    case = mistaken(web)
    assert not asked(editor, case)
    editor.decide(case, "fixed")
    assert asked(editor, case)


def test_nobody_is_asked_about_a_typo(web: Web, editor: Person) -> None:
    case = mistaken(web, kind="typo")
    editor.decide(case, "fixed")
    assert not asked(editor, case)
    assert answer(editor, case, "publish") == 409


def test_who_said_no_is_not_asked_again(web: Web, editor: Person) -> None:
    case = mistaken(web)
    editor.decide(case, "fixed")
    assert answer(editor, case, "decline") == 303
    with web.db.read() as session:
        assert session.scalars(select(CorrectionNotice.state)).all() == ["declined"]
    assert "No correction notice" in editor.open(f"/cases/{case.id}").text(".history")
    assert text(page(web), ".corrections") == ""


def test_what_an_editor_publishes_stands_on_the_page_of_corrections(
    web: Web, editor: Person
) -> None:
    published(web, editor)
    shown = page(web)
    assert text(shown, "h1") == "Түзетулер"
    assert SENTENCE in text(shown, ".corrections")
    assert text(shown, ".pairs del") == "млн"
    assert text(shown, ".pairs ins") == "млрд"
    assert shown.css_first("meta[name=robots]") is None


@pytest.mark.parametrize(
    ("language", "heading"), [("kk", "Түзетулер"), ("ru", "Исправления"), ("en", "Corrections")]
)
def test_the_page_speaks_the_languages_of_the_site(
    web: Web, editor: Person, language: str, heading: str
) -> None:
    published(web, editor)
    assert text(page(web, lang=language), "h1") == heading


def test_the_page_tells_programs_what_schema_org_calls_a_correction(
    web: Web, editor: Person
) -> None:
    published(web, editor, "</script><b>")
    data = page(web, lang="kk").css_first("script[type='application/ld+json']")
    assert data is not None
    (article,) = json.loads(data.text())
    assert (article["@type"], article["url"]) == ("NewsArticle", PAGE_URL)
    (comment,) = article["correction"]
    assert comment["@type"] == "CorrectionComment"
    assert comment["text"] == (
        "</script><b> Мақалада былай жазылған: «Құрылысқа бюджеттен 2 млн теңге бөлінді.» "
        "Дұрысы: «Құрылысқа бюджеттен 2 млрд теңге бөлінді.»"
    )


def test_the_feed_is_atom(web: Web, editor: Person) -> None:
    published(web, editor)
    told = get(web, "/feed.atom", lang="en")
    assert told.mimetype == "application/atom+xml"
    feed = ET.fromstring(told.get_data())
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.findtext("a:title", "", atom) == "Corrections · Дала үні"
    (entry,) = feed.findall("a:entry", atom)
    said = entry.findtext("a:content", "", atom)
    assert said.startswith("The article said: “Құрылысқа бюджеттен 2 млн")
    assert entry.findtext("a:updated", "", atom).endswith("Z")


def test_an_empty_feed_is_still_a_feed(web: Web) -> None:
    assert ET.fromstring(get(web, "/feed.atom").get_data()).tag.endswith("feed")
    assert "әзірге" in text(page(web), "main")


def test_an_article_can_show_its_own_corrections(web: Web, editor: Person) -> None:
    published(web, editor)
    told = get(web, "/note.json", url=PAGE_URL, lang="en")
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    (notice,) = told.get_json()["notices"]
    assert "2 млрд" in notice["text"]
    assert told.get_json()["json_ld"][0]["correction"]
    other = get(web, "/note.json", url="https://dala.example.kz/news/other").get_json()
    assert (other["notices"], other["json_ld"]) == ([], [])


def test_the_note_is_a_script_that_any_page_may_load(web: Web) -> None:
    script = get(web, "/note.js")
    assert script.mimetype == "text/javascript"
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert web.client.get("/corrections/nobody/note.js").status_code == 404


def test_what_was_published_stays_whatever_becomes_of_the_case(web: Web, editor: Person) -> None:
    case = published(web, editor)
    editor.decide(case, "correct", suggestion="3 млрд")
    editor.decide(case, "accept")
    assert text(page(web), ".pairs ins") == "млрд"


def test_a_notice_can_be_withdrawn_and_published_again(web: Web, editor: Person) -> None:
    case = published(web, editor)
    assert answer(editor, case, "decline") == 303
    assert text(page(web), ".corrections") == ""
    assert answer(editor, case, "publish") == 303
    assert text(page(web), ".pairs ins") == "млрд"
    with web.db.read() as session:
        kinds = session.scalars(select(Event.type).where(Event.case_id == case.id)).all()
    assert kinds[-3:] == ["notice_published", "notice_withdrawn", "notice_published"]


def test_a_viewer_and_a_stranger_are_not_asked(web: Web, editor: Person, person: NewPerson) -> None:
    case = mistaken(web)
    editor.decide(case, "fixed")
    viewer = person("viewer")
    stranger = person("admin", web.other_site(), email="chief@tan.example.kz")
    assert not asked(viewer, case)
    assert answer(viewer, case, "publish") == 403
    assert answer(stranger, case, "publish") == 404


def test_a_site_that_is_not_there_has_no_corrections(web: Web) -> None:
    for path in ("", "/feed.atom", "/note.json"):
        assert web.client.get(f"/corrections/nobody{path}").status_code == 404


@pytest.mark.parametrize("before", ["0", "x", "9" * 30, "-1"])
def test_an_odd_place_in_the_list_is_no_fault(web: Web, before: str) -> None:
    assert get(web, "", before=before).status_code == 200


def test_an_empty_page_does_not_say_that_nothing_is_wrong(web: Web) -> None:
    assert "Мұнда әзірге түзету жарияланған жоқ." in text(page(web), "main")
    assert "Здесь пока ничего не исправляли." in text(page(web, lang="ru"), "main")
    assert "No correction has been published here yet." in text(page(web, lang="en"), "main")


def test_the_editor_writes_what_is_right_until_the_page_has_shown_it(
    web: Web, editor: Person
) -> None:
    case = mistaken(web)
    editor.decide(case, "fixed")
    assert shown(editor, case, "#after") == IN_SENTENCE.format(RIGHT)
    assert shown(editor, case, "[aria-labelledby=h-notice] .wrong") == ""
    seen(web, case, "fixed", "3 млрд")
    assert shown(editor, case, "#after") == IN_SENTENCE.format("3 млрд")
    warning = shown(editor, case, "[aria-labelledby=h-notice] .wrong")
    assert IN_SENTENCE.format("3 млрд") in warning
    own = IN_SENTENCE.format("3,5 млрд")
    path = f"/cases/{case.id}/notice"
    assert editor.send(path, None, do="publish", sentence="", after=own).status == 303
    assert text(page(web), ".pairs ins") == "3,5 млрд"
    told = get(web, "/note.json", url=PAGE_URL, lang="en").get_json()["notices"]
    assert "3,5 млрд" in told[0]["text"]
    assert RIGHT not in told[0]["text"]


def test_what_the_page_was_seen_to_say_is_what_is_published(web: Web, editor: Person) -> None:
    case = mistaken(web)
    editor.decide(case, "fixed")
    path = f"/cases/{case.id}/notice"
    seen(web, case, "verified", "3 млрд")
    late = editor.send(path, None, do="publish", sentence=SENTENCE, after=IN_SENTENCE.format(RIGHT))
    assert late.status == 422
    assert "The page has been read meanwhile" in late.text("#wrong-after")
    assert SENTENCE in late.text("#sentence")
    assert late.text("#notice-typed") == IN_SENTENCE.format(RIGHT)
    assert shown(editor, case, "#notice-after") == IN_SENTENCE.format("3 млрд")
    assert answer(editor, case, "publish") == 303
    assert text(page(web), ".pairs ins") == "3 млрд"


def test_an_error_of_fact_without_a_suggestion_asks_for_the_right_words(
    web: Web, editor: Person
) -> None:
    case = web.case(exact=WRONG, prefix=BEFORE, suffix=AFTER, suggestion=None, kind="fact")
    editor.decide(case, "fixed")
    path = f"/cases/{case.id}/notice"
    empty = editor.send(path, None, do="publish", sentence=SENTENCE, after=" ")
    assert empty.status == 422
    assert "Write what is right" in empty.text("#wrong-after")
    assert SENTENCE in empty.text("#sentence")
    right = IN_SENTENCE.format(RIGHT)
    assert editor.send(path, None, do="publish", sentence="", after=right).status == 303
    assert text(page(web), ".pairs ins") == "млрд"


def test_a_page_that_says_something_else_than_was_published_is_pointed_out(
    web: Web, editor: Person
) -> None:
    case = published(web, editor)
    assert shown(editor, case, "[aria-labelledby=h-notice] .wrong") == ""
    seen(web, case, "verified", "3 млрд")
    warning = shown(editor, case, "[aria-labelledby=h-notice] .wrong")
    assert IN_SENTENCE.format("3 млрд") in warning


def test_a_word_that_only_goes_leaves_no_hole_in_what_is_right(web: Web, editor: Person) -> None:
    where = {"prefix": "Екінші орын: Дәурен ", "suffix": ". Үшінші орын"}
    case = web.case(exact="Сейітов", suggestion="", kind="fact", **where)
    editor.decide(case, "fixed")
    assert answer(editor, case, "publish") == 303
    assert "Екінші орын: Дәурен." in text(page(web), ".pairs")


def test_months_are_written_small_in_kazakh(web: Web, editor: Person) -> None:
    published(web, editor)
    name = text(page(web, lang="kk"), "h2")
    assert "жылғы" in name
    assert name == name.lower()
