"""The caretaker forgets what the sites want forgotten, when its time has come."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core import sites
from core.db import Database
from core.models import Case, ReaderAddress, ReaderOutcome, Report, Site
from core.settings import Settings
from core.upkeep import Forgotten, forget_due
from tests import factories

READER = "reader@mail.example.kz"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def case(db: Database, settings: Settings, now: datetime) -> Case:
    with db.write() as session:
        factories.make_site(session, now)
    case = factories.sorted_case(db, settings, now, email=READER, comment="Мен байқадым")
    with db.write() as session:
        address = ReaderAddress(site_id=case.site_id, digest="0", created_at=now)
        session.add(address)
        session.flush()
        report_id = session.scalars(select(Report.id)).one()
        key = {"report_id": report_id, "address_id": address.id, "message_key": "letter-1"}
        session.add(ReaderOutcome(**key))
    return case


def _set(db: Database, reader: str = "", words: str = "") -> None:
    with db.write() as session:
        sites.set_readers_data(session.scalars(select(Site)).one(), {}, reader, words)


def _close(db: Database, case: Case, now: datetime, status: str = "dismissed") -> None:
    with db.write() as session:
        session.execute(
            update(Case).where(Case.id == case.id).values(status=status, check_since=now)
        )


def _report(db: Database) -> Report:
    with db.read() as session:
        return session.scalars(select(Report)).one()


def _run(db: Database, folder: Path, now: datetime) -> Forgotten:
    return forget_due(db, folder, lambda: now)


def test_a_closed_cases_reader_is_forgotten_on_the_day_and_not_before(
    db: Database, case: Case, tmp_path: Path, now: datetime
) -> None:
    _set(db, reader="90")
    _close(db, case, now)
    assert _run(db, tmp_path, now + timedelta(days=90, seconds=-1)) == Forgotten(0, 0)
    assert _report(db).email == READER
    assert _run(db, tmp_path, now + timedelta(days=90)) == Forgotten(1, 0)
    report = _report(db)
    assert (report.email, report.comment) == (None, None)
    assert (report.exact, report.suggestion) == (factories.WRONG, factories.RIGHT)
    with db.read() as session:
        assert session.scalars(select(ReaderOutcome)).all() == []
        assert session.scalars(select(ReaderAddress)).all() == []


def test_a_second_run_finds_nothing_left(
    db: Database, case: Case, tmp_path: Path, now: datetime
) -> None:
    _set(db, reader="1", words="31")
    _close(db, case, now)
    later = now + timedelta(days=40)
    assert _run(db, tmp_path, later) == Forgotten(1, 1)
    assert _run(db, tmp_path, later) == Forgotten(0, 0)


@pytest.mark.parametrize("status", ["new", "accepted", "fixed"])
def test_an_open_case_keeps_its_readers(
    db: Database, case: Case, tmp_path: Path, now: datetime, status: str
) -> None:
    _set(db, reader="1", words="31")
    _close(db, case, now, status)
    assert _run(db, tmp_path, now + timedelta(days=900)) == Forgotten(0, 0)
    assert _report(db).email == READER


def test_a_report_that_came_late_is_kept_as_long_as_the_others(
    db: Database, settings: Settings, case: Case, tmp_path: Path, now: datetime
) -> None:
    _set(db, reader="10")
    _close(db, case, now)
    late = now + timedelta(days=9)
    factories.send(db, late, email="late@mail.example.kz")
    factories.sort(db, settings, late)
    _close(db, case, now)
    assert _run(db, tmp_path, now + timedelta(days=12)).readers == 0
    assert _run(db, tmp_path, late + timedelta(days=10)).readers == 2


def test_words_go_from_report_and_case(
    db: Database, case: Case, tmp_path: Path, now: datetime
) -> None:
    _set(db, words="365")
    _close(db, case, now, "verified")
    assert _run(db, tmp_path, now + timedelta(days=365)) == Forgotten(0, 1)
    with db.read() as session:
        assert session.get_one(Case, case.id).exact == ""
    assert (_report(db).exact, _report(db).email) == ("", None)


def test_a_site_that_sets_nothing_keeps_all(
    db: Database, case: Case, tmp_path: Path, now: datetime
) -> None:
    _close(db, case, now)
    assert _run(db, tmp_path, now + timedelta(days=9_000)) == Forgotten(0, 0)
    assert _report(db).email == READER


def test_a_mail_about_the_case_goes_with_its_reader(
    db: Database, case: Case, tmp_path: Path, now: datetime
) -> None:
    _set(db, reader="1")
    _close(db, case, now)
    (tmp_path / "letter-1.eml").write_text(READER, encoding="utf-8")
    _run(db, tmp_path, now + timedelta(days=2))
    assert list(tmp_path.glob("*.eml")) == []


def test_more_than_one_batch_is_forgotten_up_to_the_most(
    db: Database, settings: Settings, case: Case, tmp_path: Path, now: datetime
) -> None:
    for number in range(59):
        factories.send(db, now, email=f"{number}@mail.example.kz")
    factories.sort(db, settings, now)
    _set(db, reader="1")
    _close(db, case, now)
    later = now + timedelta(days=2)
    assert forget_due(db, tmp_path, lambda: later, most=55).readers == 55
    assert _run(db, tmp_path, later).readers == 5
