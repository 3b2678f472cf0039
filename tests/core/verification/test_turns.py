"""When a page is read, for whom, and by which worker."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import verification
from core.models import Case, Page
from core.net import Code
from tests.core.verification.press import ARTICLE, MENDED, Newsroom
from tests.factories import PAGE_URL, SITE_URL


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
