"""The week in numbers: once a week, to whom it was promised."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import rulebook, summaries, tending, triage
from core.channels import OutgoingMail
from core.db import Database
from core.history import Actor
from core.messages import compose
from core.models import Case, Channel, Delivery, OwnMail, Site, User
from core.settings import Settings
from tests import factories

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def plan(db: Database, case: Case) -> None:
    with db.write() as session:
        rulebook.change_plan(
            session, session.get_one(Site, case.site_id), {"summary_at": "wed 10:00"}
        )


def _owed(db: Database) -> list[str]:
    with db.read() as session:
        query = select(Channel.target).join(Delivery).where(Delivery.event_type == summaries.KIND)
        return list(session.scalars(query))


def test_a_site_hears_once_each_week(
    db: Database, settings: Settings, case: Case, now: datetime
) -> None:
    assert summaries.sum_up_due(db, settings, now) == 0
    assert summaries.sum_up_due(db, settings, now + timedelta(hours=23)) == 0
    assert summaries.sum_up_due(db, settings, now + timedelta(hours=25)) == 1
    assert summaries.sum_up_due(db, settings, now + timedelta(hours=25)) == 0
    assert summaries.sum_up_due(db, settings, now + timedelta(hours=25) + WEEK) == 1
    assert _owed(db) == ["desk@dala.example.kz"] * 2


def test_two_schedulers_owe_one_summary(
    db: Database, settings: Settings, case: Case, now: datetime
) -> None:
    summaries.sum_up_due(db, settings, now)
    at = now + timedelta(hours=25)
    with ThreadPoolExecutor(4) as threads:
        owed = list(threads.map(lambda _: summaries.sum_up_due(db, settings, at), range(4)))
    assert sum(owed) == 1
    assert len(_owed(db)) == 1


def test_a_person_hears_on_monday_by_their_own_clock(
    db: Database, settings: Settings, case: Case, now: datetime
) -> None:
    with db.write() as session:
        site = session.get_one(Site, case.site_id)
        user = factories.make_user(session, now, "aigul@dala.example.kz", "viewer", site)
        tending.set_own_mail(session, user, {"weekly": True}, {"timezone": "Europe/London"})
        user_id = user.id
    summaries.sum_up_due(db, settings, now)
    with db.read() as session:
        due_at = session.get_one(OwnMail, user_id).weekly_due_at
    assert due_at == datetime.fromisoformat("2026-03-16T09:00:00+00:00")
    assert due_at is not None
    summaries.sum_up_due(db, settings, due_at)
    assert "aigul@dala.example.kz" in _owed(db)
    with db.write() as session:
        tending.set_own_mail(session, session.get_one(User, user_id), {"is_off": True}, {})
    summaries.sum_up_due(db, settings, due_at + WEEK)
    assert _owed(db).count("aigul@dala.example.kz") == 1


def test_it_says_what_happened(db: Database, settings: Settings, case: Case, now: datetime) -> None:
    summaries.sum_up_due(db, settings, now)
    fixed = triage.Change(status="fixed")
    with db.write() as session:
        triage.move(session, case.id, 1, fixed, Actor("a@b.kz", "desk"), now, settings)
    summaries.sum_up_due(db, settings, now + timedelta(hours=25))
    with db.read() as session:
        row = session.scalars(select(Delivery).where(Delivery.event_type == summaries.KIND)).one()
        mail = compose(session, [row], settings, now)
    assert row.about is not None
    assert (row.about["new"], row.about["fixed"], row.about["open"]) == (1, 1, 0)
    assert isinstance(mail, OutgoingMail)
    assert "Жаңа қате: 1; түзетілді: 1" in mail.text


def test_what_is_most_reported_leads_to_the_page_and_to_the_desk(
    db: Database, settings: Settings, case: Case, now: datetime
) -> None:
    mail = _summary(db, settings, now)
    queue = "https://tuzet.example.kz/queue?site=dala&amp;status=all&amp;q="
    page = f'<a class="link" lang="kk" href="{factories.PAGE_URL}">Көкжар ауданында жаңа кітапхана'
    assert page in mail.html
    assert re.search(rf'<a class="link more" href="{re.escape(queue)}[^"]+">1 хабар</a>', mail.html)
    assert f"ашылды — 1 хабар\n{factories.PAGE_URL}\n" in mail.text


def test_the_numbers_say_why_they_come_and_how_they_are_ended(
    db: Database, settings: Settings, case: Case, now: datetime
) -> None:
    mail = _summary(db, settings, now)
    assert mail.stop_url is not None
    for part in (mail.text, mail.html):
        assert "себебі desk@dala.example.kz — «Дала үні» басылымының байланыс арнасы." in part
        assert mail.stop_url in part
        assert "Хаттардан бас тарту" in part


def test_a_person_gets_the_numbers_because_they_asked(
    db: Database, settings: Settings, case: Case, now: datetime
) -> None:
    with db.write() as session:
        site = session.get_one(Site, case.site_id)
        user = factories.make_user(session, now, "aigul@dala.example.kz", "viewer", site)
        tending.set_own_mail(session, user, {"weekly": True}, {})
    summaries.sum_up_due(db, settings, now)
    summaries.sum_up_due(db, settings, now + WEEK)
    with db.read() as session:
        row = session.scalars(select(Delivery).where(Delivery.why == "wished")).one()
        mail = compose(session, [row], settings, now)
    assert isinstance(mail, OutgoingMail)
    assert "апта сандарын жіберуді сұрағансыз" in mail.text
    assert "https://tuzet.example.kz/profile/mail" in mail.html


def _summary(db: Database, settings: Settings, now: datetime) -> OutgoingMail:
    """The mail with the numbers of the week of the case."""
    summaries.sum_up_due(db, settings, now)
    summaries.sum_up_due(db, settings, now + timedelta(hours=25))
    with db.read() as session:
        row = session.scalars(select(Delivery).where(Delivery.event_type == summaries.KIND)).one()
        mail = compose(session, [row], settings, now)
    assert isinstance(mail, OutgoingMail)
    return mail


def test_the_numbers_wait_for_the_end_of_the_quiet_hours(
    db: Database, settings: Settings, case: Case, now: datetime
) -> None:
    with db.write() as session:
        tending.set_rhythm(session.scalars(select(Channel)).one(), {"quiet": "09:00-12:00"})
    summaries.sum_up_due(db, settings, now)
    at = now + timedelta(hours=25)  # half past ten
    summaries.sum_up_due(db, settings, at)
    with db.read() as session:
        query = select(Delivery.due_at).where(Delivery.event_type == summaries.KIND)
        assert session.scalars(query).all() == [at + timedelta(hours=1.5)]
