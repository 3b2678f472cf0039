"""What the page behind a receipt shows in each state of its case."""

import re

import pytest
from sqlalchemy import select

from core import moves
from core.clock import utcnow
from core.history import Actor
from core.models import Case, Report
from core.workflow import VERIFIER
from tests import factories
from tests.factories import RIGHT, WRONG
from tests.service.conftest import Web

EDITOR = Actor("aigerim@dala.example.kz", "desk")


def _receipt(web: Web) -> str:
    with web.db.read() as session:
        return session.scalars(select(Report.receipt)).one()


def _page(web: Web, query: str = "") -> str:
    answer = web.client.get(f"/r/{_receipt(web)}{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _plain(page: str) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def _go(web: Web, case: Case, *statuses: str) -> None:
    """Move a case along; `back` is a page that shows the error, `verified` one that does not."""
    for status in statuses:
        by = Actor(VERIFIER, "clock") if status in ("verified", "back") else EDITOR
        with web.db.write() as session:
            kept = moves.locked(session, case.id)
            resolution = "not_an_error" if status == "dismissed" else None
            after = moves.to_status(
                kept, "accepted" if status == "back" else status, resolution, by
            )
            facts = {"verdict": "still_there"} if status == "back" else {}
            moves.apply(session, kept, after, by, utcnow(), web.settings, facts)


TICK = 'd="m3.5 8.5 3 3 6-6.5"'


@pytest.mark.parametrize(
    ("resolution", "headline", "step"),
    [
        ("opinion", "The text stays as it is", "decided to leave the text"),
        ("duplicate", "this error is known already", "closed the report"),
        ("page_gone", "There is nothing left to correct", "closed the report"),
    ],
)
def test_nobody_hears_that_the_text_stays_where_that_was_not_decided(
    sqlite_web: Web, resolution: str, headline: str, step: str
) -> None:
    case = sqlite_web.case()
    with sqlite_web.db.write() as session:
        kept = moves.locked(session, case.id)
        after = moves.to_status(kept, "dismissed", resolution, EDITOR)
        moves.apply(session, kept, after, EDITOR, utcnow(), sqlite_web.settings)
    page = _page(sqlite_web, "?lang=en")
    assert headline in page
    assert step in page
    assert page.count("The text stays as it is") == (resolution == "opinion")


def test_what_was_erased_before_anybody_decided_waits_for_nobody(sqlite_web: Web) -> None:
    case = sqlite_web.case()
    sqlite_web.client.post(f"/r/{_receipt(sqlite_web)}/erase")
    assert "before an editor had decided" in _page(sqlite_web, "?lang=en")
    _go(sqlite_web, case, "accepted")
    page = _page(sqlite_web, "?lang=en")
    assert "an editor agrees with you" in page
    assert "What you sent has been erased." in page


def test_an_answer_that_is_refused_stands_in_its_field(sqlite_web: Web) -> None:
    sqlite_web.case()
    long = "сөз " * 400
    path = f"/r/{_receipt(sqlite_web)}/reply?lang=en"
    answer = sqlite_web.client.post(path, data={"text": long})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Write 1 to 1,000 characters" in page
    assert long in page
    assert "<details open>" in page
    assert "?lang=" not in page.partition("</header>")[0]


def test_the_end_of_a_line_counts_once(sqlite_web: Web) -> None:
    sqlite_web.case()
    text = "\r\n".join(["а"] * 500)  # 999 characters where they are typed, 1,498 as they are sent
    path = f"/r/{_receipt(sqlite_web)}/reply"
    assert sqlite_web.client.post(path, data={"text": text}).status_code == 303


@pytest.mark.parametrize(
    ("way", "last", "ticks"),
    [
        (("fixed", "verified"), "verified", 3),
        (("dismissed",), "dismissed", 1),
        (("fixed", "back"), "still_there", 2),
        (("fixed", "verified", "back"), "regressed", 3),
    ],
)
def test_only_what_went_well_is_ticked(
    web: Web, way: tuple[str, ...], last: str, ticks: int
) -> None:
    _go(web, web.case(), *way)
    steps = re.findall(r'<li class="(\w+)">(.*?)</li>', _page(web), re.DOTALL)
    assert steps[-1][0] == last
    assert sum(TICK in step for _, step in steps) == ticks


def test_a_reader_hears_that_what_was_said_to_be_fixed_is_not(web: Web) -> None:
    case = web.case()
    _go(web, case, "fixed", "back")
    page = _page(web, "?lang=en")
    assert "The error is still on the page" in page
    assert "an editor agrees with you" not in page
    _go(web, case, "fixed")
    assert "The newsroom says that it has corrected the error" in _page(web, "?lang=en")


def test_before_and_now_show_the_sentence_as_the_page_has_it(web: Web) -> None:
    case = web.case()
    sentence = "Қазір сөрелерде қырық мың том тұр, оның үштен бірі — {} арналған."
    _go(web, case, "fixed", "verified")
    with web.db.write() as session:
        kept = session.get_one(Case, case.id)
        kept.verdict = "fixed"
        kept.evidence = {"before": sentence.format(WRONG), "after": sentence.format(RIGHT)}
    shown = re.findall(r"<dd[^>]*>(.*?)</dd>", _page(web), re.DOTALL)
    assert [_plain(text) for text in shown[-2:]] == [
        sentence.format(WRONG),
        sentence.format(RIGHT),
    ]


def test_answering_and_erasing_are_folded_until_somebody_wants_them(web: Web) -> None:
    web.case()
    folded = re.findall(r"<details>(.*?)</details>", _page(web), re.DOTALL)
    assert ["<textarea" in each for each in folded] == [True, False]
    assert all("<summary>" in each and "<form" in each for each in folded)
    assert re.sub(r"<details>.*?</details>", "", _page(web), flags=re.DOTALL).count("<form") == 0


def test_who_gave_an_address_is_told_that_editors_do_not_see_it(web: Web) -> None:
    web.case(email="oqyrman@example.kz")
    said = "The newsroom does not see your e-mail address."
    page = _page(web, "?lang=en")
    assert said in page
    assert "oqyrman@example.kz" not in page
    web.client.post(f"/r/{_receipt(web)}/erase")
    assert said not in _page(web, "?lang=en")


def test_nothing_is_said_of_an_address_that_nobody_gave(web: Web) -> None:
    web.case()
    assert "The newsroom does not see your e-mail" not in _page(web, "?lang=en")


def test_an_unknown_receipt_is_told_in_three_languages(sqlite_web: Web) -> None:
    said = {
        "kk": "Бұл мекенжайда хабар жоқ",
        "ru": "По этому адресу сообщения нет",
        "en": "There is no report at this address",
    }
    for language, headline in said.items():
        answer = sqlite_web.client.get(f"/r/x?lang={language}")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 404
        assert headline in page
        assert set(re.findall(r'href="\?lang=(\w+)"', page)) == said.keys() - {language}
    assert "?lang=" not in sqlite_web.client.post("/r/x/erase").get_data(as_text=True)


def test_a_word_that_goes_leaves_no_hole(web: Web) -> None:
    web.case(exact="Сейітов", prefix="Екінші орын: Дәурен ", suffix=".", suggestion="")
    assert "Екінші орын: Дәурен.<" in _page(web)


def test_the_space_beside_a_word_that_went_is_not_struck(web: Web) -> None:
    case = web.case()
    _go(web, case, "fixed", "verified")
    with web.db.write() as session:
        kept = session.get_one(Case, case.id)
        kept.verdict = "fixed"
        kept.evidence = {"before": "Ауыл өте өте қуанды.", "after": "Ауыл өте қуанды."}
    page = _page(web)
    assert ">өте</del> " in page
    assert "Ауыл өте өте қуанды." in _plain(page)


def test_that_all_is_erased_is_said_once(web: Web) -> None:
    factories.send(web.db, utcnow())
    web.client.post(f"/r/{_receipt(web)}/erase")
    assert _plain(_page(web, "?lang=kk")).count("өшірілді") == 1
