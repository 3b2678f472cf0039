"""Lists, filters and counts."""

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core import queries, triage
from core.db import Database
from core.errors import Invalid, NotFound
from core.models import Case, Delivery, Report, Site
from core.queries import CaseFilter, Counts
from core.settings import Settings
from core.triage import Actor, Change
from tests import factories
from tests.factories import PAGE_URL, SITE_URL

BY = Actor("a@dala.example.kz", "desk")
WORDS = ("бірінші", "екінші", "үшінші", "төртінші", "бесінші")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_channel(session, now, site)
        return site


@pytest.fixture
def cases(db: Database, settings: Settings, site: Site, now: datetime) -> list[int]:
    """Five cases on five pages, a minute apart; returns their ids, the oldest first."""
    assert site.id
    return [
        factories.sorted_case(
            db,
            settings,
            now + timedelta(minutes=number),
            exact=word,
            suggestion=word.upper(),
            url=f"{SITE_URL}/{number}",
            canonical_url=None,
            title=f"Мақала {number}",
        ).id
        for number, word in enumerate(WORDS)
    ]


def _ids(db: Database, wanted: CaseFilter, limit: int = 50) -> list[int]:
    with db.read() as session:
        return [case.id for case in queries.list_cases(session, wanted, None, limit).items]


def _walk(db: Database, wanted: CaseFilter, limit: int) -> list[int]:
    found: list[int] = []
    cursor = None
    with db.read() as session:
        while True:
            listing = queries.list_cases(session, wanted, cursor, limit)
            found += [case.id for case in listing.items]
            cursor = listing.next
            if cursor is None:
                return found


@pytest.mark.parametrize("sort", ["newest", "priority", "readers"])
def test_pages_of_a_list_neither_repeat_nor_leave_out(
    db: Database, cases: list[int], sort: queries.Sort
) -> None:
    assert _walk(db, CaseFilter(sort=sort), 2) == list(reversed(cases))


def test_an_exact_last_page_has_no_next(db: Database, cases: list[int]) -> None:
    with db.read() as session:
        assert queries.list_cases(session, CaseFilter(), None, len(cases)).next is None


@pytest.mark.parametrize(
    "cursor", ["", "%%%", "bm90IGpzb24", "W10", "WyJuZXdlc3QiLCAibm93IiwgMV0", "\udcff", "жоқ"]
)
def test_a_cursor_that_we_did_not_give_is_told(db: Database, cases: list[int], cursor: str) -> None:
    assert cases
    with db.read() as session, pytest.raises(Invalid, match="cursor"):
        queries.list_cases(session, CaseFilter(), cursor, 10)


@pytest.mark.parametrize("value", [10**30, -(10**30), 2**63, 1.5, None, "7"])
def test_a_cursor_with_a_value_that_no_column_holds_is_told(
    db: Database, cases: list[int], value: object
) -> None:
    assert cases
    packed = json.dumps(["readers", value, 1]).encode()
    cursor = base64.urlsafe_b64encode(packed).decode("ascii")
    with db.read() as session, pytest.raises(Invalid, match="cursor"):
        queries.list_cases(session, CaseFilter(sort="readers"), cursor, 10)


def test_a_cursor_is_good_for_its_own_order_only(db: Database, cases: list[int]) -> None:
    assert cases
    with db.read() as session:
        cursor = queries.list_cases(session, CaseFilter(sort="readers"), None, 2).next
        with pytest.raises(Invalid):
            queries.list_cases(session, CaseFilter(sort="newest"), cursor, 2)


def test_filters_narrow(db: Database, settings: Settings, cases: list[int], now: datetime) -> None:
    with db.write() as session:
        triage.move(session, cases[0], 1, Change(status="accepted"), BY, now, settings)
        triage.move(session, cases[1], 1, Change(kind="fact"), BY, now, settings)
    assert _ids(db, CaseFilter(statuses=("accepted",))) == [cases[0]]
    assert _ids(db, CaseFilter(kind="fact")) == [cases[1]]
    assert _ids(db, CaseFilter(page_url=f"{SITE_URL}/2?utm_source=x#y")) == [cases[2]]
    assert _ids(db, CaseFilter(statuses=("new", "accepted"))) == list(reversed(cases))
    assert _ids(db, CaseFilter(page_url=PAGE_URL)) == []


@pytest.mark.parametrize("text", ["төрт", "ТӨРТІНШІ", "Төртінші", "мақала 3"])
def test_search_finds_words_suggestions_and_titles(
    db: Database, cases: list[int], text: str
) -> None:
    assert _ids(db, CaseFilter(text=text)) == [cases[3]]


@pytest.mark.parametrize("text", ["%", "_", "\\"])
def test_search_takes_signs_as_they_are(db: Database, cases: list[int], text: str) -> None:
    assert cases
    assert _ids(db, CaseFilter(text=text)) == []


def test_a_page_address_must_be_one(db: Database) -> None:
    with db.read() as session, pytest.raises(Invalid, match="page_url"):
        queries.list_cases(session, CaseFilter(page_url="жоқ"), None, 10)


