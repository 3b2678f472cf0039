"""Readers who gave an address hear what became of their reports, and are never pestered."""

import email
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core import readermail, receipts, triage
from core.db import Database
from core.history import Actor
from core.models import Case, ReaderAddress, ReaderOutcome, Report, Site
from core.settings import Settings
from core.triage import Change
from core.workflow import VERIFIER
from tests import factories
from tests.factories import PAGE_URL, RIGHT, WRONG

READER = "oqyrman@example.kz"
EDITOR = Actor("aigerim@dala.example.kz", "desk")
OTHER_WORDS = {"exact": "сөрелерде", "prefix": "Қазір ", "suffix": " қырық", "suggestion": "сөреде"}


@dataclass
class Post:
    """A newsroom, its readers, and the folder into which mail goes."""

    db: Database
    settings: Settings
    now: datetime

    def report(self, **values: Any) -> Case:
        facts = {"email": READER, **values}
        return factories.sorted_case(self.db, self.settings, self.now, **facts)

    def move(self, case: Case, status: str, by: Actor = EDITOR, **values: Any) -> None:
        with self.db.write() as session:
            version = session.get_one(Case, case.id).version
            change = Change(status=status, **values)
            triage.move(session, case.id, version, change, by, self.now, self.settings)

    def verify(self, case: Case) -> None:
        self.move(case, "verified", Actor(VERIFIER, "clock"))

    def correct(self, case: Case) -> None:
        """An editor says that it is fixed, and the page shows it."""
        self.move(case, "fixed")
        self.verify(case)

    def later(self, **by: float) -> list[Message]:
        """Let time pass; the new mails to readers."""
        before = set(self.files())
        self.now += timedelta(**by)
        readermail.thank_due(self.db, self.settings, lambda: self.now)
        return [
            email.message_from_bytes(path.read_bytes())
            for path in self.files()
            if path not in before
        ]

    def files(self) -> list[Path]:
        return sorted(self.settings.mail_folder.glob("reader.*.eml"))

    def choose(self, mail: Message, what: str) -> None:
        token = str(mail["List-Unsubscribe"]).strip("<>").rpartition("/")[2]
        with self.db.write() as session:
            choice = readermail.find(session, self.settings, token, lock=True)
            if what == "stop":
                readermail.stop(choice, self.now)
            else:
                readermail.confirm(choice, self.now, self.settings)


@pytest.fixture
def post(db: Database, tmp_path: Path, now: datetime) -> Post:
    with db.write() as session:
        factories.make_site(session, now)
    return Post(db, factories.make_settings(tmp_path), now)


def _text(mail: Message) -> str:
    (part,) = [p for p in mail.walk() if p.get_content_type() == "text/plain"]
    return bytes(part.get_payload(decode=True)).decode()


def test_a_reader_hears_that_their_error_is_corrected(post: Post) -> None:
    case = post.report()
    post.move(case, "fixed")
    assert post.later(minutes=30) == []
    post.verify(case)
    assert post.later(minutes=40) == []
    (mail,) = post.later(minutes=30)
    assert mail["To"] == READER
    text = _text(mail)
    assert f"{WRONG} → {RIGHT}" in text
    assert "түзетуді бетте көрдік" in text
    assert "https://tuzet.example.kz/r/" in text
    assert PAGE_URL in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_reader_hears_why_the_text_stays(post: Post) -> None:
    case = post.report(language="ru")
    post.move(case, "dismissed", resolution="not_an_error")
    (mail,) = post.later(hours=2)
    assert "это не ошибка" in _text(mail)


def test_what_is_taken_back_within_the_hour_is_not_told(post: Post) -> None:
    case = post.report()
    post.move(case, "dismissed", resolution="opinion")
    post.move(case, "accepted")
    assert post.later(hours=2) == []


def test_a_correction_is_told_once_however_often_it_is_seen(post: Post) -> None:
    case = post.report()
    post.correct(case)
    (mail,) = post.later(hours=2)
    post.choose(mail, "more")
    post.move(case, "accepted", Actor(VERIFIER, "clock"))
    post.correct(case)
    assert post.later(days=3) == []


def test_who_has_not_answered_the_first_message_gets_no_second(post: Post) -> None:
    first, second = post.report(), post.report(**OTHER_WORDS)
    post.correct(first)
    assert len(post.later(hours=2)) == 1
    post.correct(second)
    assert post.later(days=30) == []


def test_who_asks_for_more_hears_of_everything_once_a_day(post: Post) -> None:
    first, second = post.report(), post.report(**OTHER_WORDS)
    post.correct(first)
    (mail,) = post.later(hours=2)
    post.move(second, "dismissed", resolution="wont_fix")
    post.choose(mail, "more")
    assert post.later(hours=20) == []
    (next_one,) = post.later(hours=4)
    assert "сөрелерде → сөреде" in _text(next_one)
    assert f"{WRONG} → {RIGHT}" not in _text(next_one)


