"""Merging and splitting by hand."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import triage
from core.db import Database
from core.errors import Conflict, Invalid, MovedOn, NotFound, StaleVersion
from core.models import Case, Delivery, Event, Report, Site
from core.settings import Settings
from core.triage import Actor, Change
from tests import factories
from tests.factories import RIGHT, SITE_URL, WRONG

BY = Actor("a@dala.example.kz", "desk")
ELSEWHERE = {
    "exact": "тұр",
    "prefix": "қырық мың том ",
    "suffix": ", оның үштен",
    "suggestion": None,
}


class Desk:
    """One editor who regroups."""

    def __init__(self, db: Database, settings: Settings, now: datetime) -> None:
        self.db, self.settings, self.now = db, settings, now

    def report(self, minutes: int = 0, **values: object) -> int:
        """Send and sort a report; returns the id of its case."""
        at = self.now + timedelta(minutes=minutes)
        return factories.sorted_case(self.db, self.settings, at, **values).id

    def case(self, case_id: int) -> Case:
        """A case as it is now."""
        with self.db.read() as session:
            return session.get_one(Case, case_id)

    def reports(self, case_id: int) -> list[str]:
        """The reports of a case, oldest first."""
        with self.db.read() as session:
            query = select(Report.id).where(Report.case_id == case_id)
            return list(session.scalars(query.order_by(Report.received_at)))

    def merge(self, case_id: int, into: int, version: int | None = None) -> Case:
        """Merge one into the other."""
        version = version or self.case(case_id).version
        with self.db.write() as session:
            return triage.merge(session, case_id, version, into, BY, self.now, self.settings)

    def split(self, case_id: int, reports: list[str]) -> int:
        """Split reports off; returns the new case's id."""
        version = self.case(case_id).version
        with self.db.write() as session:
            new = triage.split(session, case_id, version, reports, BY, self.now, self.settings)
            return new.id

    def undo(self, case_id: int) -> None:
        """Take the last change back."""
        version = self.case(case_id).version
        with self.db.write() as session:
            triage.undo(session, case_id, version, BY, self.now, self.settings)

    def history(self, case_id: int) -> list[str]:
        """The types of a case's events."""
        with self.db.read() as session:
            query = select(Event.type).where(Event.case_id == case_id)
            return list(session.scalars(query.order_by(Event.id)))


@pytest.fixture
def desk(db: Database, tmp_path: Path, now: datetime) -> Desk:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_channel(session, now, site)
        assert isinstance(site, Site)
    return Desk(db, factories.make_settings(tmp_path), now)


def test_a_merged_case_gives_its_readers_to_the_other(desk: Desk) -> None:
    one, other = desk.report(), desk.report(5, **ELSEWHERE)
    desk.merge(other, one)
    into, gone = desk.case(one), desk.case(other)
    assert (into.readers, into.status, into.suggestion) == (2, "new", RIGHT)
    assert (gone.readers, gone.status, gone.resolution) == (0, "dismissed", "duplicate")
    assert into.last_reported_at == desk.now + timedelta(minutes=5)
    assert len(desk.reports(one)) == 2
    assert desk.history(one) == ["created", "merged"]
    assert desk.history(other) == ["created", "merged"]


def test_later_readers_of_a_merged_case_join_the_other(desk: Desk) -> None:
    one, other = desk.report(), desk.report(5, **ELSEWHERE)
    desk.merge(other, one)
    assert desk.report(10, **ELSEWHERE) in (one, other)
    assert desk.case(one).readers == 3
    assert desk.case(one).exact == WRONG


def test_a_merge_is_undone_from_either_side(desk: Desk) -> None:
    one, other = desk.report(), desk.report(5, **ELSEWHERE)
    for side in (one, other):
        desk.merge(other, one)
        desk.undo(side)
        assert [desk.case(each).readers for each in (one, other)] == [1, 1]
        assert desk.case(other).status == "new"
        assert desk.case(other).merged_into_id is None
    with pytest.raises(Conflict, match="nothing to undo"):
        desk.undo(one)
    with pytest.raises(Conflict, match="nothing to undo"):
        desk.undo(other)


