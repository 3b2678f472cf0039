"""Who hears of nothing any more: people without a role on the site."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import delivery, rulebook
from core.db import Database
from core.models import Case, Delivery, Site, User
from tests import factories
from tests.core.newsroom import SPORT, Newsroom

ZHANAR = "zhanar@dala.example.kz"
DAY = timedelta(days=1)


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, now: datetime) -> Newsroom:
    return Newsroom(db, factories.make_settings(tmp_path), now)


def _dismiss(newsroom: Newsroom) -> None:
    """The person's role is taken away."""
    with newsroom.db.write() as session:
        person = session.get_one(User, newsroom.zhanar.id)
        person.memberships.clear()


def _turn(newsroom: Newsroom, person: str, hours: int) -> None:
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        begins, ends = newsroom.now - timedelta(hours=hours), newsroom.now + 30 * DAY
        rulebook.add_duty(session, site, person, begins, ends)


def test_who_has_lost_their_role_hears_by_no_rule(newsroom: Newsroom) -> None:
    newsroom.rule({}, {"people": [ZHANAR], "channels": [2], "authors": True, "assign": ZHANAR})
    newsroom.report(**SPORT)
    assert {row[0] for row in newsroom.owed()} == {"sport", "zhanar"}
    _dismiss(newsroom)
    newsroom.report(at=newsroom.now + timedelta(minutes=1))
    other = newsroom.another()
    assert newsroom.owed()[2:] == [
        ("sport", "case.updated", "digest"),
        ("sport", "case.created", "now"),
    ]
    assert other.assignee_id is None


def test_a_rule_that_names_nobody_else_leads_to_the_fallback(newsroom: Newsroom) -> None:
    newsroom.plan(fallback=[3])
    newsroom.rule({}, {"people": [ZHANAR]})
    _dismiss(newsroom)
    newsroom.report()
    assert newsroom.owed() == [("night", "case.created", "now")]


def test_the_turn_of_who_has_lost_their_role_falls_to_the_other_on_duty(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        factories.make_user(session, newsroom.now, "dauren@dala.example.kz")
    _turn(newsroom, "dauren@dala.example.kz", 2)
    _turn(newsroom, ZHANAR, 1)
    newsroom.rule({}, {"duty": True, "assign": "duty"})
    newsroom.plan(remind_hours=24, escalate_hours=48, escalate_to=ZHANAR)
    first = newsroom.report()
    _dismiss(newsroom)
    second = newsroom.another()
    assert newsroom.remind(2 * DAY) == 4
    assert [row[:2] for row in newsroom.owed()] == [
        ("zhanar", "case.created"),
        ("dauren", "case.created"),
        *[("dauren", "case.waiting")] * 2,
        *[("dauren", "case.escalated")] * 2,
    ]
    with newsroom.db.read() as session:
        dauren = session.scalars(select(User).where(User.email.startswith("dauren"))).one()
        assert session.get_one(Case, second.id).assignee_id == dauren.id
        assert session.get_one(Case, first.id).assignee_id != dauren.id


def test_what_was_owed_before_the_role_was_taken_away_does_not_go_out(newsroom: Newsroom) -> None:
    newsroom.rule({}, {"people": [ZHANAR]})
    newsroom.report()
    _dismiss(newsroom)
    delivery.deliver_due(newsroom.db, newsroom.settings, lambda: newsroom.now)
    with newsroom.db.read() as session:
        (row,) = session.scalars(select(Delivery))
        assert (row.status, row.sent_at) == ("dead", None)
        assert row.last_error == "Its person has no role on the site any more."
        assert row.channel.failures == 0
