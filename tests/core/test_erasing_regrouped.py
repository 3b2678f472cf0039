"""A reader takes back what they wrote, out of cases that editors have merged and split."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core import receipts, triage
from core.db import Database
from core.history import Actor
from core.models import Case, CaseKey, Delivery, Report
from core.settings import Settings
from tests import factories
from tests.core.test_receipts import SECRETS, everything
from tests.factories import RIGHT, WRONG

BY = Actor("aigerim@dala.example.kz", "desk")
ANSWER = "менмұныайтпадым"


class Desk:
    """Readers who report and erase, and an editor who regroups."""

    def __init__(self, db: Database, settings: Settings, now: datetime) -> None:
        self.db, self.settings, self.now = db, settings, now

    def report(self, **values: Any) -> tuple[Report, int]:
        """Send and sort a report; returns it and the id of its case."""
        self.now += timedelta(minutes=1)
        report = factories.send(self.db, self.now, **values)
        factories.sort(self.db, self.settings, self.now)
        return report, self.case_of(report)

    def case_of(self, report: Report) -> int:
        """The id of the case that a report is in."""
        with self.db.read() as session:
            return session.get_one(Report, report.id).case_id or 0

    def case(self, case_id: int) -> Case:
        """A case as it is now."""
        with self.db.read() as session:
            return session.get_one(Case, case_id)

    def answer(self, report: Report) -> None:
        """The reader answers that this is not what they meant."""
        with self.db.write() as session:
            kept = session.get_one(Report, report.id)
            receipts.reply(session, kept, ANSWER, self.now, self.settings)

    def merge(self, case_id: int, into: int) -> None:
        """Merge one case into the other."""
        version = self.case(case_id).version
        with self.db.write() as session:
            triage.merge(session, case_id, version, into, BY, self.now, self.settings)

    def split(self, case_id: int, report: Report) -> int:
        """Give a report a case of its own; returns its id."""
        version = self.case(case_id).version
        with self.db.write() as session:
            return triage.split(
                session, case_id, version, [report.id], BY, self.now, self.settings
            ).id

    def undo(self, case_id: int) -> None:
        """Undo what was done last with a case."""
        with self.db.write() as session:
            version = session.get_one(Case, case_id).version
            triage.undo(session, case_id, version, BY, self.now, self.settings)

    def erase(self, *reports: Report) -> None:
        """Each reader erases what they sent."""
        for report in reports:
            with self.db.write() as session:
                kept = session.get_one(Report, report.id)
                receipts.erase(session, kept, self.settings.mail_folder, self.now)

    def mails(self) -> dict[int, Path]:
        """A mail in the folder for each message that is owed, by case."""
        self.settings.mail_folder.mkdir(exist_ok=True)
        with self.db.read() as session:
            found = {
                row.case_id or 0: self.settings.mail_folder / f"{row.message_key}.eml"
                for row in session.scalars(select(Delivery).where(Delivery.rhythm == "now"))
            }
        for path in found.values():
            path.write_text("Subject: x")
        return found


@pytest.fixture
def desk(db: Database, tmp_path: Path, now: datetime) -> Desk:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_channel(session, now, site)
    return Desk(db, factories.make_settings(tmp_path), now)


def _left(db: Database) -> list[str]:
    """What of the secrets the database still holds."""
    kept = everything(db)
    return [secret for secret in (*SECRETS.values(), ANSWER) if secret.strip() in kept]


def test_a_case_that_was_merged_away_keeps_nothing_of_an_erased_reader(
    db: Database, desk: Desk
) -> None:
    first, kept = desk.report()
    report, emptied = desk.report(**SECRETS)
    desk.answer(report)
    mails = desk.mails()
    desk.merge(emptied, kept)
    desk.erase(report)
    assert _left(db) == []
    assert [mails[kept].exists(), mails[emptied].exists()] == [False, False]
    with db.read() as session:
        assert session.scalars(select(CaseKey).where(CaseKey.case_id == emptied)).all() == []
    assert (desk.case(kept).exact, desk.case(kept).suggestion) == (WRONG, RIGHT)
    desk.erase(first)
    assert WRONG not in everything(db)


def test_a_suggestion_that_a_merge_lent_goes_with_its_reader(db: Database, desk: Desk) -> None:
    _, kept = desk.report(suggestion=None)
    report, emptied = desk.report(**SECRETS)
    desk.merge(emptied, kept)
    assert SECRETS["suggestion"] in (desk.case(kept).suggestion or "")
    desk.erase(report)
    assert _left(db) == []
    assert (desk.case(kept).exact, desk.case(kept).suggestion) == (WRONG, None)


def test_a_case_that_was_merged_away_keeps_what_its_other_readers_said(
    db: Database, desk: Desk
) -> None:
    _, kept = desk.report()
    first, emptied = desk.report(**SECRETS)
    second, same = desk.report(**SECRETS)
    assert same == emptied
    desk.merge(emptied, kept)
    desk.erase(first)
    assert SECRETS["exact"] in desk.case(emptied).exact
    desk.erase(second)
    assert _left(db) == []


def test_a_merge_that_was_undone_leaves_nothing_of_an_erased_reader(
    db: Database, desk: Desk
) -> None:
    _, kept = desk.report(suggestion=None)
    report, emptied = desk.report(**SECRETS)
    desk.merge(emptied, kept)
    desk.answer(report)
    desk.undo(kept)
    assert desk.case_of(report) == emptied
    desk.erase(report)
    assert _left(db) == []
    assert desk.case(kept).exact == WRONG


def test_the_case_that_a_report_was_split_from_keeps_nothing_of_it(
    db: Database, desk: Desk
) -> None:
    report, case_id = desk.report(suggestion=SECRETS["suggestion"], comment=SECRETS["comment"])
    _, same = desk.report(suggestion=None)
    assert same == case_id
    desk.answer(report)
    mails = desk.mails()
    desk.split(case_id, report)
    desk.erase(report)
    assert _left(db) == []
    assert not mails[case_id].exists()
    assert (desk.case(case_id).exact, desk.case(case_id).suggestion) == (WRONG, None)


def test_a_report_is_followed_through_several_cases(db: Database, desk: Desk) -> None:
    _, last = desk.report()
    _, middle = desk.report(exact="тұр", prefix="мың том ", suffix=", оның", suggestion=None)
    report, first = desk.report(**SECRETS)
    desk.answer(report)
    desk.merge(first, middle)
    desk.merge(middle, last)
    desk.split(last, report)
    desk.erase(report)
    assert _left(db) == []
    assert desk.case(middle).exact == "тұр"


def test_forgetting_a_reader_takes_their_answer_out_of_an_earlier_case(
    db: Database, desk: Desk
) -> None:
    _, kept = desk.report()
    report, emptied = desk.report(**SECRETS)
    desk.answer(report)
    mails = desk.mails()
    desk.merge(emptied, kept)
    with db.write() as session:
        gone = session.get_one(Report, report.id)
        receipts.forget_reader(session, gone, desk.settings.mail_folder, desk.now)
    assert not mails[emptied].exists()
    assert {ANSWER, SECRETS["comment"], SECRETS["email"]} & set(_left(db)) == set()
