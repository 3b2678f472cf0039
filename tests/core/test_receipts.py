"""What the holder of a receipt may do: see what became of a report, and erase it."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core import receipts, triage
from core.db import Database
from core.errors import NotFound
from core.history import Actor
from core.models import Base, Case, CaseKey, Delivery, Event, Page, Report, Site
from core.settings import Settings
from core.triage import Change
from tests import factories
from tests.factories import RIGHT, WRONG

BY = Actor("aigerim@dala.example.kz", "desk")
SECRETS = {
    "exact": "Құпиясөз",
    "prefix": "алдыңғыжолдар ",
    "suffix": " кейінгіжолдар",
    "suggestion": "Құпиясөздік",
    "comment": "жасырынпікір",
    "email": "zhasyryn@example.kz",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture(autouse=True)
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_channel(session, now, site)
        return site


def _erase(db: Database, report: Report, settings: Settings, now: datetime) -> None:
    with db.write() as session:
        kept = session.get_one(Report, report.id)
        receipts.erase(session, kept, settings.mail_folder, now)


def _move(db: Database, settings: Settings, case: Case, now: datetime, **values: Any) -> Case:
    with db.write() as session:
        version = session.get_one(Case, case.id).version
        return triage.move(session, case.id, version, Change(**values), BY, now, settings)


def everything(db: Database) -> str:
    """All that the database holds, as text."""
    with db.read() as session:
        rows = [
            [getattr(row, column.key) for column in mapper.columns]
            for mapper in Base.registry.mappers
            for row in session.scalars(select(mapper.class_))
        ]
    return json.dumps(rows, default=str, ensure_ascii=False)


def _sent(db: Database, settings: Settings, now: datetime, **values: Any) -> Report:
    report = factories.send(db, now, **values)
    factories.sort(db, settings, now)
    return report


def test_a_receipt_finds_its_report_and_nothing_else_does(db: Database, now: datetime) -> None:
    report = factories.send(db, now)
    with db.read() as session:
        assert receipts.find(session, report.receipt).id == report.id
        for wrong in ("", "x", report.id, report.receipt + "x", "\0", "ғ", "a\ud800"):
            with pytest.raises(NotFound):
                receipts.find(session, wrong)


def test_a_report_that_waits_is_received(db: Database, now: datetime) -> None:
    report = factories.send(db, now)
    assert receipts.outcome(report, None) == {"status": "received", "case": None}


def test_a_second_reader_is_told_that_it_was_known(
    db: Database, settings: Settings, now: datetime
) -> None:
    reports = [_sent(db, settings, now + timedelta(minutes=n)) for n in range(2)]
    with db.read() as session:
        first, second = (session.get_one(Report, report.id) for report in reports)
        case = receipts.case_of(session, second)
        told = {"status": "new", "resolution": None, "readers": 2, "already_fixed": False}
        for report, known in ((first, False), (second, True)):
            outcome = receipts.outcome(report, case)
            assert outcome == {"status": "sorted", "case": told | {"already_known": known}}


def test_who_comes_after_the_correction_is_told_so(
    db: Database, settings: Settings, now: datetime
) -> None:
    case = factories.sorted_case(db, settings, now)
    _move(db, settings, case, now, status="fixed")
    late = _sent(db, settings, now + timedelta(minutes=1))
    with db.read() as session:
        report = session.get_one(Report, late.id)
        told = receipts.outcome(report, receipts.case_of(session, report))["case"]
    assert (told["already_known"], told["already_fixed"]) == (True, True)


def test_the_way_of_a_report_leaves_out_what_was_taken_back(
    db: Database, settings: Settings, now: datetime
) -> None:
    case = factories.sorted_case(db, settings, now)
    _move(db, settings, case, now + timedelta(minutes=1), status="accepted")
    _move(db, settings, case, now + timedelta(minutes=2), status="dismissed", resolution="opinion")
    with db.write() as session:
        version = session.get_one(Case, case.id).version
        triage.undo(session, case.id, version, BY, now + timedelta(minutes=3), settings)
    with db.read() as session:
        report = session.scalars(select(Report)).one()
        way = receipts.steps(session, report, session.get_one(Case, case.id))
    assert [(step.kind, step.at - now) for step in way] == [
        ("sent", timedelta()),
        ("accepted", timedelta(minutes=1)),
    ]


def test_what_the_only_reader_wrote_is_nowhere_afterwards(
    db: Database, settings: Settings, now: datetime
) -> None:
    report = _sent(db, settings, now, title="құпиятақырып", **SECRETS)
    with db.read() as session:
        case = session.scalars(select(Case)).one()
    _move(db, settings, case, now, suggestion="басқа")
    with db.write() as session:
        delivery = session.scalars(select(Delivery)).first()
        assert delivery is not None
        delivery.last_error = f"550 refused: {SECRETS['comment']}"
    before = everything(db)
    assert all(secret.strip() in before for secret in SECRETS.values())
    _erase(db, report, settings, now)
    after = everything(db)
    assert [secret for secret in SECRETS.values() if secret.strip() in after] == []
    assert "құпиятақырып" not in after
    with db.read() as session:
        kept = session.get_one(Case, case.id)
        assert (kept.readers, kept.status, kept.suggestion) == (1, "new", None)
        assert session.scalars(select(CaseKey)).all() == []
        assert session.get_one(Report, report.id).erased_at == now


def test_the_history_says_that_a_reader_erased_something(
    db: Database, settings: Settings, now: datetime
) -> None:
    report = _sent(db, settings, now)
    _erase(db, report, settings, now)
    with db.read() as session:
        last = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert last is not None
        assert (last.type, last.actor, last.data) == ("erased", "reader", {"report": report.id})


def test_mails_about_the_case_go_from_the_folder(
    db: Database, settings: Settings, now: datetime
) -> None:
    report = _sent(db, settings, now)
    other = _sent(db, settings, now, url=factories.PAGE_URL + "/2", canonical_url=None)
    settings.mail_folder.mkdir()
    with db.read() as session:
        keys = {d.case_id: d.message_key for d in session.scalars(select(Delivery))}
        cases = [session.get_one(Report, each.id).case_id for each in (report, other)]
    mails = [settings.mail_folder / f"{keys[case]}.eml" for case in cases if case is not None]
    for mail in mails:
        mail.write_text("Subject: x")
    _erase(db, report, settings, now)
    assert [mail.exists() for mail in mails] == [False, True]


def test_a_digest_goes_from_the_folder_whichever_row_it_was_named_by(
    db: Database, settings: Settings, now: datetime
) -> None:
    _sent(db, settings, now)
    report = _sent(db, settings, now + timedelta(minutes=1))
    settings.mail_folder.mkdir()
    with db.write() as session:
        digest = session.scalars(select(Delivery).where(Delivery.rhythm == "digest")).one()
        event = Event(case_id=digest.case_id, type="x", actor="x", via="x", at=now, data={})
        session.add(event)
        session.flush()
        named_by = {"message_key": "first", "rhythm": "digest", "event_id": event.id}
        common = {"channel_id": digest.channel_id, "due_at": now, "created_at": now}
        session.add(
            Delivery(case_id=digest.case_id, event_type="x", sent_at=now, **named_by, **common)
        )
        digest.sent_at = now
    mail = settings.mail_folder / "first.eml"
    mail.write_text("Subject: x")
    _erase(db, report, settings, now)
    assert not mail.exists()


def test_a_case_keeps_what_its_other_readers_said(
    db: Database, settings: Settings, now: datetime
) -> None:
    first = _sent(db, settings, now, comment="жасырынпікір")
    _sent(db, settings, now + timedelta(minutes=1))
    _erase(db, first, settings, now)
    with db.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.exact, case.suggestion, case.readers) == (WRONG, RIGHT, 2)
        assert session.get_one(Page, case.page_id).title is not None
    assert "жасырынпікір" not in everything(db)


def test_a_suggestion_that_only_the_erased_reader_made_goes(
    db: Database, settings: Settings, now: datetime
) -> None:
    first = _sent(db, settings, now, suggestion="балаларғаа")
    _sent(db, settings, now + timedelta(minutes=1), suggestion=None)
    with db.read() as session:
        assert session.scalars(select(Case.suggestion)).all() == ["балаларғаа"]
    _erase(db, first, settings, now)
    assert "балаларғаа" not in everything(db)
    with db.read() as session:
        assert session.scalars(select(Case.suggestion)).all() == [None]


def test_the_next_best_suggestion_takes_its_place(
    db: Database, settings: Settings, now: datetime
) -> None:
    first = _sent(db, settings, now, suggestion="балаларғаа")
    for minute in (1, 2):
        _sent(db, settings, now + timedelta(minutes=minute), suggestion=RIGHT)
    with db.read() as session:
        (case_id,) = set(session.scalars(select(Report.case_id)))
    _erase(db, first, settings, now)
    with db.read() as session:
        assert session.get_one(Case, case_id).suggestion == RIGHT


def test_what_an_editor_has_written_stays(db: Database, settings: Settings, now: datetime) -> None:
    first = _sent(db, settings, now, suggestion="балаларғаа")
    _sent(db, settings, now + timedelta(minutes=1), suggestion=None)
    with db.read() as session:
        case = session.scalars(select(Case)).one()
    _move(db, settings, case, now, suggestion="балалар үшін")
    _erase(db, first, settings, now)
    with db.read() as session:
        assert session.get_one(Case, case.id).suggestion == "балалар үшін"


def test_the_last_of_several_readers_takes_the_words_along(
    db: Database, settings: Settings, now: datetime
) -> None:
    reports = [_sent(db, settings, now + timedelta(minutes=n), **SECRETS) for n in range(2)]
    for report in reports:
        _erase(db, report, settings, now)
    after = everything(db)
    assert [secret for secret in SECRETS.values() if secret.strip() in after] == []


def test_an_erased_report_never_opens_a_case(
    db: Database, settings: Settings, now: datetime
) -> None:
    report = factories.send(db, now, **SECRETS)
    _erase(db, report, settings, now)
    assert factories.sort(db, settings, now + timedelta(hours=1)).reports == 0
    with db.read() as session:
        kept = session.get_one(Report, report.id)
        assert receipts.outcome(kept, None) == {"status": "sorted", "case": None}
        assert session.scalars(select(Case)).all() == []


def test_a_later_reader_opens_a_case_of_their_own(
    db: Database, settings: Settings, now: datetime
) -> None:
    report = _sent(db, settings, now)
    _erase(db, report, settings, now)
    _sent(db, settings, now + timedelta(minutes=1))
    with db.read() as session:
        assert sorted(session.scalars(select(Case.exact))) == ["", WRONG]


def test_erasing_twice_changes_nothing_more(
    db: Database, settings: Settings, now: datetime
) -> None:
    report = _sent(db, settings, now)
    _erase(db, report, settings, now)
    once = everything(db)
    _erase(db, report, settings, now + timedelta(days=1))
    assert everything(db) == once