def test_counts_ignore_the_chosen_status(
    db: Database, settings: Settings, cases: list[int], now: datetime
) -> None:
    with db.write() as session:
        triage.move(session, cases[0], 1, Change(status="accepted"), BY, now, settings)
    with db.read() as session:
        counts = queries.count_by_status(session, CaseFilter(statuses=("new",)), now)
    assert counts == Counts({"new": 4, "accepted": 1})


@pytest.mark.parametrize("at_once", [2_000, 2])
def test_what_sleeps_is_counted_apart(
    db: Database,
    settings: Settings,
    cases: list[int],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    monkeypatch.setattr("core.queries.counts._MOST_AT_ONCE", at_once)
    for case_id, change in (
        (cases[0], Change(snoozed_until=now + timedelta(days=1))),
        (cases[1], Change(snoozed_until=now + timedelta(minutes=1))),
        (cases[2], Change(status="fixed")),
    ):
        with db.write() as session:
            triage.move(session, case_id, 1, change, BY, now, settings)
    with db.read() as session:
        counts = queries.count_by_status(session, CaseFilter(), now + timedelta(hours=1))
    assert counts == Counts({"new": 3, "fixed": 1}, 1)


def test_the_rail_counts_what_is_open_and_awake(
    db: Database, settings: Settings, cases: list[int], now: datetime
) -> None:
    asleep = Change(snoozed_until=now + timedelta(days=1))
    for case_id, change in zip(
        cases, (Change(status="accepted"), Change(status="fixed"), asleep), strict=False
    ):
        with db.write() as session:
            triage.move(session, case_id, 1, change, BY, now, settings)
    with db.read() as session:
        assert queries.count_open(session, CaseFilter(awake_at=now)) == 3  # of five


def test_a_foreign_sites_objects_do_not_exist(db: Database, cases: list[int], site: Site) -> None:
    elsewhere = frozenset({site.id + 1})
    with db.read() as session:
        report_id = queries.report_ids(session, cases)[cases[0]][0]
        assert queries.list_cases(session, CaseFilter(site_ids=elsewhere), None, 9).items == []
        with pytest.raises(NotFound):
            queries.get_case(session, cases[0], elsewhere)
        with pytest.raises(NotFound):
            queries.get_report(session, report_id, elsewhere)
        with pytest.raises(NotFound):
            queries.get_delivery(session, 1, elsewhere)
        assert queries.list_deliveries(session, elsewhere, None, None, None, 9).items == []
        assert queries.get_case(session, cases[0], frozenset({site.id})).id == cases[0]


def test_history_reads_forward_in_pages(
    db: Database, settings: Settings, cases: list[int], now: datetime
) -> None:
    with db.write() as session:
        triage.note(session, cases[0], "бір", BY, now, settings)
        triage.note(session, cases[0], "екі", BY, now, settings)
    with db.read() as session:
        first = queries.list_events(session, cases[0], None, 2)
        second = queries.list_events(session, cases[0], first.next, 2)
    assert [event.type for event in first.items] == ["created", "note"]
    assert [event.data for event in second.items] == [{"text": "екі"}]
    assert second.next is None


def test_messages_are_listed_by_status_and_channel(db: Database, cases: list[int]) -> None:
    with db.write() as session:
        session.execute(update(Delivery).where(Delivery.case_id == cases[0]).values(status="dead"))
    with db.read() as session:
        dead = queries.list_deliveries(session, None, "dead", None, None, 10)
        pending = queries.list_deliveries(session, None, "pending", 1, None, 3)
        rest = queries.list_deliveries(session, None, "pending", 1, pending.next, 3)
    assert [row.case_id for row in dead.items] == [cases[0]]
    assert [len(pending.items), len(rest.items), rest.next] == [3, 1, None]


def test_the_backlog_tells_ages(db: Database, cases: list[int], now: datetime) -> None:
    assert cases
    factories.send(db, now)
    later = now + timedelta(hours=1)
    with db.read() as session:
        waiting = queries.backlog(session, later)
    assert waiting.oldest_unsorted == timedelta(hours=1)
    assert waiting.oldest_unsent == timedelta(hours=1)
    assert (waiting.unsorted, waiting.unsent, waiting.dead) == (1, 5, 0)


def test_an_empty_backlog_has_no_age(db: Database, now: datetime) -> None:
    with db.read() as session:
        assert queries.backlog(session, now) == queries.Backlog(None, None, 0, 0, 0)


def test_reports_of_cases_come_with_the_first_one_first(
    db: Database, settings: Settings, site: Site, now: datetime
) -> None:
    assert site.id
    case = factories.sorted_case(db, settings, now)
    second = factories.send(db, now + timedelta(seconds=5))
    factories.sort(db, settings, now + timedelta(seconds=5))
    with db.read() as session:
        ids = queries.report_ids(session, [case.id])[case.id]
        assert ids[1] == second.id
        assert [report.id for report in queries.case_reports(session, case.id)] == ids
        assert session.get_one(Case, case.id).readers == len(ids)
        assert session.get_one(Report, ids[0]).already_known is False
