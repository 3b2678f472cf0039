"""The live page decides what becomes of a case."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import receipts, verification
from core.models import Case, Page, Report, User
from core.net import Code
from tests.core.verification.press import ARTICLE, EDITOR, MENDED, Newsroom, html
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, SITE_URL, WRONG


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


def test_a_page_is_read_once_for_all_its_cases(newsroom: Newsroom) -> None:
    first = newsroom.report()
    second = newsroom.report(
        exact="сөрелерде", prefix="Қазір ", suffix=" қырық мың том", suggestion="сөрелерінде"
    )
    assert first.id != second.id
    before = len(newsroom.press.asked)
    newsroom.later(minutes=10)
    done = newsroom.check()
    assert (done.pages, done.cases) == (1, 2)
    assert len(newsroom.press.asked) == before + 1


def test_after_fixed_no_cache_is_believed_and_at_night_the_server_is_asked_for_changes(
    newsroom: Newsroom,
) -> None:
    case = newsroom.report()
    newsroom.later(minutes=10)
    newsroom.check()
    nightly = newsroom.press.asked[-1]
    assert (nightly.fresh, nightly.validators is not None) == (False, True)
    newsroom.move(case, "fixed")
    newsroom.later(minutes=2)
    newsroom.check()
    asked = newsroom.press.asked[-1]
    assert (asked.fresh, asked.validators) == (True, None)


def test_a_fixed_case_is_read_for_thirty_days_and_then_left_alone(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    fixed_at, before = newsroom.now, len(newsroom.press.asked)
    newsroom.pass_through(days=40)
    assert len(newsroom.press.asked) - before == 3 + 30
    assert newsroom.case(case.id).check_due_at is None
    assert newsroom.case(case.id).checked_at == fixed_at + timedelta(days=30)


def test_an_open_case_is_read_every_night(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.pass_through(days=10)
    checked = newsroom.case(case.id).checked_at
    assert checked is not None
    assert newsroom.now - checked <= timedelta(days=1)
    assert 12 <= len(newsroom.press.asked) <= 15
    assert newsroom.case(case.id).version == 1


def test_a_dismissed_case_is_not_read_for(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case, "dismissed", resolution="not_an_error")
    newsroom.later(days=3)
    assert newsroom.check().pages == 0


def test_a_page_that_never_showed_the_words_says_nothing(newsroom: Newsroom) -> None:
    newsroom.press.pages[PAGE_URL] = "<html><body><div id=app></div></body></html>"
    case = newsroom.report()
    newsroom.press.pages[PAGE_URL] = (
        "<html><body><main><p>Мақаланы көру үшін JavaScript керек. "
        "Шолғышыңызда оны қосып, бетті қайта жүктеңіз.</p></main></body></html>"
    )
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=3)
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("fixed", "unknown")
    assert (judged.evidence or {})["reason"] in ("never_seen", "no_text")


def test_a_page_that_was_corrected_before_our_first_look_is_believed_by_its_context(
    newsroom: Newsroom,
) -> None:
    newsroom.press.publish(MENDED)
    case = newsroom.report()
    newsroom.pass_through(hours=1)
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("verified", "fixed")


def test_a_late_reader_of_the_old_text_opens_a_case_that_closes_by_itself(
    newsroom: Newsroom,
) -> None:
    other = newsroom.report(
        exact="сөрелерде", prefix="Қазір ", suffix=" қырық мың том", suggestion="сөрелерінде"
    )
    newsroom.press.publish(MENDED)
    newsroom.later(hours=2)
    newsroom.check()
    late = newsroom.report()
    assert late.id != other.id
    newsroom.pass_through(hours=2)
    assert newsroom.case(late.id).status == "verified"
    assert newsroom.case(other.id).verdict == "still_there"


def test_the_error_is_found_again_after_many_versions_of_the_page(newsroom: Newsroom) -> None:
    case = newsroom.report()
    for number in range(12):
        newsroom.press.publish(f"Жаңарту №{number}: оқиға жалғасуда.", ARTICLE)
        newsroom.later(hours=6)
        newsroom.check()
        assert newsroom.case(case.id).verdict == "still_there"
    newsroom.press.publish("Соңғы жаңарту.", MENDED)
    newsroom.pass_through(days=2)
    assert newsroom.case(case.id).status == "verified"


def test_a_host_that_is_away_is_asked_more_and_more_rarely(newsroom: Newsroom) -> None:
    newsroom.report()
    newsroom.press.fault = Code.NO_CONNECTION
    before = len(newsroom.press.asked)
    minutes = 0
    while minutes < 24 * 60:
        newsroom.later(minutes=1)
        minutes += 1
        newsroom.check()
    assert 5 <= len(newsroom.press.asked) - before <= 15


def test_a_turn_that_is_somebody_elses_leaves_the_page_due(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.later(minutes=10)
    newsroom.press.busy = 60.0
    assert newsroom.check().pages == 0
    newsroom.press.busy = None
    assert newsroom.check().pages == 1
    assert newsroom.case(case.id).verdict == "still_there"


def test_a_killed_worker_leaves_its_page_to_another(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.later(minutes=10)

    class KilledError(BaseException):
        pass

    def die(*_: object) -> None:
        raise KilledError

    with pytest.raises(KilledError):
        verification.check_due(newsroom.db, newsroom.settings, die, lambda: newsroom.now)  # type: ignore[arg-type]
    assert newsroom.check().pages == 0
    newsroom.later(minutes=4)
    assert newsroom.check().pages == 1
    assert newsroom.case(case.id).verdict == "still_there"
    assert newsroom.check().pages == 0
    with newsroom.db.read() as session:
        assert session.scalars(select(Page.check_attempts)).one() == 0


def test_a_reading_that_took_longer_than_its_lease_does_not_count(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.later(minutes=10)

    def slow(request: object, policy: object) -> object:
        newsroom.later(minutes=5)
        assert newsroom.check().pages == 1
        newsroom.press.publish(MENDED)
        return newsroom.press.fetch(request, policy)  # type: ignore[arg-type]

    clock = lambda: newsroom.now  # noqa: E731
    verification.check_due(newsroom.db, newsroom.settings, slow, clock, most=1)  # type: ignore[arg-type]
    assert newsroom.case(case.id).verdict == "still_there"
    with newsroom.db.read() as session:
        (run,) = verification.verifications_of(session, case.id)
    assert run.readings == 1


def test_pages_of_several_hosts_are_read_side_by_side(newsroom: Newsroom) -> None:
    for number in range(3):
        url = f"{SITE_URL}/{number}"
        newsroom.press.publish(ARTICLE, url=url)
        newsroom.report(url=url, canonical_url=None)
    newsroom.later(minutes=10)
    done = newsroom.check()
    assert (done.pages, done.cases) == (3, 3)
    assert sorted({request.url for request in newsroom.press.asked}) == [
        f"{SITE_URL}/{number}" for number in range(3)
    ]
    with newsroom.db.read() as session:
        assert set(session.scalars(select(Case.verdict))) == {"still_there"}
