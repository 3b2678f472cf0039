"""A correction that adds something leaves the words of the case where they were."""

import pytest

from core.models import Case
from tests.core.verification.press import Newsroom

BEFORE = "Қала әкімінің орынбасары бүгін журналистерге жаңа жолдың"
EXACT = " құрылысы"
AFTER = " биыл аяқталады деп хабарлады, ал жоба құны қырық миллиард теңге болды."
WRONG = BEFORE + EXACT + AFTER
ADDED = [",", " міндетті түрде"]  # a mark, and a word that was left out


def _report(newsroom: Newsroom, added: str | None) -> Case:
    suggestion = None if added is None else f"құрылысы{added}"
    return newsroom.report(
        exact="құрылысы", prefix=BEFORE[-30:] + " ", suffix=AFTER[:30], suggestion=suggestion
    )


def _with(added: str) -> str:
    return BEFORE + EXACT + added + AFTER


@pytest.mark.parametrize("added", ADDED)
def test_what_was_left_out_and_is_there_now_is_verified(newsroom: Newsroom, added: str) -> None:
    newsroom.press.publish(WRONG)
    case = _report(newsroom, added)
    newsroom.press.publish(_with(added))
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=30)
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("verified", "fixed")


def test_another_word_than_the_suggested_one_may_fill_the_gap(newsroom: Newsroom) -> None:
    newsroom.press.publish(WRONG)
    case = _report(newsroom, " міндетті түрде")
    newsroom.press.publish(_with(" толығымен"))
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=30)
    assert newsroom.case(case.id).status == "verified"


@pytest.mark.parametrize("added", ADDED)
def test_what_was_added_before_our_first_look_is_not_still_missing(
    newsroom: Newsroom, added: str
) -> None:
    newsroom.press.publish(_with(added))
    case = _report(newsroom, added)
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=30)
    judged = newsroom.case(case.id)
    assert judged.status in ("fixed", "verified")
    assert judged.verdict != "still_there"


@pytest.mark.parametrize("added", ADDED)
def test_what_was_added_and_is_lost_again_reopens_the_case(newsroom: Newsroom, added: str) -> None:
    newsroom.press.publish(WRONG)
    case = _report(newsroom, added)
    newsroom.press.publish(_with(added))
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=30)
    newsroom.press.publish(WRONG)
    newsroom.pass_through(days=3)
    assert newsroom.case(case.id).status == "accepted"
    assert "regressed" in [event.type for event in newsroom.events(case)]


def test_a_gap_beside_which_something_else_changed_is_still_a_gap(newsroom: Newsroom) -> None:
    newsroom.press.publish(WRONG)
    case = _report(newsroom, ",")
    newsroom.press.publish(WRONG.replace("биыл", "келер жылы"))
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=30)
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) != ("verified", "fixed")
