"""Rules: which new case goes to whom, and when."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core import rulebook, tending, triage
from core.cadence import Cadence, cadence_of, due, read_options
from core.db import Database
from core.errors import Invalid
from core.models import Case, Channel, Site, User
from core.routing import Facts, Rule, fits, route
from core.settings import Settings
from core.triage import Actor, Change
from tests import factories
from tests.core.newsroom import SPORT, Newsroom

ALMATY = ZoneInfo("Asia/Almaty")
FACTS = Facts(
    section="спорт",
    author="айдана мұрат",
    language="kk",
    kind="typo",
    url="https://dala.example.kz/sport/1",
    priority=3,
    here=datetime(2026, 3, 10, 9, 30, tzinfo=ALMATY),  # a Tuesday
)


def _rule(when: dict[str, Any], then: dict[str, Any] | None = None, name: str = "r") -> Rule:
    return Rule(1, name, when, then or {"channels": [1]})


@pytest.mark.parametrize(
    ("when", "fitting"),
    [
        ({}, True),
        ({"section": ["Спорт", "Қоғам"]}, True),
        ({"section": ["Қоғам"]}, False),
        ({"author": ["Айдана  Мұрат"]}, True),
        ({"language": ["ru"]}, False),
        ({"kind": ["typo"], "language": ["kk"]}, True),
        ({"url": "https://dala.example.kz/sport/*"}, True),
        ({"url": "*/news/*"}, False),
        ({"priority_from": 3}, True),
        ({"priority_from": 4}, False),
        ({"hours": ["08:00", "18:00"]}, True),
        ({"hours": ["18:00", "08:00"]}, False),
        ({"hours": ["22:00", "10:00"]}, True),
        ({"weekdays": ["tue"]}, True),
        ({"weekdays": ["sat", "sun"]}, False),
    ],
)
def test_all_conditions_of_a_rule_must_hold(when: dict[str, Any], fitting: bool) -> None:
    assert fits(_rule(when), FACTS) is fitting


def test_the_first_rule_decides_or_all_that_fit_add() -> None:
    rules = [
        _rule({"kind": ["link"]}, {"channels": [9]}, "no"),
        _rule({}, {"channels": [1], "assign": 7}, "one"),
        _rule({}, {"channels": [2, 1], "assign": 8, "duty": True}, "two"),
    ]
    first, every = route(rules, "first", FACTS), route(rules, "all", FACTS)
    assert (first.rules, first.channels, first.assign, first.duty) == (("one",), (1,), 7, False)
    assert (every.rules, every.channels, every.assign, every.duty) == (
        ("one", "two"),
        (1, 2),
        7,
        True,
    )
    assert route(rules[:1], "all", replace(FACTS)).rules == ()


@pytest.mark.parametrize(
    ("cadence", "word", "rhythm", "at"),
    [
        (Cadence("Asia/Almaty"), "now", "now", "09:31"),
        (Cadence("Asia/Almaty"), "15m", "digest", "09:45"),
        (Cadence("Asia/Almaty"), "hourly", "digest", "10:00"),
        (Cadence("Asia/Almaty"), "daily", "digest", "09:00"),
        (Cadence("Europe/Berlin"), "hourly", "digest", "10:00"),
    ],
)
def test_a_channel_hears_as_often_as_it_wishes(
    tmp_path: Path, cadence: Cadence, word: str, rhythm: str, at: str
) -> None:
    now = datetime(2026, 3, 10, 9, 31, tzinfo=ALMATY)
    said, due_at = due(cadence, word, now, factories.make_settings(tmp_path))
    assert (said, f"{due_at.astimezone(ALMATY):%H:%M}") == (rhythm, at)
    assert timedelta(0) <= due_at - now <= timedelta(days=1)


@pytest.mark.parametrize(
    ("clock", "comes"),
    [("21:59", "21:59"), ("22:00", "07:00"), ("06:59", "07:00"), ("07:00", "07:00")],
)
def test_nothing_comes_in_quiet_hours(tmp_path: Path, clock: str, comes: str) -> None:
    cadence = cadence_of(read_options({"quiet": "22:00-07:00"}), "Asia/Almaty")
    hour, minute = (int(part) for part in clock.split(":"))
    now = datetime(2026, 3, 10, hour, minute, tzinfo=ALMATY)
    _, due_at = due(cadence, "now", now, factories.make_settings(tmp_path))
    assert f"{due_at.astimezone(ALMATY):%H:%M}" == comes


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def newsroom(db: Database, settings: Settings, now: datetime) -> Newsroom:
    return Newsroom(db, settings, now)


def test_without_rules_all_hear_and_with_rules_those_they_choose(newsroom: Newsroom) -> None:
    newsroom.report(exact="бірінші")
    assert {row[0] for row in newsroom.owed()} == {"desk", "sport", "night"}
    newsroom.rule({"section": ["спорт"]}, {"channels": [2]})
    newsroom.report(exact="екінші", url=f"{factories.SITE_URL}/2", canonical_url=None, **SPORT)
    assert newsroom.owed()[3:] == [("sport", "case.created", "now")]


def test_what_no_rule_catches_goes_to_the_fallback_and_without_one_to_all(
    newsroom: Newsroom,
) -> None:
    newsroom.rule({"section": ["спорт"]}, {"channels": [2]})
    newsroom.report(exact="бірінші")
    assert len(newsroom.owed()) == 3
    newsroom.plan(fallback=[3])
    newsroom.another()
    assert newsroom.owed()[3:] == [("night", "case.created", "now")]


def test_later_readers_go_where_the_first_word_went(newsroom: Newsroom) -> None:
    newsroom.rule({"hours": ["08:00", "12:00"]}, {"channels": [2]})
    newsroom.rule({"hours": ["12:00", "08:00"]}, {"channels": [3]})
    newsroom.report()
    newsroom.report(at=newsroom.now + timedelta(hours=6))
    assert newsroom.owed() == [
        ("sport", "case.created", "now"),
        ("sport", "case.updated", "digest"),
    ]


def test_a_rule_can_assign_and_tell_a_person_the_one_on_duty_and_the_author(
    newsroom: Newsroom,
) -> None:
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        factories.make_user(session, newsroom.now, "dauren@dala.example.kz", site=site)
        begins, ends = newsroom.now - timedelta(hours=1), newsroom.now + timedelta(hours=1)
        rulebook.add_duty(session, site, "dauren@dala.example.kz", begins, ends)
    newsroom.rule({}, {"authors": True, "duty": True, "assign": "duty"})
    case = newsroom.report(**SPORT)
    assert sorted(row[0] for row in newsroom.owed()) == ["dauren", "zhanar"]
    with newsroom.db.read() as session:
        assignee = session.get_one(Case, case.id).assignee
        assert assignee is not None
        assert assignee.email == "dauren@dala.example.kz"
    newsroom.another()
    with newsroom.db.read() as session:
        personal = session.scalars(select(Channel).where(Channel.user_id.is_not(None))).all()
        assert len(personal) == 2


def test_a_turn_in_the_night_of_the_changed_clocks_is_counted_in_moments(
    newsroom: Newsroom,
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        person = factories.make_user(session, newsroom.now, "dauren@dala.example.kz", site=site)
        second = first.replace(minute=15, fold=1)
        rulebook.add_duty(session, site, person.email, first, second)  # three quarters of an hour
        with pytest.raises(Invalid, match="after the beginning"):
            rulebook.add_duty(session, site, person.email, second, first.replace(minute=45))


def test_programs_hear_everything_whatever_the_rules_say(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        factories.make_channel(session, newsroom.now, site, "https://hooks.example.kz/", "webhook")
    newsroom.rule({}, {"channels": [2]})
    newsroom.report()
    assert len(newsroom.owed()) == 2


def test_the_crowd_is_told_at_once_at_the_sites_thresholds(newsroom: Newsroom) -> None:
    newsroom.plan(thresholds=[3])
    newsroom.rule({}, {"channels": [1]})
    for minute in range(4):
        newsroom.report(at=newsroom.now + timedelta(minutes=minute))
    assert [row[1:] for row in newsroom.owed()] == [
        ("case.created", "now"),
        ("case.updated", "digest"),
        ("case.updated", "now"),
    ]


def test_rules_can_be_tried_on_the_last_week_without_a_word_going_out(newsroom: Newsroom) -> None:
    newsroom.report(**SPORT)
    newsroom.another()
    before = newsroom.owed()
    newsroom.rule({"section": ["спорт"]}, {"channels": [2], "people": ["zhanar@dala.example.kz"]})
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        tried = {each.exact: each for each in rulebook.rehearse(session, site, newsroom.now)}
    assert tried[factories.WRONG].channels == ("sport@dala.example.kz",)
    assert tried[factories.WRONG].people == ("zhanar@dala.example.kz",)
    assert tried["басқа"].rules == ()
    assert newsroom.owed() == before


@pytest.mark.parametrize(
    ("when", "then"),
    [
        ({"section": "спорт"}, {"channels": [1]}),
        ({"kind": ["nonsense"]}, {"channels": [1]}),
        ({"hours": ["25:00", "1"]}, {"channels": [1]}),
        ({"hours": ["08:00", "08:00"]}, {"channels": [1]}),
        ({"priority_from": 69}, {"channels": [1]}),
        ({"moon": ["full"]}, {"channels": [1]}),
        ({}, {}),
        ({}, {"channels": [999]}),
        ({}, {"people": ["nobody@example.kz"]}),
        ({}, {"assign": "nobody@example.kz"}),
    ],
)
def test_a_rule_that_means_nothing_is_refused(
    newsroom: Newsroom, when: dict[str, Any], then: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        newsroom.rule(when, then)


def test_what_waits_too_long_is_brought_back_once_and_then_goes_to_the_next_person(
    newsroom: Newsroom,
) -> None:
    newsroom.plan(remind_hours=24, escalate_hours=48, escalate_to="zhanar@dala.example.kz")
    newsroom.rule({}, {"channels": [1]})
    newsroom.report()
    assert newsroom.remind(timedelta(hours=23)) == 0
    assert newsroom.remind(timedelta(hours=24)) == 1
    assert newsroom.remind(timedelta(hours=25)) == 0
    assert newsroom.remind(timedelta(hours=48)) == 1
    assert newsroom.remind(timedelta(hours=72)) == 0
    assert newsroom.owed()[1:] == [
        ("desk", "case.waiting", "now"),
        ("zhanar", "case.escalated", "now"),
    ]


def test_what_is_decided_or_put_off_is_not_brought_back(newsroom: Newsroom) -> None:
    newsroom.plan(remind_hours=24)
    first, second = newsroom.report(), newsroom.another()
    desk = Actor("zhanar@dala.example.kz", "desk")
    until = newsroom.now + timedelta(days=3)
    for case, change in (
        (first, Change(status="fixed")),
        (second, Change(snoozed_until=until)),
    ):
        with newsroom.db.write() as session:
            triage.move(session, case.id, 1, change, desk, newsroom.now, newsroom.settings)
    assert newsroom.remind(timedelta(days=2)) == 0
    assert newsroom.remind(timedelta(days=4)) > 0


def test_once_a_week_each_channel_gets_what_is_still_open(newsroom: Newsroom) -> None:
    newsroom.plan(weekly_at="wed 09:00")
    newsroom.report()
    newsroom.another()
    assert newsroom.remind(timedelta(0)) == 0
    assert newsroom.remind(timedelta(hours=20)) == 0
    assert newsroom.remind(timedelta(hours=24)) == 6
    assert newsroom.remind(timedelta(hours=25)) == 0
    assert newsroom.remind(timedelta(days=8)) == 6


def test_a_channels_rhythm_is_its_own(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        wishes = ({"new": "15m"}, {"new": "off"}, {"typo": "daily", "readers": "hourly"})
        for number, wish in enumerate(wishes, 1):
            tending.set_rhythm(session.get_one(Channel, number), wish)
    newsroom.report()
    newsroom.report(at=newsroom.now + timedelta(minutes=1))
    assert newsroom.owed() == [
        ("desk", "case.created", "digest"),
        ("night", "case.created", "digest"),
    ]


def test_a_person_keeps_one_channel_a_site(newsroom: Newsroom) -> None:
    newsroom.rule({}, {"people": ["zhanar@dala.example.kz"]})
    newsroom.report()
    newsroom.another()
    with newsroom.db.read() as session:
        zhanar = session.scalars(select(User)).one()
        mine = session.scalars(select(Channel).where(Channel.user_id == zhanar.id)).all()
    assert len(mine) == 1
    assert {row[0] for row in newsroom.owed()} == {"zhanar"}
