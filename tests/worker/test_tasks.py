"""The tasks: what is due gets done, and the next bell is rung."""

from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy import select

from core.clock import utcnow
from core.db import Database
from core.models import Case, Delivery
from core.settings import Settings
from core.signals import ALL, DELIVER
from tests import factories
from tests.servers.processes import free_port
from worker.tasks import Tasks


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return factories.make_settings(tmp_path, database_url)


def _newsroom(db: Database) -> None:
    with db.write() as session:
        factories.make_channel(session, utcnow(), factories.make_site(session, utcnow()))


def test_sorting_rings_for_the_messages_that_it_causes(db: Database, settings: Settings) -> None:
    _newsroom(db)
    factories.send(db, utcnow())
    rung: list[str] = []
    Tasks(db, settings, rung.append, None).sort_reports()
    with db.read() as session:
        assert len(session.scalars(select(Case)).all()) == 1
    assert rung == [DELIVER]


def test_sorting_nothing_rings_for_nothing(db: Database, settings: Settings) -> None:
    rung: list[str] = []
    Tasks(db, settings, rung.append, None).sort_reports()
    assert rung == []


def test_delivering_sends_all_that_is_due(db: Database, settings: Settings) -> None:
    _newsroom(db)
    for number in range(3):
        factories.send(db, utcnow(), url=f"{factories.SITE_URL}/{number}", canonical_url=None)
    tasks = Tasks(db, settings, lambda _signal: None, None)
    tasks.sort_reports()
    tasks.deliver_due()
    assert len(list(settings.mail_folder.glob("*.eml"))) == 3


def test_a_worker_that_is_told_to_stop_begins_no_other_message(
    db: Database, settings: Settings
) -> None:
    _newsroom(db)
    factories.send(db, utcnow())
    tasks = Tasks(db, settings, lambda _signal: None, None)
    tasks.sort_reports()
    tasks.stop()
    tasks.deliver_due()
    with db.read() as session:
        assert session.scalars(select(Delivery)).one().status == "pending"


def test_a_database_that_is_away_fails_no_task(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://tuzet@127.0.0.1:{free_port()}/tuzet"
    tasks = Tasks(Database(url), factories.make_settings(tmp_path, url), lambda _signal: None, None)
    tasks.sort_reports()
    tasks.deliver_due()


def test_the_tasks_bear_the_names_that_are_rung(db: Database, settings: Settings) -> None:
    app = Celery("test", set_as_current=False)
    Tasks(db, settings, lambda _signal: None, None).register(app)
    assert {name for name in app.tasks if name.startswith("tuzet.")} == set(ALL)
