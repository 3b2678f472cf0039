"""What a case's live page says: as reported, as corrected, now; and all that was read."""

from datetime import timedelta
from pathlib import Path

import pytest

from core import receipts
from core.livepage import MOST_RUNS, LivePage, Sentence, live_page
from core.models import Case, Report, Verification
from core.net import Code
from tests.core.verification.press import ARTICLE, MENDED, Newsroom
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, WRONG

SENTENCE = AFTER.partition(".")[0] + "."


def _live(newsroom: Newsroom, case: Case, older: int | None = None) -> LivePage:
    with newsroom.db.read() as session:
        return live_page(session, session.get_one(Case, case.id), older)


def _told(sentence: Sentence | None) -> tuple[str, list[tuple[str, str]]]:
    """The whole sentence, and what of it is marked."""
    assert sentence is not None
    marked = [piece for piece in sentence.pieces if piece.kind != "same"]
    return sentence.text, [(str(piece.kind), piece.text) for piece in marked]


def test_before_the_first_reading_it_is_the_page_as_it_was_looked_at(newsroom: Newsroom) -> None:
    live = _live(newsroom, newsroom.report())
    assert live.now is not None
    assert (live.now.run, live.corrected, live.readings) == (None, None, 0)
    assert live.now.at == newsroom.now
    assert _told(live.now.sentence) == (f"{BEFORE}{WRONG}{SENTENCE}", [("del", "г")])
    assert _told(live.reported)[1] == [("del", "г")]


def test_a_page_that_nobody_could_look_at_says_nothing(newsroom: Newsroom) -> None:
    newsroom.press.fault = Code.NO_CONNECTION
    live = _live(newsroom, newsroom.report())
    assert live.now is None
    assert live.reported is not None


def test_the_correction_is_shown_where_it_came_and_as_it_was_believed(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=3)
    seen = _live(newsroom, case).corrected
    assert seen is not None
    assert not seen.verified
    assert _told(seen.seen.sentence) == (f"{BEFORE}{RIGHT}{SENTENCE}", [("ins", "ғ")])
    first = seen.seen.at
    newsroom.pass_through(minutes=20)
    live = _live(newsroom, case)
    assert live.corrected is not None
    assert live.corrected.verified
    assert not live.corrected.together
    assert live.corrected.seen.at - first == timedelta(minutes=13)
    newsroom.pass_through(days=2)  # later readings of the same correction do not move it
    later = _live(newsroom, case)
    assert later.corrected is not None
    assert later.corrected.seen.at == live.corrected.seen.at
    assert later.now is not None
    assert later.now.at > live.corrected.seen.at


def test_an_error_that_came_back_stands_beside_its_correction(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=20)
    newsroom.press.publish(ARTICLE)
    newsroom.pass_through(days=2)
    live = _live(newsroom, case)
    assert live.corrected is not None
    assert live.corrected.verified
    assert _told(live.corrected.seen.sentence)[1] == [("ins", "ғ")]
    assert live.now is not None
    assert _told(live.now.sentence)[1] == [("del", "г")]
    assert live.readings == sum(run.readings for run in live.runs)


def test_the_sentence_is_what_the_last_reading_found(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.pass_through(minutes=11)
    newsroom.press.publish(ARTICLE.replace("қырық мың", "елу мың"))
    newsroom.pass_through(hours=1)
    live = _live(newsroom, case)
    assert live.now is not None
    assert live.now.run is not None
    assert live.now.run.readings == 2
    text, marked = _told(live.now.sentence)
    assert "елу мың" in text
    assert marked == [("del", "г")]


@pytest.mark.parametrize("gone", ["page", "passage"])
def test_what_is_gone_has_no_sentence_but_a_reason(newsroom: Newsroom, gone: str) -> None:
    case = newsroom.report()
    if gone == "page":
        newsroom.press.statuses = {PAGE_URL: 404}
    else:
        newsroom.press.publish("Мақаланың бұл бөлігі толықтай басқаша жазылған екен.")
    newsroom.pass_through(minutes=11)
    now = _live(newsroom, case).now
    assert now is not None
    assert now.run is not None
    assert now.sentence is None
    expected = {"page": ("page_gone", "http_status"), "passage": ("rewritten", "place_gone")}
    assert (now.run.verdict, now.run.reason) == expected[gone]


def test_of_a_word_written_twice_the_one_that_was_reported_is_marked(newsroom: Newsroom) -> None:
    before = "Бұл бағытты тұрғындар үш жыл сұраған. Бүгіннен бастап автобустың "
    after = " ұзарды: ол енді теміржол вокзалына дейін барады. Жолға қырық минут кетеді."
    newsroom.press.publish(f"{before}бағыты бағыты{after}")
    case = newsroom.report(
        exact="бағыты бағыты", suggestion="бағыты", prefix=before[-64:], suffix=after[:64]
    )
    assert case.exact == " бағыты"
    newsroom.pass_through(minutes=11)
    now = _live(newsroom, case).now
    assert now is not None
    assert now.run is not None
    assert now.sentence is not None
    assert now.sentence.before.endswith("автобустың бағыты")


def test_words_without_a_suggestion_are_flagged_as_a_whole(newsroom: Newsroom) -> None:
    case = newsroom.report(suggestion=None)
    newsroom.pass_through(minutes=11)
    live = _live(newsroom, case)
    assert live.now is not None
    for sentence in (live.reported, live.now.sentence):
        assert sentence is not None
        assert sentence.flagged
        assert [piece.text for piece in sentence.pieces] == [WRONG]


def test_a_page_that_answers_by_turns_has_its_readings_in_parts(newsroom: Newsroom) -> None:
    case = newsroom.report()
    with newsroom.db.write() as session:
        for n in range(MOST_RUNS + 3):
            facts = {"first_at": newsroom.now, "last_at": newsroom.now, "readings": 2}
            session.add(
                Verification(
                    case_id=case.id,
                    case_status="new",
                    verdict="unknown",
                    reason=("http_status", "too_slow")[n % 2],
                    **facts,
                )
            )
    newest = _live(newsroom, case)
    assert (len(newest.runs), newest.readings) == (MOST_RUNS, 2 * (MOST_RUNS + 3))
    assert newest.older == newest.runs[-1].id
    rest = _live(newsroom, case, newest.older)
    assert (len(rest.runs), rest.older) == (3, None)
    assert rest.runs[0].id < newest.runs[-1].id


def test_a_very_long_sentence_is_cut_beside_its_words(newsroom: Newsroom) -> None:
    long = "ұзын сөйлем " * 60
    newsroom.press.publish(f"{long}{BEFORE}{WRONG} {long}")
    case = newsroom.report(prefix=f"{long}{BEFORE}"[-64:], suffix=f" {long}"[:64])
    newsroom.pass_through(minutes=11)
    now = _live(newsroom, case).now
    assert now is not None
    text, marked = _told(now.sentence)
    assert len(text) < 400
    assert marked == [("del", "г")]


def test_what_a_reader_has_erased_is_in_no_sentence(newsroom: Newsroom, tmp_path: Path) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=20)
    with newsroom.db.write() as session:
        (report,) = session.query(Report).all()
        receipts.erase(session, report, tmp_path, newsroom.now)
    live = _live(newsroom, case)
    assert (live.reported, live.next_at) == (None, None)
    assert live.corrected is not None
    assert live.now is not None
    assert (live.corrected.seen.sentence, live.now.sentence) == (None, None)
