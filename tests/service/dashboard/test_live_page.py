"""What the page of a case tells of its live page, for eyes, in three languages."""

from datetime import timedelta
from typing import Any

import pytest

from core.clock import utcnow
from core.models import Case, Verification
from tests.factories import BEFORE, PAGE_URL, RIGHT, WRONG
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Opened, Person

STOOD, STANDS = f"{BEFORE}{WRONG} арналған.", f"{BEFORE}{RIGHT} арналған."
TURNED = "\u202e\u2066\u200b<script>alert(1)</script>"


def _read(web: Web, case: Case, verdict: str, reason: str, **values: Any) -> int:
    """One more run of readings; the newest one is the case's."""
    at = utcnow() - timedelta(minutes=5)
    facts = {"case_status": "new", "readings": 1, "http_status": 200, "source": "page"}
    with web.db.write() as session:
        run = Verification(
            case_id=case.id,
            verdict=verdict,
            reason=reason,
            **{**facts, "first_at": at, "last_at": at, **values},
        )
        session.add(run)
        session.flush()
        kept = session.get_one(Case, case.id)
        kept.verification_id, kept.verdict, kept.checked_at = run.id, verdict, at
        return run.id


def _panel(person: Person, case: Case, query: str = "") -> Opened:
    return person.open(f"/cases/{case.id}{query}")


def test_three_dated_sentences_mark_the_words_in_question(web: Web, editor: Person) -> None:
    case = web.case()
    _read(web, case, "fixed", "changed_in_place", before=STOOD, after=STANDS)
    _read(web, case, "still_there", "same_words", before=STOOD, after=STOOD)
    opened = _panel(editor, case)
    assert opened.texts(".evidence dt > span:first-child") == ["Reported", "Corrected", "Now"]
    assert len(opened.texts(".evidence dt > span:last-child")) == 3
    assert opened.texts(".evidence del") == ["г", "г"]
    assert opened.texts(".evidence ins") == ["ғ"]
    assert opened.texts(".evidence .hidden")[1:] == [STANDS, STOOD]
    assert opened.text("[aria-labelledby=h-live] > header .status") == "Still there"
    assert "The same words stand in the same place." in opened.texts(".evidence .meta")


def test_a_page_that_was_never_read_says_so_and_when_it_will_be(web: Web, editor: Person) -> None:
    opened = _panel(editor, web.case())
    assert opened.texts(".evidence dd")[1] == "The page was not read yet."
    assert opened.text("[aria-labelledby=h-live] > header .push").startswith("read next ")
    assert opened.page.css_first("#readings") is None


@pytest.mark.parametrize(
    ("verdict", "reason", "status", "said"),
    [
        ("page_gone", "http_status", 404, "The page is gone: the server answered 404."),
        ("unknown", "http_status", 503, "The page could not be reached: the server answered 503."),
        ("unknown", "no_connection", None, "The server takes no connection."),
        ("rewritten", "place_gone", 200, "The passage is no longer on the page."),
        ("unknown", "of_tomorrow", None, "For a reason that this version does not know."),
    ],
)
def test_where_there_is_no_sentence_it_says_why(
    web: Web, editor: Person, verdict: str, reason: str, status: int | None, said: str
) -> None:
    case = web.case()
    _read(web, case, verdict, reason, http_status=status)
    opened = _panel(editor, case)
    assert opened.texts(".evidence dd")[-1] == said
    assert opened.texts("#readings td")[-1] == said
    assert reason not in opened.text("main")


def test_it_names_who_has_seen_it(web: Web, editor: Person) -> None:
    case = web.case()
    _read(web, case, "fixed", "changed_in_place", before=STOOD, after=STANDS, source="cms")
    opened = _panel(editor, case)
    assert "So it stands in the newsroom’s own system." in opened.texts(".evidence .meta")
    assert opened.texts("#readings td")[2] == "newsroom’s system"


def test_where_an_address_leads_is_told(web: Web, editor: Person) -> None:
    case = web.case()
    _read(web, case, "page_gone", "other_text", final_url="https://dala.example.kz/")
    _read(web, case, "page_gone", "other_text", final_url=PAGE_URL)
    assert "The address leads to" not in _panel(editor, case).text()
    _read(web, case, "page_gone", "other_text", final_url="https://dala.example.kz/")
    assert "The address leads to https://dala.example.kz/" in _panel(editor, case).text()


def test_a_dismissed_case_says_why_its_page_is_read_no_more(web: Web, editor: Person) -> None:
    case = web.case()
    editor.decide(case, "dismiss:opinion")
    said = _panel(editor, case).text("[aria-labelledby=h-live] > header .push")
    assert said == "not read any more: the case is dismissed"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_hostile_page_is_inert_and_the_page_of_the_case_stays_small(
    web: Web, person: NewPerson, language: str
) -> None:
    reader, case = person("editor", language=language), web.case()
    hostile = f"{TURNED * 40}{STANDS}{TURNED * 40}"
    for n in range(60):
        reason = ("surroundings_changed", "place_gone")[n % 2]
        values = {"before": STOOD, "after": hostile, "final_url": f"https://x.kz/{TURNED * 99}"}
        _read(web, case, "rewritten", reason, readings=3, **values)
    opened = _panel(reader, case)
    assert opened.page.css_first("main script") is None
    assert "\u202e" not in "".join(opened.texts(".evidence .said [aria-hidden]"))
    assert "RLO" in opened.texts(".evidence .invisible")
    assert len(opened.answer.get_data()) < 100_000


def test_many_readings_stand_on_several_pages(web: Web, editor: Person) -> None:
    case = web.case()
    for n in range(25):
        _read(web, case, "unknown", ("too_slow", "no_connection")[n % 2], http_status=None)
    first = _panel(editor, case)
    assert len(first.page.css("#readings tbody tr")) == 20
    assert first.text("#readings summary") == "All readings: 25"
    assert first.page.css_first("#readings[open]") is None
    (more,) = first.values("#readings > p a", "href")
    rest = editor.open(more)
    assert len(rest.page.css("#readings tbody tr")) == 5
    assert rest.page.css_first("#readings[open]") is not None
    assert rest.page.css_first("#readings > p a") is None
    assert _panel(editor, case, "?older=x").status == 200
    assert _panel(editor, case, f"?older={'9' * 30}").status == 200


def test_the_column_beside_the_queue_has_the_last_sentence(web: Web, editor: Person) -> None:
    case = web.case()
    _read(web, case, "fixed", "changed_in_place", before=STOOD, after=STANDS)
    opened = editor.open(f"/cases/{case.id}/peek")
    assert opened.texts("dd .said ins") == ["ғ"]
    assert "Fixed on the page" in opened.texts("dd .status")


def test_the_line_of_who_else_looks_has_its_room_from_the_start(web: Web, editor: Person) -> None:
    opened = _panel(editor, web.case())
    assert opened.page.css_first("#here:not([hidden]) > p[role=status]") is not None
