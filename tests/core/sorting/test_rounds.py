"""Which case a report belongs to."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import sorting
from core.db import Database
from core.models import Case, Delivery, Event, Page, Report, Site
from core.settings import Settings
from core.sorting import rounds
from tests import factories
from tests.factories import PAGE_URL, RIGHT, SITE_URL, WRONG, send, sort


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_channel(session, now, site)
        return site


pytestmark = pytest.mark.usefixtures("site")


def _cases(db: Database) -> list[Case]:
    with db.read() as session:
        return list(session.scalars(select(Case).order_by(Case.id)))


def _count(db: Database, table: type[Event | Delivery | Page], *where: object) -> int:
    with db.read() as session:
        counted = select(func.count()).select_from(table)
        return session.scalar(counted.where(*where)) or 0  # type: ignore[arg-type]


def test_the_first_report_opens_a_case(db: Database, settings: Settings, now: datetime) -> None:
    report = send(db, now)
    assert sort(db, settings, now) == sorting.Sorted(reports=1, deliveries=1)
    (case,) = _cases(db)
    assert (case.exact, case.suggestion, case.status, case.readers) == (WRONG, RIGHT, "new", 1)
    with db.read() as session:
        kept = session.get_one(Report, report.id)
        assert (kept.case_id, kept.sorted_at, kept.already_known) == (case.id, now, False)


def test_a_second_reader_joins_the_case(db: Database, settings: Settings, now: datetime) -> None:
    send(db, now)
    sort(db, settings, now)
    later = now + timedelta(hours=1)
    second = send(db, later, exact=f"{WRONG} арналған", suffix=". Кез келген", suggestion=None)
    sort(db, settings, later)
    (case,) = _cases(db)
    assert (case.readers, case.last_reported_at, case.exact) == (2, later, WRONG)
    with db.read() as session:
        assert session.get_one(Report, second.id).already_known


def test_another_word_of_the_sentence_is_another_case(
    db: Database, settings: Settings, now: datetime
) -> None:
    send(db, now)
    prefix = "Қазір сөрелерде қырық мың том "
    send(db, now, exact="тұр", prefix=prefix, suffix=", оның үштен бірі — балаларга арналған")
    sort(db, settings, now)
    assert len(_cases(db)) == 2


def test_the_same_words_on_another_page_are_another_case(
    db: Database, settings: Settings, now: datetime
) -> None:
    send(db, now)
    send(db, now, url=f"{SITE_URL}/news/mektep", canonical_url=None)
    sort(db, settings, now)
    assert len(_cases(db)) == 2


def test_the_narrowest_claim_names_the_case(
    db: Database, settings: Settings, now: datetime
) -> None:
    send(db, now, exact=f"бірі — {WRONG} арналған", prefix="оның үштен ", suggestion=None)
    send(db, now + timedelta(seconds=1))
    sort(db, settings, now + timedelta(seconds=1))
    (case,) = _cases(db)
    assert (case.exact, case.suggestion, case.readers) == (WRONG, RIGHT, 2)


def test_reports_by_different_addresses_of_one_page_meet(
    db: Database, settings: Settings, now: datetime
) -> None:
    send(db, now, url=f"{SITE_URL}/amp/news/x?id=7", canonical_url=PAGE_URL)
    second, third = now + timedelta(seconds=1), now + timedelta(seconds=2)
    send(db, second, url=f"{PAGE_URL}?utm_source=tg", canonical_url=None)
    send(db, third, url=f"{SITE_URL}/amp/news/x?id=7", canonical_url=None)
    sort(db, settings, third)
    assert len(_cases(db)) == 1
    assert _count(db, Page) == 1


def test_a_canonical_address_on_a_foreign_host_is_ignored(
    db: Database, settings: Settings, now: datetime
) -> None:
    send(db, now, canonical_url="https://elsewhere.example.org/a")
    sort(db, settings, now)
    with db.read() as session:
        assert session.scalars(select(Page.url)).all() == ["dala.example.kz/news/kitapkhana"]


def test_sorting_twice_changes_nothing(db: Database, settings: Settings, now: datetime) -> None:
    send(db, now)
    sort(db, settings, now)
    assert sort(db, settings, now + timedelta(days=1)) == sorting.Sorted(0, 0)
    assert _count(db, Event) == 1


def test_sixteen_reports_at_once_by_four_workers_are_one_case_and_one_mail(
    db: Database, settings: Settings, now: datetime
) -> None:
    workers = [threading.Thread(target=_send_and_sort, args=(db, settings, now)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sort(db, settings, now)
    (case,) = _cases(db)
    assert case.readers == 16
    assert _count(db, Delivery, Delivery.rhythm == "now") == 1
    assert _count(db, Event, Event.type == "created") == 1
    assert _count(db, Event, Event.type == "joined") == 15


def _send_and_sort(db: Database, settings: Settings, now: datetime) -> None:
    for _ in range(4):
        send(db, now)
        sort(db, settings, now)


def test_further_readers_share_one_line_of_the_digest(
    db: Database, settings: Settings, now: datetime
) -> None:
    for _ in range(5):
        send(db, now)
    sort(db, settings, now)
    assert _count(db, Delivery, Delivery.rhythm == "digest") == 1


def test_a_claimed_batch_of_a_dead_worker_is_sorted_by_the_next_one(
    db: Database, settings: Settings, now: datetime
) -> None:
    send(db, now)
    with db.write() as session:
        assert len(rounds._claim(session, settings, now)) == 1
    assert sort(db, settings, now).reports == 0
    assert sort(db, settings, now + timedelta(seconds=11)).reports == 1


def test_a_report_that_cannot_be_sorted_holds_no_other_up(
    db: Database, settings: Settings, now: datetime
) -> None:
    poison = send(db, now)
    _break(db, poison.id)
    with pytest.raises(ValueError, match="not an absolute"):
        sort(db, settings, now)
    fine = send(db, now + timedelta(seconds=1))
    later = now + timedelta(seconds=30)
    with pytest.raises(ValueError, match="not an absolute"):
        sort(db, settings, later)
    with db.read() as session:
        assert session.get_one(Report, fine.id).case_id is not None


def _break(db: Database, report_id: str) -> None:
    with db.write() as session:
        session.get_one(Report, report_id).url = "no address"
