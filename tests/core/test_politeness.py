"""Other people's servers: turns for all processes together, rest after failures, a budget."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core import politeness
from core.db import Database
from core.models import Site
from core.politeness import BUDGET, RESERVE, DatabaseGate
from core.settings import Settings
from tests import factories

HOST = "dala.example.kz"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        return factories.make_site(session, now)


def test_two_processes_take_turns_at_a_host(
    db: Database, settings: Settings, now: datetime
) -> None:
    gates = [DatabaseGate(db, settings, lambda: now) for _ in range(2)]
    waits = [gate.book(HOST, 0.0, 15.0) for gate in (*gates, *gates)]
    assert waits == [0.0, 3.0, 6.0, 9.0]
    assert gates[0].book("other.example.kz", 0.0, 15.0) == 0.0


def test_who_cannot_wait_takes_no_turn(db: Database, settings: Settings, now: datetime) -> None:
    gate = DatabaseGate(db, settings, lambda: now)
    gate.book(HOST, 0.0, 0.0)
    assert gate.book(HOST, 0.0, 1.0) == 3.0
    assert gate.book(HOST, 0.0, 5.0) == 3.0


def test_a_host_that_fails_rests_longer_each_time_and_not_for_ever(
    db: Database, settings: Settings, now: datetime
) -> None:
    rests = []
    for _ in range(12):
        with db.write() as session:
            politeness.note_failure(session, HOST, None, now, settings)
            rests.append(politeness.turns(session, [HOST], now)[HOST].at - now)
    assert rests[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert rests[-1] == timedelta(hours=6)
    with db.write() as session:
        politeness.note_answer(session, HOST)
        assert not politeness.turns(session, [HOST], now)[HOST].rests


def test_a_host_that_names_a_later_time_gets_it(
    db: Database, settings: Settings, now: datetime
) -> None:
    with db.write() as session:
        politeness.note_failure(session, HOST, now + timedelta(hours=3), now, settings)
        turn = politeness.turns(session, [HOST], now)[HOST]
    assert (turn.at, turn.rests) == (now + timedelta(hours=3), True)


def test_a_site_has_a_budget_of_which_a_part_is_kept_for_what_is_urgent(
    db: Database, settings: Settings, site: Site, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(politeness, "BUDGET", 5)
    monkeypatch.setattr(politeness, "RESERVE", 2)
    with db.write() as session:
        plain = [politeness.spend(session, site.id, False, now, settings) for _ in range(4)]
        urgent = [politeness.spend(session, site.id, True, now, settings) for _ in range(3)]
        tomorrow = now + timedelta(days=1)
        again = politeness.spend(session, site.id, False, tomorrow, settings)
    assert plain == [True, True, True, False]
    assert urgent == [True, True, False]
    assert again
    assert BUDGET > RESERVE