def test_all_outcomes_of_a_day_are_one_message(post: Post) -> None:
    cases = [post.report(), post.report(**OTHER_WORDS)]
    for case in cases:
        post.correct(case)
    (mail,) = post.later(hours=2)
    assert _text(mail).count("→") == 2


def test_who_stops_the_messages_gets_none_for_later_reports_either(post: Post) -> None:
    case = post.report()
    post.correct(case)
    (mail,) = post.later(hours=2)
    post.choose(mail, "more")
    post.choose(mail, "stop")
    post.correct(post.report(**OTHER_WORDS))
    assert post.later(days=3) == []


def test_the_first_message_says_that_it_is_the_only_one(post: Post) -> None:
    case = post.report(language="en")
    post.correct(case)
    (mail,) = post.later(hours=2)
    assert "This is the only message of this kind." in _text(mail)


def test_readers_without_an_address_are_owed_nothing(post: Post, db: Database) -> None:
    post.correct(post.report(email=None))
    with db.read() as session:
        assert session.scalars(select(ReaderAddress)).all() == []


def test_a_server_that_is_away_is_tried_again_with_the_same_message(
    post: Post, db: Database
) -> None:
    case = post.report()
    post.correct(case)
    post.settings.mail_folder.parent.mkdir(parents=True, exist_ok=True)
    post.settings.mail_folder.write_text("in the way")
    post.later(hours=2)
    with db.read() as session:
        row = session.scalars(select(ReaderAddress)).one()
    assert (row.attempts, row.last_error) == (1, "The mail folder cannot be written.")
    post.settings.mail_folder.unlink()
    (mail,) = post.later(minutes=1)
    assert row.message_key in mail["Message-ID"]


def test_a_site_says_it_in_its_own_words(post: Post, db: Database) -> None:
    with db.write() as session:
        site = session.scalars(select(Site)).one()
        readermail.change_wording(session, site, "verified", "kk", "Рақмет! «Дала үні» жөндеді.")
        own = [w for w in readermail.wordings(session, site) if w.own]
        assert [(w.outcome, w.language) for w in own] == [("verified", "kk")]
    post.correct(post.report())
    (mail,) = post.later(hours=2)
    assert "Рақмет! «Дала үні» жөндеді." in _text(mail)


def test_what_a_reader_erases_is_not_written_to_them_and_leaves_the_folder(
    post: Post, db: Database
) -> None:
    first, second = post.report(), post.report(**OTHER_WORDS)
    post.correct(first)
    (mail,) = post.later(hours=2)
    post.choose(mail, "more")
    post.correct(second)
    with db.write() as session:
        for report in session.scalars(select(Report)):
            receipts.erase(session, report, post.settings.mail_folder, post.now)
    assert post.later(days=3) == []
    assert post.files() == []
    with db.read() as session:
        assert session.scalars(select(ReaderOutcome)).all() == []
        assert session.scalars(select(ReaderAddress)).all() == []


def test_the_database_keeps_the_address_nowhere_but_in_the_report(post: Post, db: Database) -> None:
    post.correct(post.report())
    with db.read() as session:
        row = session.scalars(select(ReaderAddress)).one()
        assert re.fullmatch("[0-9a-f]{64}", row.digest)
        assert READER not in repr(vars(row))


def test_who_says_fixed_does_not_say_it_to_readers(post: Post) -> None:
    case = post.report(language="en")
    post.move(case, "fixed")
    assert post.later(days=3) == []
    post.verify(case)
    (mail,) = post.later(hours=2)
    assert "Corrected: we have seen the correction on the page." in _text(mail)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_thanks_fit_one_report_that_was_no_error(post: Post, language: str) -> None:
    case = post.report(language=language)
    post.move(case, "dismissed", resolution="not_an_error")
    (mail,) = post.later(hours=2)
    thanks = _text(mail).splitlines()[0]
    assert not re.search("errors|ошибк|қате", thanks)


@pytest.mark.parametrize("outcome", ["verified", "dismissed"])
def test_a_reader_who_joins_a_case_that_was_decided_is_told(post: Post, outcome: str) -> None:
    case = post.report(email=None)
    if outcome == "verified":
        post.correct(case)
    else:
        post.move(case, "dismissed", resolution="not_an_error")
    assert post.later(hours=2) == []
    assert post.report().id == case.id
    assert len(post.later(hours=2)) == 1
    assert post.later(days=2) == []


def test_a_reader_who_joins_a_case_that_waits_is_told_nothing_yet(post: Post) -> None:
    case = post.report(email=None)
    post.move(case, "fixed")
    post.report()
    assert post.later(hours=2) == []
