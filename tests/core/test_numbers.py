"""The newsroom's numbers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import exports, triage
from core.db import Database
from core.models import Case, Site
from core.numbers import Span, Times, numbers
from core.queries import CaseFilter
from core.settings import Settings
from core.triage import Actor, Change
from tests import factories
from tests.factories import SITE_URL

BY = Actor("aigerim@dala.example.kz", "desk")
HOUR = timedelta(hours=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        return factories.make_site(session, now)


@pytest.fixture
def cases(db: Database, settings: Settings, site: Site, now: datetime) -> list[Case]:
    """Four cases on four pages: fixed, accepted, dismissed, new."""
    assert site.id
    made = [
        factories.sorted_case(
            db,
            settings,
            now + n * HOUR,
            url=f"{SITE_URL}/{n}",
            canonical_url=None,
            metadata={"section": "Спорт" if n < 3 else "Қоғам", "author": "Айдана"},
        )
        for n in range(4)
    ]
    moves = (
        (0, 2, Change(status="accepted")),
        (0, 3, Change(status="fixed")),
        (1, 2, Change(status="accepted")),
        (2, 4, Change(status="dismissed", resolution="opinion")),
    )
    with db.write() as session:
        factories.make_user(session, now, BY.name)
        for number, hours, change in moves:
            version = session.get_one(Case, made[number].id).version
            triage.move(session, made[number].id, version, change, BY, now + hours * HOUR, settings)
    return made


def test_reports_and_cases_are_counted_by_the_sites_days(
    db: Database, cases: list[Case], now: datetime
) -> None:
    with db.read() as session:
        span = Span(None, now - timedelta(days=2), now + 10 * HOUR, "Asia/Almaty")
        found = numbers(session, span, now + 10 * HOUR)
    assert [(day.day.isoformat(), day.reports, day.cases) for day in found.days] == [
        ("2026-03-08", 0, 0),
        ("2026-03-09", 0, 0),
        ("2026-03-10", 4, 4),
    ]
    assert (found.reports, found.cases, found.reports_before) == (len(cases), 4, 0)


def test_times_count_from_the_first_report(db: Database, cases: list[Case], now: datetime) -> None:
    assert cases
    with db.read() as session:
        found = numbers(session, Span(None, now, now + 10 * HOUR), now + 10 * HOUR)
    assert (found.look.counted, found.look.median, found.look.p90) == (3, 2 * HOUR, 2 * HOUR)
    assert (found.fix.counted, found.fix.median) == (1, 3 * HOUR)
    assert found.verify == Times(0, None, None)


def test_the_accept_rate_is_told_by_whatever_one_asks(
    db: Database, cases: list[Case], now: datetime
) -> None:
    assert cases
    with db.read() as session:
        found = numbers(session, Span(None, now, now + 10 * HOUR), now + 10 * HOUR)
    assert (found.accepted.decided, found.accepted.accepted) == (3, 2)
    for name, wanted in (
        ("site", "Дала үні"),
        ("section", "Спорт"),
        ("author", "Айдана"),
        ("kind", "typo"),
        ("editor", "aigerim"),
    ):
        assert [(s.name, s.decided, s.accepted) for s in found.by[name]] == [(wanted, 3, 2)]


def test_what_was_undone_is_nobodys_decision_and_no_fix(
    db: Database, settings: Settings, cases: list[Case], now: datetime
) -> None:
    other = Actor("owner@dala.example.kz", "desk")
    with db.write() as session:
        factories.make_user(session, now, other.name)
        for number, by, change in (
            (3, BY, Change(status="accepted")),
            (3, BY, None),
            (3, other, Change(status="dismissed", resolution="opinion")),
            (1, other, Change(status="dismissed", resolution="opinion")),
            (0, BY, None),
        ):
            case_id = cases[number].id
            version = session.get_one(Case, case_id).version
            if change is None:
                triage.undo(session, case_id, version, by, now + 5 * HOUR, settings)
            else:
                triage.move(session, case_id, version, change, by, now + 5 * HOUR, settings)
    with db.read() as session:
        found = numbers(session, Span(None, now, now + 10 * HOUR), now + 10 * HOUR)
    assert [(s.name, s.decided, s.accepted) for s in found.by["editor"]] == [
        ("aigerim", 2, 1),
        ("owner", 2, 0),
    ]
    assert (found.fix.counted, found.fixed) == (0, 0)


def test_a_section_is_counted_alone(db: Database, cases: list[Case], now: datetime) -> None:
    assert cases
    with db.read() as session:
        span = Span(None, now, now + 10 * HOUR, section="Қоғам")
        found = numbers(session, span, now + 10 * HOUR)
    assert (found.cases, found.reports, found.accepted.decided) == (1, 1, 0)
    assert found.backlog == [0, 1, 0, 0, 0]


def test_the_backlog_is_what_is_open_now_by_age(
    db: Database, cases: list[Case], now: datetime
) -> None:
    assert cases
    with db.read() as session:
        later = now + timedelta(days=14, hours=1, minutes=30)
        found = numbers(session, Span(None, later - HOUR, later), later)
    assert found.backlog == [0, 0, 0, 1, 1]
    assert found.cases == 0


def test_what_is_snoozed_is_not_in_the_backlog(
    db: Database, cases: list[Case], now: datetime
) -> None:
    later = now + timedelta(days=14, hours=1, minutes=30)
    with db.write() as session:
        for case in cases:
            session.get_one(Case, case.id).snoozed_until = later + HOUR
    with db.read() as session:
        assert numbers(session, Span(None, now, later), later).backlog == [0, 0, 0, 0, 0]
        woken = later + 2 * HOUR
        assert sum(numbers(session, Span(None, now, woken), woken).backlog) == 2


def test_the_same_mistake_on_two_pages_is_told(
    db: Database, cases: list[Case], now: datetime
) -> None:
    assert cases
    with db.read() as session:
        found = numbers(session, Span(None, now, now + 10 * HOUR), now + 10 * HOUR)
    assert [(m.exact, m.suggestion, m.pages, m.open) for m in found.mistakes] == [
        ("балаларга", "балаларға", 3, 2)
    ]
    assert [page.reports for page in found.pages] == [1, 1, 1, 1]


def test_another_sites_numbers_are_not_counted(
    db: Database, cases: list[Case], now: datetime
) -> None:
    assert cases
    with db.read() as session:
        found = numbers(session, Span(frozenset({99}), now, now + HOUR), now)
    assert (found.reports, found.cases, found.backlog) == (0, 0, [0, 0, 0, 0, 0])


def test_nine_in_ten_is_a_rank() -> None:
    lengths = [timedelta(minutes=n) for n in range(1, 11)]
    assert Times.of(lengths) == Times(10, timedelta(minutes=5), timedelta(minutes=9))
    assert Times.of([-HOUR]) == Times(1, timedelta(), timedelta())


def test_every_case_goes_out_whatever_the_page_holds(
    db: Database, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE", 3)
    ids = [item["id"] for item in exports.every_case(db, CaseFilter())]
    assert ids == [case.id for case in reversed(cases)]


def test_a_formula_leaves_as_words(
    db: Database, settings: Settings, site: Site, now: datetime
) -> None:
    factories.sorted_case(db, settings, now, exact="=1+1", suggestion="-2")
    assert site.id
    (item,) = exports.every_case(db, CaseFilter())
    row = dict(zip(exports.COLUMNS, exports.row_of(item), strict=True))
    assert (row["quote"], row["suggestion"]) == ("'=1+1", "'-2")


@pytest.mark.parametrize(
    "text",
    ["\n1", " =1", "\u00a0-1", "\u200b@x", "\ufeff+1", "＝1", "＋1", "－1", "＠x", " \n ＝1"],
)
def test_nothing_unseen_hides_a_formula(text: str) -> None:
    assert exports.cells_of({"quote": text}, ["quote"]) == [f"'{text}"]


def test_words_and_numbers_leave_as_they_are() -> None:
    item = {"quote": " балаларга", "suggestion": "a=b", "priority": -1, "assignee": None}
    assert exports.cells_of(item, list(item)) == [" балаларга", "a=b", "-1", ""]


def test_days_begin_at_midnight_also_where_clocks_are_half_an_hour_apart(
    db: Database, settings: Settings, site: Site
) -> None:
    assert site.id
    midnight = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)  # in Kolkata
    for minutes in (-10, 10, 20):
        factories.sorted_case(db, settings, midnight + timedelta(minutes=minutes))
    with db.read() as session:
        span = Span(None, midnight - HOUR, midnight + HOUR, "Asia/Kolkata")
        found = numbers(session, span, midnight + HOUR)
    assert [(day.day.isoformat(), day.reports) for day in found.days] == [
        ("2026-03-10", 1),
        ("2026-03-11", 2),
    ]


def test_a_fix_that_stands_again_is_counted(
    db: Database, settings: Settings, cases: list[Case], now: datetime
) -> None:
    for hours, status in ((4, "accepted"), (5, "fixed"), (6, None), (7, None)):
        with db.write() as session:
            at, version = now + hours * HOUR, session.get_one(Case, cases[0].id).version
            if status is None:
                triage.undo(session, cases[0].id, version, BY, at, settings)
            else:
                change = Change(status=status)
                triage.move(session, cases[0].id, version, change, BY, at, settings)
    with db.read() as session:
        found = numbers(session, Span(None, now, now + 10 * HOUR), now + 10 * HOUR)
    assert (found.fixed, found.fix.counted, found.fix.median) == (1, 1, 3 * HOUR)
