"""Things look to programs as the contract says."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import queries
from core.db import Database
from core.models import Case, Delivery, Event, Report, Site
from core.representations import case_json, delivery_json, event_json, moment, report_json
from tests import factories
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, WRONG


@pytest.fixture
def case(db: Database, now: datetime, tmp_path: Path) -> Case:
    with db.write() as session:
        site: Site = factories.make_site(session, now)
        factories.make_channel(session, now, site)
    sent = {"email": "reader@example.kz", "comment": "Ғ"}
    return factories.sorted_case(db, factories.make_settings(tmp_path), now, **sent)


def test_a_case_shows_all_that_the_contract_names(db: Database, now: datetime, case: Case) -> None:
    with db.read() as session:
        whole = queries.get_case(session, case.id, None)
        ids = queries.report_ids(session, [case.id])[case.id]
        shown = case_json(whole, ids)
    assert shown == {
        "id": case.id,
        "site": "dala",
        "page": {"url": PAGE_URL, "title": whole.page.title, "author": None, "section": None},
        "quote": {"exact": WRONG, "prefix": BEFORE[-32:], "suffix": AFTER[:32]},
        "suggestion": RIGHT,
        "language": "kk",
        "kind": "typo",
        "status": "new",
        "resolution": None,
        "regressed": False,
        "readers": 1,
        "reports": ids,
        "assignee": None,
        "priority": case.priority,
        "version": 1,
        "first_reported_at": "2026-03-10T04:30:00.000Z",
        "last_reported_at": "2026-03-10T04:30:00.000Z",
        "snoozed_until": None,
        "wake_at_readers": None,
        "verification": None,
    }


def test_a_reading_of_the_page_is_told_with_its_evidence(
    db: Database, now: datetime, case: Case
) -> None:
    with db.write() as session:
        read = queries.get_case(session, case.id, None)
        read.verdict, read.checked_at, read.evidence = "still_there", now, {"seen": 1}
        assert case_json(read, [])["verification"] == {
            "verdict": "still_there",
            "checked_at": "2026-03-10T04:30:00.000Z",
            "evidence": {"seen": 1},
        }


def test_no_address_of_a_reader_is_shown(db: Database, case: Case) -> None:
    with db.read() as session:
        report = session.scalars(select(Report)).one()
        shown = [report_json(report)]
        shown += [event_json(event) for event in session.scalars(select(Event))]
        shown += [delivery_json(each) for each in session.scalars(select(Delivery))]
        whole = queries.get_case(session, case.id, None)
        shown.append(case_json(whole, [report.id]))
    assert "reader@example.kz" not in str(shown)
    assert shown[0]["comment"] == "Ғ"


def test_a_delivery_and_an_event_show_all_that_the_contract_names(
    db: Database, now: datetime, case: Case
) -> None:
    with db.read() as session:
        delivery, event = (
            session.scalars(select(Delivery)).one(),
            session.scalars(select(Event)).one(),
        )
        assert delivery_json(delivery) == {
            "id": delivery.id,
            "case_id": case.id,
            "channel": delivery.channel_id,
            "event": "case.created",
            "status": "pending",
            "attempts": 0,
            "last_error": None,
            "due_at": moment(now),
            "sent_at": None,
        }
        assert event_json(event) | {"data": {}} == {
            "id": event.id,
            "type": "created",
            "actor": "reader",
            "at": moment(now),
            "via": "snippet",
            "sender_checked": None,
            "data": {},
        }


def test_moments_are_told_in_utc(now: datetime) -> None:
    later = now + timedelta(milliseconds=1.5)
    assert (moment(later), moment(None)) == ("2026-03-10T04:30:00.001Z", None)
