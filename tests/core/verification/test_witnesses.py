"""The newsroom's system and the live page are two witnesses."""

import pytest

from core import verification
from core.errors import Forbidden
from core.models import Case
from core.verification import Saved
from tests.core.verification.press import ARTICLE, MENDED, Newsroom, html
from tests.factories import PAGE_URL


def save(newsroom: Newsroom, text: str | None, url: str = PAGE_URL) -> None:
    """The system says that the article was saved and reads so; None if it is hidden now."""
    told = Saved("dala", url, None, None if text is None else html(text))
    with newsroom.db.write() as session:
        verification.hear_save(session, told, newsroom.now, newsroom.settings)


def after_save(newsroom: Newsroom, case: Case, says: str, shows: str) -> Case:
    """The system says one thing, and a moment later the page is read."""
    newsroom.press.publish(shows)
    save(newsroom, says)
    newsroom.later(seconds=2)
    assert newsroom.check().pages == 1
    return newsroom.case(case.id)


def test_a_save_and_a_reading_that_agree_verify_at_once(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case, "fixed")
    assert after_save(newsroom, case, MENDED, MENDED).status == "verified"


def test_what_was_corrected_without_a_word_here_closes_at_once(newsroom: Newsroom) -> None:
    case = newsroom.report()
    assert after_save(newsroom, case, MENDED, MENDED).status == "verified"


def test_a_cache_that_still_shows_the_error_is_waited_for(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case, "fixed")
    stale = after_save(newsroom, case, MENDED, ARTICLE)
    assert (stale.status, stale.verdict) == ("fixed", "still_there")
    newsroom.press.publish(MENDED)
    newsroom.later(minutes=13)
    newsroom.check()
    assert newsroom.case(case.id).status == "verified"


def test_a_word_that_is_long_past_confirms_nothing(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case, "fixed")
    newsroom.press.publish(ARTICLE)
    save(newsroom, MENDED)
    newsroom.check()
    newsroom.press.publish(MENDED)
    newsroom.later(hours=2)
    newsroom.check()
    assert newsroom.case(case.id).status == "fixed"


def test_the_system_alone_never_verifies_what_the_page_can_tell(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case, "fixed")
    newsroom.press.publish(ARTICLE)
    newsroom.check()
    for _ in range(3):
        save(newsroom, MENDED)
        newsroom.later(minutes=6)
    assert newsroom.case(case.id).status == "fixed"


def test_where_the_page_can_tell_nothing_the_system_is_believed(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case, "fixed")
    newsroom.press.statuses[PAGE_URL] = 503
    newsroom.later(minutes=2)
    newsroom.check()
    assert newsroom.case(case.id).verdict == "unknown"
    save(newsroom, MENDED)
    assert newsroom.case(case.id).status == "fixed"
    newsroom.check()
    newsroom.later(minutes=6)
    save(newsroom, MENDED)
    assert newsroom.case(case.id).status == "verified"


def test_an_error_that_a_save_brings_back_is_a_regression_at_once(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case, "fixed")
    after_save(newsroom, case, MENDED, MENDED)
    newsroom.later(hours=1)
    back = after_save(newsroom, case, ARTICLE, ARTICLE)
    assert (back.status, back.regressed) == ("accepted", True)


def test_a_save_of_something_else_changes_no_case(newsroom: Newsroom) -> None:
    case = newsroom.report()
    same = after_save(newsroom, case, ARTICLE, ARTICLE)
    assert (same.status, same.verdict) == ("new", "still_there")


def test_an_article_that_was_hidden_is_left_to_its_page(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.statuses[PAGE_URL] = 404
    save(newsroom, None)
    newsroom.check()
    gone = newsroom.case(case.id)
    assert (gone.status, gone.verdict) == ("new", "page_gone")


def test_an_address_that_is_not_the_sites_is_refused(newsroom: Newsroom) -> None:
    newsroom.report()
    with pytest.raises(Forbidden):
        save(newsroom, MENDED, url="https://other.example.kz/x")
