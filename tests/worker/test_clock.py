"""The clock rings for what is due, and does it itself when nobody hears the bell."""

from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.clock import utcnow
from core.db import Database
from core.models import Case, Report
from core.ringing import Ringer
from core.settings import Settings
from core.signals import DELIVER, SORT
from tests import factories
from worker.clock import UNHEARD, Clock, Duty, duties

MOMENT = timedelta(milliseconds=10)
SECONDS = 10


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return factories.make_settings(tmp_path, database_url)


class Newsroom:
    """A site with an address for mail, and the duties that a clock has towards it."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.db = db
        self.settings = settings
        self.rung: list[str] = []
        self.ringer = Ringer(self.rung.append, ())
        with db.write() as session:
            factories.make_channel(session, utcnow(), factories.make_site(session, utcnow()))

    def do(self, name: str) -> None:
        (duty,) = [one for one in self._duties() if one.name.startswith(name)]
        duty.do()
        assert self.ringer.drain(SECONDS)

    def _duties(self) -> tuple[Duty, ...]:
        return duties(self.db, self.settings, self.ringer, None)

    def unsorted(self) -> int:
        with self.db.read() as session:
            return len(session.scalars(select(Report).where(Report.sorted_at.is_(None))).all())

    def mails(self) -> int:
        return len(list(self.settings.mail_folder.glob("*.eml")))


@pytest.fixture
def newsroom(db: Database, settings: Settings) -> Newsroom:
    return Newsroom(db, settings)


def test_nothing_is_rung_while_nothing_is_due(newsroom: Newsroom) -> None:
    newsroom.do("ring")
    assert newsroom.rung == []


def test_a_report_that_waits_is_rung_for(newsroom: Newsroom) -> None:
    factories.send(newsroom.db, utcnow())
    newsroom.do("ring")
    assert newsroom.rung == [SORT]


def test_what_a_site_wants_forgotten_goes_by_the_clock(newsroom: Newsroom) -> None:
    long_ago = utcnow() - timedelta(days=40)
    case = factories.sorted_case(newsroom.db, newsroom.settings, long_ago, email="a@b.example.kz")
    with newsroom.db.write() as session:
        kept = session.get_one(Case, case.id)
        kept.status, kept.check_since, kept.site.forget_reader_days = "dismissed", long_ago, 30
    newsroom.do("forget")
    with newsroom.db.read() as session:
        assert session.scalars(select(Report.email)).all() == [None]


def test_a_message_that_is_due_is_rung_for(newsroom: Newsroom) -> None:
    factories.sorted_case(newsroom.db, newsroom.settings, utcnow())
    newsroom.do("ring")
    assert newsroom.rung == [DELIVER]


def test_a_report_that_has_just_come_is_left_to_the_workers(newsroom: Newsroom) -> None:
    factories.send(newsroom.db, utcnow())
    newsroom.do("sort")
    assert newsroom.unsorted() == 1


def test_a_report_that_no_worker_takes_up_is_sorted_by_the_clock(newsroom: Newsroom) -> None:
    factories.send(newsroom.db, utcnow() - UNHEARD)
    newsroom.do("sort")
    assert newsroom.unsorted() == 0
    assert newsroom.rung == [DELIVER]


def test_a_message_that_no_worker_takes_up_is_sent_by_the_clock(newsroom: Newsroom) -> None:
    factories.sorted_case(newsroom.db, newsroom.settings, utcnow() - UNHEARD)
    newsroom.do("deliver")
    assert newsroom.mails() == 1


def test_two_clocks_send_a_message_once(newsroom: Newsroom) -> None:
    factories.sorted_case(newsroom.db, newsroom.settings, utcnow() - UNHEARD)
    newsroom.do("deliver")
    newsroom.do("deliver")
    assert newsroom.mails() == 1


def test_a_duty_is_done_again_and_again() -> None:
    done: list[int] = []
    enough = Event()

    def do() -> None:
        done.append(1)
        if len(done) == 3:
            enough.set()

    _clock_until(enough, Duty("count", MOMENT, do))
    assert len(done) >= 3


def test_a_slow_duty_delays_no_other() -> None:
    other_done = Event()
    _clock_until(
        other_done,
        Duty("slow", MOMENT, lambda: _assert(other_done.wait(SECONDS))),
        Duty("quick", MOMENT, other_done.set),
    )


def test_a_clock_goes_on_when_the_database_comes_back() -> None:
    back = Event()
    faults = [OperationalError("SELECT 1", None, Exception("away")) for _ in range(3)]

    def do() -> None:
        if faults:
            raise faults.pop()
        back.set()

    _clock_until(back, Duty("look", MOMENT, do))


def test_a_fault_of_our_own_ends_the_clock_so_that_it_is_started_anew() -> None:
    def do() -> None:
        raise ZeroDivisionError

    clock = Clock([Duty("wrong", MOMENT, do), Duty("right", MOMENT, lambda: None)])
    with pytest.raises(ZeroDivisionError):
        clock.run()


def _clock_until(moment: Event, *table: Duty) -> None:
    """Run a clock with these duties until the moment comes; AssertionError if it never does."""

    def stop() -> None:
        came = moment.wait(SECONDS)
        clock.stop()
        assert came

    clock = Clock([*table, Duty("stop", timedelta(days=1), stop)])
    clock.run()


def _assert(held: bool) -> None:
    assert held
