"""What has happened since somebody last looked, while others are still writing."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core import queries, triage
from core.db import Database
from core.models import Case
from core.queries import CaseFilter, News
from core.settings import Settings
from core.sorting.ledger import Ledger
from core.triage import Actor, Change
from tests import factories
from tests.factories import SITE_URL

BY = Actor("a@dala.example.kz", "api")


@pytest.fixture
def db(postgresql_url: str) -> Iterator[Database]:
    """SQLite has one writer at a time: there nobody commits before whoever began earlier."""
    database = Database(postgresql_url)
    yield database
    database.close()


@pytest.fixture
def settings(db: Database, tmp_path: Path, now: datetime) -> Settings:
    with db.write() as session:
        factories.make_site(session, now)
    return factories.make_settings(tmp_path)


@pytest.fixture
def two(db: Database, settings: Settings, now: datetime) -> tuple[Case, Case]:
    """One that is changed by somebody who takes long, and one that is changed meanwhile."""
    first = factories.sorted_case(db, settings, now)
    return first, factories.sorted_case(db, settings, now, url=f"{SITE_URL}/2", canonical_url=None)


def _told(db: Database, since: int, *cases: Case) -> News:
    with db.read() as session:
        return queries.news(session, CaseFilter(), since, [case.id for case in cases], "nobody")


def _latest(db: Database) -> int:
    with db.read() as session:
        return queries.latest_event(session)


def test_what_began_earlier_and_is_committed_later_is_told_of(
    db: Database, settings: Settings, now: datetime, two: tuple[Case, Case]
) -> None:
    late, quick = two
    since = _latest(db)
    with db.write() as slow:
        triage.move(slow, late.id, 1, Change(kind="fact"), BY, now, settings)
        with db.write() as session:
            triage.move(session, quick.id, 1, Change(kind="fact"), BY, now, settings)
        opened_meanwhile = _latest(db)
        before = _told(db, since, late, quick)
    after = _told(db, before.latest, late, quick)
    assert {*before.changed, *after.changed} == {late.id, quick.id}
    assert late.id in _told(db, opened_meanwhile, late, quick).changed
    assert _told(db, after.latest, late, quick).changed == []


def test_a_batch_that_is_still_being_sorted_is_waited_for(
    db: Database, settings: Settings, now: datetime, two: tuple[Case, Case]
) -> None:
    late, quick = two
    since = _latest(db)
    with db.write() as slow:
        ledger = Ledger(slow, now, settings)
        case = slow.get_one(Case, late.id)
        ledger.tell(case, "joined", case.reports[0])  # has a number, and is no row yet
        with db.write() as session:
            triage.move(session, quick.id, 1, Change(kind="fact"), BY, now, settings)
        before = _told(db, since, late, quick)
        ledger.save()
    after = _told(db, before.latest, late, quick)
    assert {*before.changed, *after.changed} == {late.id, quick.id}


def test_a_change_that_is_undone_halfway_holds_nothing_up(
    db: Database, settings: Settings, now: datetime, two: tuple[Case, Case]
) -> None:
    late, quick = two
    since = _latest(db)
    with db.write() as slow:
        with slow.begin_nested() as attempt:
            triage.move(slow, late.id, 1, Change(kind="fact"), BY, now, settings)
            attempt.rollback()
        triage.move(slow, late.id, 1, Change(kind="link"), BY, now, settings)
        with db.write() as session:
            triage.move(session, quick.id, 1, Change(kind="fact"), BY, now, settings)
        before = _told(db, since, late, quick)
    after = _told(db, before.latest, late, quick)
    assert {*before.changed, *after.changed} == {late.id, quick.id}
