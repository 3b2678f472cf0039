"""What waits too long is brought back: to whom, and when."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core import reminders, tending
from core.db import Database
from core.models import Case, Channel, Delivery, User
from tests import factories
from tests.core.newsroom import Newsroom

ZHANAR = "zhanar@dala.example.kz"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, now: datetime) -> Newsroom:
    return Newsroom(db, factories.make_settings(tmp_path), now)


def _quiet(newsroom: Newsroom, number: int, hours: str) -> None:
    with newsroom.db.write() as session:
        tending.set_rhythm(session.get_one(Channel, number), {"quiet": hours})


def _due(newsroom: Newsroom, kind: str) -> set[datetime]:
    with newsroom.db.read() as session:
        return set(session.scalars(select(Delivery.due_at).where(Delivery.event_type == kind)))


def test_the_case_of_who_wants_no_mail_comes_back_to_the_channels(newsroom: Newsroom) -> None:
    newsroom.plan(remind_hours=24)
    newsroom.rule({}, {"channels": [1], "assign": ZHANAR})
    newsroom.report()
    with newsroom.db.write() as session:
        tending.set_own_mail(
            session, session.get_one(User, newsroom.zhanar.id), {"is_off": True}, {}
        )
    assert newsroom.remind(DAY) == 1
    assert newsroom.owed()[1:] == [("desk", "case.waiting", "now")]


def test_cases_that_nobody_may_hear_of_hold_up_none_of_the_others(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "_PAGE", 2)
    newsroom.rule({}, {"assign": ZHANAR})
    for number in range(3):
        url = f"{factories.SITE_URL}/{number}"
        newsroom.report(url=url, canonical_url=None, exact=f"сөз{number}")
    newsroom.plan(remind_hours=24)
    with newsroom.db.write() as session:
        session.execute(update(Case).where(Case.id < 3).values(assignee_id=None))
        for channel in session.scalars(select(Channel)):
            channel.options = {"stopped": True}
    assert newsroom.remind(DAY) == 1
    assert newsroom.owed()[-1] == ("zhanar", "case.waiting", "now")


def test_reminders_and_lists_keep_the_quiet_hours(newsroom: Newsroom) -> None:
    newsroom.rule({}, {"channels": [1]})
    newsroom.plan(remind_hours=24, weekly_at="wed 09:00")
    newsroom.report()
    newsroom.remind(timedelta(0))
    _quiet(newsroom, 1, "09:00-12:00")
    newsroom.remind(DAY)
    wakes = newsroom.now + DAY + 2.5 * HOUR  # it is half past nine
    assert _due(newsroom, "case.waiting") == {wakes}
    assert wakes in _due(newsroom, "case.open")


def test_nobody_is_reminded_of_what_they_have_not_been_told_yet(newsroom: Newsroom) -> None:
    newsroom.rule({}, {"channels": [1]})
    newsroom.plan(remind_hours=1)
    _quiet(newsroom, 1, "09:00-12:00")
    newsroom.report()
    assert newsroom.remind(HOUR) == 0
    assert newsroom.remind(3 * HOUR) == 1
