"""Readers come in here."""

import threading
import uuid
from datetime import datetime

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.errors import Conflict, Forbidden, NotFound
from core.intake import receive
from core.models import Report, Site
from tests import factories
from tests.factories import SITE_URL, new_report


@pytest.fixture(autouse=True)
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        return factories.make_site(session, now)


def _receive(db: Database, now: datetime, origin: str | None = None, **values: object) -> Report:
    with db.write() as session:
        return receive(session, new_report(**values), origin, now).report


def test_a_report_is_kept_as_sent_and_owed_to_sorting(db: Database, now: datetime) -> None:
    report_id = _receive(db, now, comment="Ғ емес, Г", email="reader@example.kz").id
    with db.read() as session:
        kept = session.get_one(Report, report_id)
        assert (kept.exact, kept.comment, kept.email) == (
            "балаларга",
            "Ғ емес, Г",
            "reader@example.kz",
        )
        assert (kept.received_at, kept.sort_due_at, kept.sorted_at) == (now, now, None)


def test_the_same_report_again_gets_the_same_receipt(db: Database, now: datetime) -> None:
    new = new_report()
    with db.write() as session:
        first = receive(session, new, SITE_URL, now)
    with db.write() as session:
        second = receive(session, new, SITE_URL, now)
    assert (first.repeated, second.repeated) == (False, True)
    assert first.report.receipt == second.report.receipt


def test_an_id_cannot_be_used_for_another_body(db: Database, now: datetime) -> None:
    report_id = str(uuid.uuid4())
    _receive(db, now, id=report_id)
    with pytest.raises(Conflict):
        _receive(db, now, id=report_id, suggestion="басқа")


def test_an_id_cannot_be_used_for_another_site(db: Database, now: datetime) -> None:
    with db.write() as session:
        factories.make_site(session, now, key="taң", name="Таң")
    new = new_report()
    _receive(db, now, id=new.id, fingerprint="f")
    with pytest.raises(Conflict):
        _receive(db, now, id=new.id, fingerprint="f", site="taң")


def test_the_same_report_sent_at_the_same_moment_is_kept_once(db: Database, now: datetime) -> None:
    new = new_report()
    outcomes: list[bool] = []

    def post() -> None:
        with db.write() as session:
            repeated = receive(session, new, None, now).repeated
        outcomes.append(repeated)

    posts = [threading.Thread(target=post) for _ in range(8)]
    for one in posts:
        one.start()
    for one in posts:
        one.join()
    assert sorted(outcomes) == [False] + [True] * 7
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_an_unknown_site_is_told(db: Database, now: datetime) -> None:
    with pytest.raises(NotFound):
        _receive(db, now, site="nobody")


@pytest.mark.parametrize("origin", ["https://evil.example.org", "null", "http://dala.example.kz"])
def test_a_foreign_origin_is_refused(db: Database, now: datetime, origin: str) -> None:
    with pytest.raises(Forbidden):
        _receive(db, now, origin)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.org/a",
        "https://dala.example.kz.evil.example.org/a",
        "https://evil.example.org/https://dala.example.kz/",
        "https://dala.example.kz:8443/a",
        "https://dala.example.kz@evil.example.org/",
    ],
)
def test_a_page_elsewhere_is_refused(db: Database, now: datetime, url: str) -> None:
    with pytest.raises(Forbidden):
        _receive(db, now, url=url)


@pytest.mark.parametrize(
    "url",
    [
        "https://DALA.example.kz/a",
        "http://dala.example.kz:80/a",
        "https://www.dala.example.kz/a",
        "https://m.dala.example.kz/a",
    ],
)
def test_other_forms_of_the_sites_address_are_welcome(site: Site, url: str) -> None:
    assert site.covers(url)
