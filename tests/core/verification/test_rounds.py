"""The live page decides what becomes of a case."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import receipts, verification
from core.models import Case, Report, User
from core.net import Code
from tests.core.verification.press import ARTICLE, EDITOR, MENDED, Newsroom, html
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, WRONG


def test_a_correction_is_verified_by_two_readings_some_minutes_apart(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.later(minutes=2)
    newsroom.check()
    once = newsroom.case(case.id)
    assert (once.status, once.verdict) == ("fixed", "fixed")
    newsroom.later(minutes=13)
    newsroom.check()
    twice = newsroom.case(case.id)
    assert (twice.status, twice.verdict) == ("verified", "fixed")
    last = newsroom.events(case)[-1]
    assert (last.type, last.actor, last.via) == ("verified", "verifier", "clock")
    assert last.data["fixed_by"] == EDITOR.name


def test_the_evidence_shows_the_place_before_and_after(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=20)
    evidence = newsroom.case(case.id).evidence or {}
    assert WRONG in evidence["before"]
    assert RIGHT in evidence["after"]
    assert (evidence["status"], evidence["etag"], evidence["final_url"]) == (200, '"1"', PAGE_URL)
    with newsroom.db.read() as session:
        (run,) = [r for r in verification.verifications_of(session, case.id) if r.readings == 2]
    assert (run.verdict, run.as_suggested, run.case_status) == ("fixed", True, "fixed")


def test_a_case_is_verified_that_was_fixed_in_other_words(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(f"{BEFORE}балалар үшін{AFTER}")
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=20)
    assert newsroom.case(case.id).status == "verified"


def test_what_is_still_wrong_goes_back_to_the_person_who_said_it_is_fixed(
    newsroom: Newsroom,
) -> None:
    case = newsroom.report()
    newsroom.move(case, "fixed")
    newsroom.later(minutes=2)
    newsroom.check()
    assert newsroom.case(case.id).status == "fixed"  # caches may need that long
    newsroom.later(minutes=13)
    newsroom.check()
    back = newsroom.case(case.id)
    assert (back.status, back.verdict) == ("accepted", "still_there")
    last = newsroom.events(case)[-1]
    assert (last.type, last.actor) == ("accepted", "verifier")
    assert (last.data["verdict"], last.data["fixed_by"]) == ("still_there", EDITOR.name)
    with newsroom.db.read() as session:
        assert session.get_one(User, back.assignee_id).email == EDITOR.name
    assert (back.evidence or {})["after"]
    with newsroom.db.read() as session:
        report = session.scalars(select(Report)).one()
        way = receipts.steps(session, report, session.get_one(Case, case.id))
    assert [step.kind for step in way] == ["sent", "fixed", "still_there"]


@pytest.mark.parametrize("status", ["new", "accepted"])
def test_what_was_corrected_without_a_word_closes_by_itself(
    newsroom: Newsroom, status: str
) -> None:
    case = newsroom.report()
    if status == "accepted":
        newsroom.move(case, "accepted")
    newsroom.press.publish(MENDED)
    newsroom.pass_through(hours=1)
    assert newsroom.case(case.id).status == "verified"


def test_an_open_case_is_not_closed_by_words_that_nobody_suggested(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(f"{BEFORE}балалар үшін{AFTER}")
    newsroom.pass_through(days=2)
    open_still = newsroom.case(case.id)
    assert (open_still.status, open_still.verdict) == ("new", "fixed")
    assert len(newsroom.press.asked) < 10


@pytest.mark.parametrize(
    ("paragraph", "verdict"),
    [
        ("Бұл абзацты редакция басынан аяғына дейін басқаша жазып шықты.", "rewritten"),
        (None, "rewritten"),
    ],
)
def test_a_paragraph_that_is_gone_decides_nothing(
    newsroom: Newsroom, paragraph: str | None, verdict: str
) -> None:
    case = newsroom.report()
    newsroom.press.publish(*filter(None, [paragraph]))
    newsroom.move(case, "fixed")
    newsroom.pass_through(days=2)
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("fixed", verdict)


def test_a_page_that_is_gone_is_proposed_not_decided(newsroom: Newsroom) -> None:
    case = newsroom.report()
    del newsroom.press.pages[PAGE_URL]
    newsroom.pass_through(days=1)
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("new", "page_gone")
    assert len(newsroom.texts()) == 1


def test_an_error_page_that_says_200_is_a_page_that_is_gone(newsroom: Newsroom) -> None:
    case = newsroom.report()
    words = "Кешіріңіз, сіз іздеген бет табылмады. Мүмкін, мекенжай қате терілген шығар. "
    newsroom.press.pages[PAGE_URL] = f"<html><body><main><p>{words * 4}</p></main></body></html>"
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=3)
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("fixed", "page_gone")
    assert len(newsroom.texts()) == 1
    newsroom.press.publish(MENDED)
    newsroom.pass_through(days=3)
    assert newsroom.case(case.id).status == "verified"


@pytest.mark.parametrize("status", [401, 402, 403, 429, 500, 503])
def test_an_answer_that_tells_nothing_is_never_a_correction(
    newsroom: Newsroom, status: int
) -> None:
    case = newsroom.report()
    newsroom.press.statuses[PAGE_URL] = status
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=1)
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("fixed", "unknown")
    assert (judged.evidence or {})["status"] == status


def test_a_server_that_is_away_is_said_to_be_so_and_asked_again(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.press.fault = Code.TOO_SLOW
    newsroom.move(case, "fixed")
    newsroom.later(minutes=2)
    newsroom.check()
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("fixed", "unknown")
    assert (judged.evidence or {})["reason"] == "too_slow"
    newsroom.press.fault = None
    newsroom.pass_through(hours=3)
    assert newsroom.case(case.id).status == "verified"


def test_a_page_that_shows_old_and_new_by_turns_is_not_verified(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case, "fixed")
    old_and_new = [MENDED, ARTICLE] * 6
    for text in old_and_new:
        newsroom.press.publish(text)
        due = newsroom.next_due()
        assert due is not None
        newsroom.now = due
        newsroom.check()
        assert newsroom.case(case.id).status == "fixed"
    newsroom.press.publish(MENDED)
    newsroom.pass_through(days=3)
    assert newsroom.case(case.id).status == "verified"


def test_the_error_in_a_comment_below_fools_nobody(newsroom: Newsroom) -> None:
    case = newsroom.report()
    comment = (
        f"<section class='comments'><p>Мақалада «{BEFORE}{WRONG}{AFTER}» деп тұр!</p></section>"
    )
    page = html(MENDED).replace("</article>", f"{comment}</article>")
    newsroom.press.pages[PAGE_URL] = page
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=20)
    assert newsroom.case(case.id).status == "verified"


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE.replace(" ", "\u00a0"),
        ARTICLE.replace("балаларга", "бала\u00adлар\u00adга"),
        "".join(f"&#{ord(char)};" for char in ARTICLE),
        ARTICLE.replace("балаларга", "<b>балалар</b>га"),
        ARTICLE.replace("балаларга", "балаларга\u200b"),
    ],
    ids=["nbsp", "soft hyphens", "entities", "inline tags", "zero width"],
)
def test_other_spellings_of_the_same_text_are_no_correction(newsroom: Newsroom, text: str) -> None:
    case = newsroom.report()
    newsroom.press.publish(text)
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=20)
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("accepted", "still_there")


@pytest.mark.parametrize(
    "text",
    [
        MENDED.replace(" ", "\u00a0"),
        MENDED.replace(RIGHT, "бала\u00adлар\u00adға"),
        "".join(f"&#{ord(char)};" for char in MENDED),
        MENDED.replace(RIGHT, "<b>балалар</b>ға"),
    ],
    ids=["nbsp", "soft hyphens", "entities", "inline tags"],
)
def test_a_correction_is_seen_in_every_spelling(newsroom: Newsroom, text: str) -> None:
    case = newsroom.report()
    newsroom.press.publish(text)
    newsroom.pass_through(hours=1)
    assert newsroom.case(case.id).status == "verified"


def test_an_error_that_comes_back_reopens_its_case_and_names_who_had_fixed_it(
    newsroom: Newsroom,
) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.pass_through(days=3)
    assert newsroom.case(case.id).status == "verified"
    newsroom.press.publish(ARTICLE)
    newsroom.pass_through(days=2)
    back = newsroom.case(case.id)
    assert (back.status, back.regressed, back.verdict) == ("accepted", True, "still_there")
    last = newsroom.events(case)[-1]
    assert (last.type, last.actor) == ("regressed", "verifier")
    assert last.data["fixed_by"] == EDITOR.name
    newsroom.press.publish(MENDED)
    newsroom.pass_through(days=2)
    again = newsroom.case(case.id)
    assert (again.status, again.regressed) == ("verified", False)


def test_one_stale_copy_does_not_reopen_a_verified_case(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=1)
    newsroom.press.publish(ARTICLE)
    newsroom.later(hours=1)
    newsroom.check()
    assert newsroom.case(case.id).verdict == "still_there"
    newsroom.press.publish(MENDED)
    newsroom.pass_through(days=2)
    assert newsroom.case(case.id).status == "verified"
    assert "regressed" not in [event.type for event in newsroom.events(case)]


def test_what_the_page_shows_ends_a_snooze(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case, "fixed")
    with newsroom.db.write() as session:
        session.get_one(Case, case.id).snoozed_until = newsroom.now + timedelta(days=30)
    newsroom.press.publish(MENDED)
    newsroom.pass_through(minutes=20)
    seen = newsroom.case(case.id)
    assert (seen.status, seen.snoozed_until) == ("verified", None)
    assert newsroom.events(case)[-1].data["before"]["snoozed_until"] is not None
