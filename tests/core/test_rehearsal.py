"""Rules that are tried on last week say what would have been owed, and keep nothing."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import routing, rulebook, tending
from core.db import Database
from core.models import Channel, Delivery, Site, User
from core.rulebook import Rehearsed
from tests import factories
from tests.core.newsroom import SPORT, Newsroom

ZHANAR = "zhanar@dala.example.kz"
HOUR = timedelta(hours=1)


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, now: datetime) -> Newsroom:
    return Newsroom(db, factories.make_settings(tmp_path), now)


def _tried(newsroom: Newsroom, rules: list[routing.Rule] | None = None) -> list[Rehearsed]:
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        return rulebook.rehearse(session, site, newsroom.now + HOUR, rules)


def test_what_no_rule_catches_names_the_channels_of_the_fallback(newsroom: Newsroom) -> None:
    newsroom.report()
    newsroom.rule({"section": ["Спорт"]}, {"channels": [2]})
    (tried,) = _tried(newsroom)
    assert (tried.rules, len(tried.channels)) == ((), 3)
    newsroom.plan(fallback=[3])
    (tried,) = _tried(newsroom)
    assert (tried.rules, tried.channels, tried.people) == ((), ("night@dala.example.kz",), ())


def test_who_would_have_been_on_duty_is_named(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        rulebook.add_duty(session, site, ZHANAR, newsroom.now - HOUR, newsroom.now + HOUR)
    newsroom.report()
    newsroom.report(
        at=newsroom.now - 2 * HOUR, exact="түнгі", url=f"{factories.SITE_URL}/2", canonical_url=None
    )
    newsroom.rule({}, {"duty": True, "assign": "duty"})
    newsroom.plan(fallback=[1])
    by_day, by_night = _tried(newsroom)
    assert (by_day.channels, by_day.people, by_day.assign) == ((), (ZHANAR,), ZHANAR)
    assert (by_night.channels, by_night.people, by_night.assign) == (
        ("desk@dala.example.kz",),
        (),
        None,
    )


def test_who_wants_no_mail_or_has_no_role_is_not_named(newsroom: Newsroom) -> None:
    newsroom.report(**SPORT)
    rule = routing.Rule(
        0,
        "r",
        {},
        {
            "people": [newsroom.zhanar.id],
            "authors": True,
            "channels": [1, 2],
            "assign": newsroom.zhanar.id,
        },
    )
    (tried,) = _tried(newsroom, [rule])
    assert (tried.people, tried.assign) == ((ZHANAR,), ZHANAR)
    with newsroom.db.write() as session:
        person = session.get_one(User, newsroom.zhanar.id)
        tending.set_own_mail(session, person, {"is_off": True}, {})
        session.get_one(Channel, 2).options = {"stopped": True}
    (tried,) = _tried(newsroom, [rule])
    assert (tried.channels, tried.people, tried.assign) == (("desk@dala.example.kz",), (), ZHANAR)
    with newsroom.db.write() as session:
        person = session.get_one(User, newsroom.zhanar.id)
        person.memberships.clear()
    (tried,) = _tried(newsroom, [rule])
    assert tried.assign is None


def test_trying_keeps_nothing(newsroom: Newsroom) -> None:
    newsroom.report()
    before = newsroom.owed()
    newsroom.rule({}, {"people": [ZHANAR]})
    assert [each.people for each in _tried(newsroom)] == [(ZHANAR,)]
    assert newsroom.owed() == before
    with newsroom.db.read() as session:
        assert session.scalars(select(Channel).where(Channel.user_id.is_not(None))).all() == []
        assert len(session.scalars(select(Delivery)).all()) == 3


def test_what_goes_the_same_way_is_gathered_the_most_cases_first(newsroom: Newsroom) -> None:
    for n, section in enumerate(("Қоғам", "Спорт", "Спорт")):
        newsroom.report(
            url=f"{factories.SITE_URL}/{n}", canonical_url=None, metadata={"section": section}
        )
    newsroom.rule({"section": ["Спорт"]}, {"channels": [2]})
    sport, others = rulebook.gather(_tried(newsroom))
    assert (len(sport.way.rules), len(sport.cases), len(others.cases)) == (1, 2, 1)
    assert {case.channels for case in sport.cases} == {sport.way.channels}
    assert others.way.rules == ()
