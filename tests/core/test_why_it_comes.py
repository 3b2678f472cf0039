"""Each message knows why it comes to whom it comes."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core import rulebook, tending
from core.db import Database
from core.models import Case, Channel, Delivery, User
from tests import factories
from tests.core.newsroom import SPORT, Newsroom

ZHANAR = "zhanar@dala.example.kz"
DAY = timedelta(days=1)


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, now: datetime) -> Newsroom:
    return Newsroom(db, factories.make_settings(tmp_path), now)


def _whys(newsroom: Newsroom) -> list[tuple[str, str, str | None]]:
    with newsroom.db.read() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        return [(row.channel.target.partition("@")[0], row.event_type, row.why) for row in rows]


def _put_on_duty(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        begins, ends = newsroom.now - DAY, newsroom.now + 9 * DAY
        rulebook.add_duty(session, newsroom.site, ZHANAR, begins, ends)


def test_without_rules_a_channel_hears_because_it_is_one(newsroom: Newsroom) -> None:
    newsroom.report()
    assert {why for _, _, why in _whys(newsroom)} == {"channel"}


@pytest.mark.parametrize(
    ("then", "why"),
    [
        ({"channels": [2]}, ("sport", "case.created", "rule {}")),
        ({"people": [ZHANAR]}, ("zhanar", "case.created", "rule {}")),
        ({"authors": True}, ("zhanar", "case.created", "author")),
        ({"duty": True}, ("zhanar", "case.created", "duty")),
        ({"people": [ZHANAR], "duty": True}, ("zhanar", "case.created", "rule {}")),
    ],
)
def test_a_rule_tells_why(
    newsroom: Newsroom, then: dict[str, Any], why: tuple[str, str, str]
) -> None:
    _put_on_duty(newsroom)
    newsroom.rule({}, then)
    newsroom.report(**SPORT)
    assert _whys(newsroom) == [why]


def test_what_no_rule_catches_says_so(newsroom: Newsroom) -> None:
    newsroom.rule({"section": ["Қоғам"]}, {"channels": [2]})
    newsroom.plan(fallback=[3])
    newsroom.report()
    assert _whys(newsroom) == [("night", "case.created", "fallback")]


def test_an_author_who_wishes_to_hear_hears_as_the_author(newsroom: Newsroom) -> None:
    newsroom.rule({}, {"channels": [1]})
    with newsroom.db.write() as session:
        user = session.get_one(User, newsroom.zhanar.id)
        tending.set_own_mail(session, user, {"articles": True}, {})
    newsroom.report(**SPORT)
    assert _whys(newsroom)[1] == ("zhanar", "case.created", "author")


def test_later_readers_are_told_for_the_reason_of_the_first_word(newsroom: Newsroom) -> None:
    newsroom.rule({}, {"channels": [2]})
    newsroom.report()
    with newsroom.db.write() as session:
        (rule,) = rulebook.rules_of(session, newsroom.site)
        rulebook.remove_rule(session, newsroom.site, rule.id)
    newsroom.report()
    assert _whys(newsroom)[1] == ("sport", "case.updated", "rule {}")


def test_reminders_say_whose_the_case_is_and_who_is_on_duty(newsroom: Newsroom) -> None:
    newsroom.rule({}, {"channels": [1]})
    case = newsroom.report()
    newsroom.another()
    _put_on_duty(newsroom)
    newsroom.plan(remind_hours=24, escalate_hours=48, escalate_to=ZHANAR)
    with newsroom.db.write() as session:
        session.get_one(Case, case.id).assignee_id = newsroom.zhanar.id
    newsroom.remind(DAY)
    newsroom.remind(3 * DAY)
    whys = [why for _, kind, why in _whys(newsroom) if kind != "case.created"]
    assert whys == ["assigned", "duty", "escalated", "escalated"]


def test_a_reminder_to_the_channels_has_the_reason_of_the_first_word(newsroom: Newsroom) -> None:
    newsroom.rule({}, {"channels": [1]})
    newsroom.plan(remind_hours=24)
    newsroom.report()
    newsroom.remind(DAY)
    assert _whys(newsroom)[1] == ("desk", "case.waiting", "rule {}")


def test_a_row_from_before_says_nothing_and_harms_nothing(newsroom: Newsroom) -> None:
    newsroom.report()
    with newsroom.db.write() as session:
        for row in session.scalars(select(Delivery)):
            row.why = None
        for channel in session.scalars(select(Channel)):
            channel.options = {"readers": "now"}
    newsroom.report()
    assert {why for _, _, why in _whys(newsroom)} == {None}
