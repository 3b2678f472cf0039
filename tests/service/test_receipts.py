"""The page behind a receipt."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from core import triage
from core.clock import utcnow
from core.history import Actor
from core.models import Case, Delivery, Event, Report
from core.triage import Change
from tests import factories
from tests.factories import PAGE_URL, RIGHT, WRONG
from tests.service.conftest import Web

EDITOR = Actor("aigerim@dala.example.kz", "desk")


def _receipt(web: Web) -> str:
    with web.db.read() as session:
        return session.scalars(select(Report.receipt).order_by(Report.received_at)).first() or ""


def _page(web: Web, query: str = "", language: str = "") -> str:
    headers = {"Accept-Language": language} if language else {}
    answer = web.client.get(f"/r/{_receipt(web)}{query}", headers=headers)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _move(web: Web, case: Case, **values: Any) -> None:
    with web.db.write() as session:
        version = session.get_one(Case, case.id).version
        triage.move(session, case.id, version, Change(**values), EDITOR, utcnow(), web.settings)


def _plain(page: str) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_a_reader_sees_what_they_said_and_that_it_has_arrived(web: Web) -> None:
    factories.send(web.db, utcnow(), comment="Ғ емес")
    page = _page(web)
    assert "Рақмет, хабарыңыз жетті" in page
    assert "<del>г</del>" in page
    assert "<ins>ғ</ins>" in page
    text = _plain(page)
    assert WRONG in text
    assert RIGHT in text
    assert "Ғ емес" in text


@pytest.mark.parametrize(
    ("values", "headline"),
    [
        ({}, "Thank you, the newsroom has your report"),
        ({"status": "accepted"}, "Thank you, an editor agrees with you"),
        ({"status": "fixed"}, "The newsroom says that it has corrected the error"),
        ({"status": "dismissed", "resolution": "opinion"}, "matter of opinion"),
        ({"status": "dismissed", "resolution": "page_gone"}, "no longer there"),
    ],
)
def test_a_reader_is_told_in_words_what_became_of_it(
    web: Web, values: dict[str, str], headline: str
) -> None:
    case = web.case()
    if values:
        _move(web, case, **values)
    assert headline in _page(web, "?lang=en")


def test_the_page_speaks_as_the_reader_does(web: Web) -> None:
    web.case(language="ru-RU")
    assert '<html lang="ru">' in _page(web, language="kk")
    assert '<html lang="kk">' in _page(web, "?lang=kk")
    assert '<html lang="ru">' in _page(web, "?lang=xx")


@pytest.mark.parametrize(
    ("accepted", "language"), [("ru,kk;q=0.5", "ru"), ("de", "kk"), ("", "kk")]
)
def test_an_unknown_language_gives_way_to_the_browsers_then_to_the_sites(
    web: Web, accepted: str, language: str
) -> None:
    web.case(language="de")
    assert f'<html lang="{language}">' in _page(web, language=accepted)


def test_the_page_leads_to_the_place_in_the_article(web: Web) -> None:
    web.case()
    assert f'href="{PAGE_URL}#:~:text=' in _page(web)


def test_the_page_can_be_kept_by_nobody(web: Web) -> None:
    web.case()
    headers = web.client.get(f"/r/{_receipt(web)}").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_page_needs_no_script_and_asks_nobody_else(web: Web) -> None:
    web.case()
    page = _page(web)
    assert "<script" not in page
    assert "style=" not in page
    assert all(src.startswith("/static/") for src in re.findall(r'<link[^>]*href="([^"]*)"', page))


def test_hostile_words_stay_words(web: Web) -> None:
    evil = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
    factories.send(
        web.db,
        utcnow(),
        exact=evil,
        suggestion=evil + "!",
        comment=evil,
        title=evil,
        prefix=evil[:64],
    )
    page = _page(web)
    assert "<img" not in page
    assert "<script" not in page


def test_other_readers_are_counted(web: Web) -> None:
    for _ in range(3):
        web.case()
    assert "2 readers besides you have reported these words." in _page(web, "?lang=en")


def test_a_reader_erases_what_they_sent_with_the_form_of_the_page(web: Web) -> None:
    case = web.case(comment="жасырынпікір")
    form = re.search(r'<form method="post" action="([^"]*erase[^"]*)"', _page(web, "?lang=kk"))
    assert form is not None
    answer = web.client.post(form[1].replace("&amp;", "&"), data={"erase": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/r/{_receipt(web)}?lang=kk",
    )
    page = _page(web)
    assert "Хабарыңыз өшірілді" in page
    assert "/erase" not in page
    for word in (WRONG, RIGHT, "жасырынпікір"):
        assert word not in page
    with web.db.read() as session:
        assert session.get_one(Case, case.id).exact == ""


def test_what_was_erased_stands_in_no_file_of_the_database(
    sqlite_web: Web, sqlite_url: str
) -> None:
    sqlite_web.case(comment="жасырынпікір", email="zhasyryn@example.kz")
    folder = Path(make_url(sqlite_url).database or "").parent
    traces = [text.encode() for text in ("жасырынпікір", "zhasyryn@example.kz", WRONG)]

    def found() -> list[bytes]:
        kept = b"".join(path.read_bytes() for path in folder.glob("*") if path.is_file())
        return [trace for trace in traces if trace in kept]

    assert found() == traces
    assert sqlite_web.client.post(f"/r/{_receipt(sqlite_web)}/erase").status_code == 303
    assert found() == []


def test_looking_erases_nothing(web: Web) -> None:
    web.case()
    assert web.client.get(f"/r/{_receipt(web)}/erase").status_code == 405
    assert WRONG in _plain(_page(web))


def test_erasing_twice_is_harmless(web: Web) -> None:
    web.case()
    for _ in range(2):
        assert web.client.post(f"/r/{_receipt(web)}/erase").status_code == 303


def test_another_site_cannot_press_the_button(web: Web) -> None:
    web.case()
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert web.client.post(f"/r/{_receipt(web)}/erase", headers=headers).status_code == 403
    assert WRONG in _plain(_page(web))


def test_what_was_erased_before_anybody_read_it_says_so(web: Web) -> None:
    factories.send(web.db, utcnow())
    web.client.post(f"/r/{_receipt(web)}/erase")
    assert "Your report is gone" in _page(web, "?lang=en")


def test_a_wrong_receipt_is_a_page_that_is_not_there(web: Web) -> None:
    for wrong in ("x", "%00", "%D2%93", "a" * 5000):
        assert web.client.get(f"/r/{wrong}").status_code == 404
        assert web.client.post(f"/r/{wrong}/erase").status_code == 404


def test_a_reader_answers_that_this_is_not_what_they_meant(web: Web) -> None:
    case = web.case()
    _move(web, case, status="dismissed", resolution="not_an_error")
    form = re.search(r'action="([^"]+/reply[^"]*)"', _page(web))
    assert form is not None
    answer = web.client.post(form[1].replace("&amp;", "&"), data={"text": "Ғ керек еді"})
    assert answer.status_code == 303
    assert "Жауабыңыз редакцияға жетті." in web.client.get(answer.location).get_data(as_text=True)
    with web.db.read() as session:
        note = session.scalars(select(Event).order_by(Event.id.desc())).first()
        digest = session.scalars(select(Delivery).where(Delivery.rhythm == "digest")).one()
    assert note is not None
    assert (note.type, note.actor, note.data["text"]) == ("note", "reader", "Ғ керек еді")
    assert digest.case_id == case.id


def test_a_reader_can_answer_a_few_times_and_not_with_nothing(web: Web) -> None:
    web.case()
    path = f"/r/{_receipt(web)}/reply"
    assert web.client.post(path, data={"text": "  "}).status_code == 422
    answers = [web.client.post(path, data={"text": "Жоқ"}).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 409]
    assert "/reply" not in _page(web)


def test_another_site_cannot_answer_for_a_reader(web: Web) -> None:
    web.case()
    headers = {"Sec-Fetch-Site": "cross-site"}
    path = f"/r/{_receipt(web)}/reply"
    assert web.client.post(path, data={"text": "Жоқ"}, headers=headers).status_code == 403


def test_what_a_reader_answered_is_erased_too(web: Web) -> None:
    web.case()
    web.client.post(f"/r/{_receipt(web)}/reply", data={"text": "жасырынжауап"})
    web.client.post(f"/r/{_receipt(web)}/erase")
    with web.db.read() as session:
        assert "жасырынжауап" not in repr([event.data for event in session.scalars(select(Event))])


def test_a_reader_sees_the_place_before_and_after(web: Web) -> None:
    case = web.case()
    with web.db.write() as session:
        kept = session.get_one(Case, case.id)
        kept.verdict = "fixed"
        kept.evidence = {
            "before": f"оның үштен бірі — {WRONG} арналған",
            "after": f"оның үштен бірі — {RIGHT} арналған",
            "as_suggested": True,
        }
    page = _page(web)
    assert "Бұрын" in page
    assert f"оның үштен бірі — {RIGHT} арналған" in _plain(page)
    assert quote(RIGHT) in page


def test_other_kinds_of_spaces_are_not_shown_as_the_correction(web: Web) -> None:
    case = web.case()
    with web.db.write() as session:
        kept = session.get_one(Case, case.id)
        kept.verdict = "fixed"
        kept.evidence = {"before": f"оның\u00a0бірі — {WRONG}", "after": f"оның бірі — {RIGHT}"}
    assert "␣" not in _page(web)


def test_the_place_before_and_after_stays_though_a_later_reading_failed(web: Web) -> None:
    case = web.case()
    with web.db.write() as session:
        kept = session.get_one(Case, case.id)
        kept.status, kept.verdict = "verified", "unknown"
        kept.evidence = {
            "before": f"оның үштен бірі — {WRONG} арналған",
            "after": f"оның үштен бірі — {RIGHT} арналған",
            "as_suggested": True,
            "latest": {"verdict": "unknown"},
        }
    assert f"оның үштен бірі — {RIGHT} арналған" in _plain(_page(web))


@pytest.mark.parametrize(
    ("exact", "suggestion", "drawn", "said"),
    [
        ("10\u00a0км", "10 км", ("<del><span", "NBSP", "<ins>␣</ins>"), "NBSP: No-break space"),
        ("бала\u200bлар", "балалар", ("ZWSP",), "ZWSP: Zero width space"),
        ("балалаpға", "балаларға", ("<del>p</del>", "<ins>р</ins>"), "Latin letter p"),
    ],
)
def test_what_the_eye_cannot_tell_apart_is_named(
    web: Web, exact: str, suggestion: str, drawn: tuple[str, ...], said: str
) -> None:
    web.case(exact=exact, suggestion=suggestion)
    page = _page(web, "?lang=en")
    assert all(each in page for each in drawn)
    assert f">{said}</small>" in page


def test_characters_that_nobody_sees_are_nothing_beside_a_correction(web: Web) -> None:
    web.case(exact="екі\u00a0бала\u00adларга", suggestion="екі балаларға")
    page = _page(web, "?lang=en")
    assert re.findall(r"<(?:del|ins)[^>]*>(.*?)</", page) == ["г", "ғ"]
    assert "</small>" not in page
