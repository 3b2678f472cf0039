"""Where a page can tell nothing, the newsroom's own system is asked."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

import pytest

from core import connecting, verification
from core.models import Case
from tests.core.cms.newsroom import System, caller, system
from tests.core.cms.test_changing import BODY, Archive
from tests.core.verification.press import Newsroom
from tests.factories import PAGE_URL, RIGHT, WRONG


@pytest.fixture
def archive() -> Archive:
    return Archive()


@pytest.fixture
def running(newsroom: Newsroom, archive: Archive) -> Iterator[System]:
    """The system of the newsroom, named to us."""
    with system(archive) as started:
        with newsroom.db.write() as session:
            connecting.add_connection(
                session,
                "dala",
                "http",
                started.address,
                "",
                "a-token",
                replace(newsroom.settings, private_networks=(ip_network("127.0.0.0/8"),)),
                newsroom.now,
            )
        yield started


def walled(newsroom: Newsroom) -> Case:
    """A case whose page has gone behind a wall since it was reported."""
    case = newsroom.report()
    newsroom.move(case, "fixed")
    newsroom.press.statuses[PAGE_URL] = 402
    return case


def go_on(newsroom: Newsroom, minutes: float) -> None:
    """The page is read, and where it told nothing the system is asked."""
    newsroom.later(minutes=minutes)
    newsroom.check()
    verification.ask_due(newsroom.db, newsroom.settings, caller(), lambda: newsroom.now)


def test_the_system_is_believed_once_it_has_said_so_twice(
    newsroom: Newsroom, archive: Archive, running: System
) -> None:
    case = walled(newsroom)
    archive.save({"body": BODY.replace(WRONG, RIGHT)})
    go_on(newsroom, 2)
    first = newsroom.case(case.id)
    assert (first.status, first.verdict) == ("fixed", "fixed")
    assert (first.evidence or {})["source"] == "cms"
    go_on(newsroom, 15)
    assert newsroom.case(case.id).status == "verified"


def test_it_is_asked_once_for_each_reading_that_came_to_nothing(
    newsroom: Newsroom, archive: Archive, running: System
) -> None:
    walled(newsroom)
    archive.is_there = False
    go_on(newsroom, 2)
    verification.ask_due(newsroom.db, newsroom.settings, caller(), lambda: newsroom.now)
    assert len(running.asked) == 1
    go_on(newsroom, 15)
    assert len(running.asked) == 2


def test_a_page_that_can_speak_is_not_asked_about(newsroom: Newsroom, running: System) -> None:
    newsroom.report()
    go_on(newsroom, 10)
    assert running.asked == []


def test_an_error_that_stands_in_the_system_is_still_there(
    newsroom: Newsroom, running: System
) -> None:
    case = walled(newsroom)
    go_on(newsroom, 2)
    assert newsroom.case(case.id).verdict == "still_there"
    go_on(newsroom, 15)
    assert newsroom.case(case.id).status == "accepted"