def test_a_merge_is_not_undone_over_what_was_written_since(desk: Desk) -> None:
    one, other = desk.report(), desk.report(5, **ELSEWHERE)
    desk.merge(one, other)
    assert desk.case(other).suggestion == RIGHT
    version = desk.case(other).version
    with desk.db.write() as session:
        change = Change(suggestion="басқа")
        triage.move(session, other, version, change, BY, desk.now, desk.settings)
    with pytest.raises(MovedOn):
        desk.undo(one)
    assert (desk.case(other).suggestion, desk.case(other).readers) == ("басқа", 2)
    desk.undo(other)
    desk.undo(one)
    assert (desk.case(other).suggestion, desk.case(other).readers) == (None, 1)


def test_cases_of_two_sites_are_not_merged(desk: Desk) -> None:
    one = desk.report()
    with desk.db.write() as session:
        tan = "https://tan.example.kz"
        factories.make_site(session, desk.now, key="tan", url=tan, origins=[tan])
    foreign = desk.report(1, site="tan", url="https://tan.example.kz/a", canonical_url=None)
    with pytest.raises(Invalid):
        desk.merge(one, foreign)


def test_a_case_is_not_merged_into_itself_nor_twice(desk: Desk) -> None:
    one, other = desk.report(), desk.report(1, **ELSEWHERE)
    third = desk.report(2, url=f"{SITE_URL}/b", canonical_url=None)
    with pytest.raises(Invalid):
        desk.merge(one, one)
    with pytest.raises(NotFound):
        desk.merge(one, 4_711)
    desk.merge(other, one)
    with pytest.raises(Conflict):
        desk.merge(other, third)
    with pytest.raises(Conflict):
        desk.merge(third, other)


def test_a_stale_merge_changes_nothing(desk: Desk) -> None:
    one, other = desk.report(), desk.report(1, **ELSEWHERE)
    with pytest.raises(StaleVersion):
        desk.merge(other, one, version=7)
    assert desk.case(other).status == "new"


def test_reports_are_split_off_into_a_case_of_their_own(desk: Desk) -> None:
    one = desk.report()
    assert desk.report(1, suggestion="балаға") == one
    first, second = desk.reports(one)
    new = desk.split(one, [second.upper()])
    assert (desk.reports(one), desk.reports(new)) == ([first], [second])
    assert [desk.case(each).readers for each in (one, new)] == [1, 1]
    assert (desk.case(new).suggestion, desk.case(new).status) == ("балаға", "new")
    assert desk.history(one)[-1] == desk.history(new)[-1] == "split"


def test_what_was_split_off_does_not_join_again_by_itself(desk: Desk) -> None:
    one = desk.report()
    desk.report(1, suggestion="балаға")
    new = desk.split(one, desk.reports(one)[1:])
    assert desk.report(2, suggestion="балаға") == new
    assert desk.report(3) == one
    assert [desk.case(each).readers for each in (one, new)] == [2, 2]


def test_a_split_is_undone(desk: Desk) -> None:
    one = desk.report()
    desk.report(1)
    new = desk.split(one, desk.reports(one)[1:])
    desk.undo(one)
    assert (desk.case(one).readers, desk.case(new).readers) == (2, 0)
    assert desk.case(new).merged_into_id == one


def test_a_split_needs_some_reports_of_the_case_and_not_all(desk: Desk) -> None:
    one, other = desk.report(), desk.report(1, **ELSEWHERE)
    desk.report(2)
    for wrong in ([], desk.reports(one), desk.reports(other), ["no-such-report"]):
        with pytest.raises(Invalid, match="reports"):
            desk.split(one, wrong)


def test_nobody_gets_a_mail_because_an_editor_regroups(desk: Desk) -> None:
    one, other = desk.report(), desk.report(5, **ELSEWHERE)
    desk.merge(other, one)
    desk.undo(one)
    with desk.db.read() as session:
        assert len(session.scalars(select(Delivery.id)).all()) == 2
