"""Who is owed a message."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import rulebook, triage
from core.cadence import Cadence, due
from core.db import Database
from core.delivery import deliver_due
from core.models import Delivery, Site
from core.settings import Settings
from core.triage import Actor, Change
from tests import factories


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        return factories.make_site(session, now)


def _channel(db: Database, now: datetime, site: Site, target: str, kind: str = "email") -> None:
    with db.write() as session:
        factories.make_channel(session, now, site, target, kind)


def _owed(db: Database) -> list[tuple[str, str, str]]:
    with db.read() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id))
        return [(row.channel.target, row.event_type, row.rhythm) for row in rows]


def test_each_channel_of_the_site_hears_of_a_new_case_at_once(
    db: Database, settings: Settings, now: datetime, site: Site
) -> None:
    _channel(db, now, site, "a@dala.example.kz")
    _channel(db, now, site, "b@dala.example.kz")
    with db.write() as session:
        other = factories.make_site(session, now, key="tan", name="Таң")
        factories.make_channel(session, now, other, "c@tan.example.kz")
    factories.sorted_case(db, settings, now)
    assert _owed(db) == [
        ("a@dala.example.kz", "case.created", "now"),
        ("b@dala.example.kz", "case.created", "now"),
    ]


def test_later_readers_go_to_the_digest_of_people_and_at_once_to_programs(
    db: Database, settings: Settings, now: datetime, site: Site
) -> None:
    _channel(db, now, site, "a@dala.example.kz")
    _channel(db, now, site, "https://hooks.example.kz/", "webhook")
    factories.sorted_case(db, settings, now)
    for minutes in (1, 2):
        factories.sorted_case(db, settings, now + timedelta(minutes=minutes))
    assert [row[1:] for row in _owed(db) if "@" in row[0]] == [
        ("case.created", "now"),
        ("case.updated", "digest"),
    ]
    assert [row[1:] for row in _owed(db) if "@" not in row[0]] == [
        ("case.created", "now"),
        ("case.updated", "now"),
        ("case.updated", "now"),
    ]


def test_a_note_is_nobody_elses_news(
    db: Database, settings: Settings, now: datetime, site: Site
) -> None:
    _channel(db, now, site, "https://hooks.example.kz/", "webhook")
    case = factories.sorted_case(db, settings, now)
    with db.write() as session:
        triage.note(session, case.id, "Тексеріңіз", Actor("a@b.kz", "desk"), now, settings)
    assert len(_owed(db)) == 1


def test_accepting_is_no_news_for_people(
    db: Database, settings: Settings, now: datetime, site: Site
) -> None:
    _channel(db, now, site, "a@dala.example.kz")
    case = factories.sorted_case(db, settings, now)
    with db.write() as session:
        change = Change(status="accepted")
        triage.move(session, case.id, 1, change, Actor("a@b.kz", "desk"), now, settings)
    assert len(_owed(db)) == 1


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        (datetime(2026, 3, 10, 3, 59, tzinfo=UTC), datetime(2026, 3, 10, 4, 0, tzinfo=UTC)),
        (datetime(2026, 3, 10, 4, 0, tzinfo=UTC), datetime(2026, 3, 11, 4, 0, tzinfo=UTC)),
        (datetime(2026, 3, 10, 20, 0, tzinfo=UTC), datetime(2026, 3, 11, 4, 0, tzinfo=UTC)),
    ],
)
def test_the_digest_goes_out_at_nine_where_the_newsroom_is(
    settings: Settings, moment: datetime, morning: datetime
) -> None:
    assert due(Cadence(timezone="Asia/Almaty"), "daily", moment, settings)[1] == morning


def test_a_time_scale_shortens_the_wait_for_the_digest(tmp_path: Path) -> None:
    fast = factories.make_settings(tmp_path, time_scale=3_600.0)
    moment = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
    daily = due(Cadence(timezone="Asia/Almaty"), "daily", moment, fast)
    assert daily == ("digest", moment + timedelta(seconds=2))


def test_a_crowd_that_passes_two_thresholds_at_once_is_one_louder_word(
    db: Database, settings: Settings, now: datetime, site: Site
) -> None:
    _channel(db, now, site, "a@dala.example.kz")
    _channel(db, now, site, "https://hooks.example.kz/", "webhook")
    with db.write() as session:
        rulebook.change_plan(session, session.get_one(Site, site.id), {"thresholds": [3, 5, 7]})
    factories.sorted_case(db, settings, now)
    for _ in range(3):
        factories.send(db, now)
    factories.sort(db, settings, now)  # four readers
    factories.sorted_case(db, settings, now)  # five, before a word has gone out
    mails = [row[1:] for row in _owed(db) if "@" in row[0]]
    loud = ("case.updated", "now")
    assert mails == [("case.created", "now"), ("case.updated", "digest"), loud]
    assert len([row for row in _owed(db) if "@" not in row[0]]) == 5
    deliver_due(db, settings, lambda: now)
    for _ in range(2):
        factories.sorted_case(db, settings, now)
    assert [row[1:] for row in _owed(db) if "@" in row[0]] == [*mails, loud]
