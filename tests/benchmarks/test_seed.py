"""A seeded database looks as if readers and editors had filled it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks import seed
from core import queries, triage
from core.clock import utcnow
from core.db import Database
from core.history import Actor
from core.models import Case, Delivery, Event, Page, Report, Site
from tests.factories import make_settings, make_site, send, sort

CASES = 150


def _count(db: Database, model: type[Case] | type[Report] | type[Event] | type[Page]) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_it_counts_what_it_has_written(db: Database) -> None:
    figures = seed.fill(db, None, CASES, utcnow())
    assert figures["cases"] == _count(db, Case) == CASES
    assert figures["reports"] == _count(db, Report)
    assert figures["events"] == _count(db, Event)
    assert figures["pages"] == _count(db, Page)


def test_cases_are_varied_and_agree_with_their_reports(db: Database) -> None:
    seed.fill(db, None, CASES, utcnow())
    with db.read() as session:
        cases = session.scalars(select(Case)).all()
        counted = dict(
            session.execute(select(Report.case_id, func.count()).group_by(Report.case_id)).all()
        )
        created = session.scalar(select(func.count()).where(Event.type == "created"))
    assert {case.status for case in cases} == {"new", "accepted", "fixed", "verified", "dismissed"}
    assert {case.language for case in cases} == {"kk", "ru", "en"}
    assert {case.kind for case in cases} >= {"typo", "fact"}
    assert all(case.readers == counted[case.id] for case in cases)
    assert all((case.resolution is not None) == (case.status == "dismissed") for case in cases)
    assert all(case.exact != case.suggestion for case in cases)
    assert created == CASES


def test_nobody_is_owed_a_message_for_it(db: Database) -> None:
    with db.write() as session:
        make_site(session, utcnow())
    seed.fill(db, "dala", 20, utcnow())
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
        assert queries.backlog(session, utcnow()).unsorted == 0


def test_it_can_be_run_again_and_life_goes_on(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    """Ids that were given out in bulk are not given out again."""
    settings = make_settings(tmp_path, database_url)
    with db.write() as session:
        make_site(session, utcnow())
    seed.fill(db, "dala", 20, utcnow())
    seed.fill(db, "dala", 20, utcnow())
    now = utcnow()
    with db.read() as session:
        case = session.scalars(select(Case).where(Case.status == "new")).first()
        assert case is not None
        link, words = case.page.link, (case.exact, case.prefix, case.suffix, case.suggestion)
    exact, prefix, suffix, suggestion = words
    known = {"url": link, "canonical_url": link, "suggestion": suggestion, "kind": None}
    again = send(db, now, exact=exact, prefix=prefix, suffix=suffix, **known).id
    fresh = send(db, now).id
    sort(db, settings, now)
    with db.write() as session:
        assert session.get_one(Report, again).case_id == case.id
        newest = session.get_one(Report, fresh).case_id
        assert newest is not None
        assert newest > 40
        change = triage.Change(status="accepted")
        by = Actor("desk@dala.example.kz", "desk")
        triage.move(session, case.id, case.version, change, by, now, settings)


def test_an_unknown_site_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TUZET_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("TUZET_DATABASE_URL", raising=False)
    assert seed.main(["--cases", "3", "--site", "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err


def test_the_last_line_is_one_json_object(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    db: Database,
) -> None:
    monkeypatch.setenv("TUZET_DATABASE_URL", database_url)
    monkeypatch.setenv("TUZET_SECRET_KEY", "k" * 43)
    assert seed.main(["--cases", "7"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["cases"] == 7
    with db.read() as session:
        assert session.scalars(select(Site.key)).one() == figures["site"]
