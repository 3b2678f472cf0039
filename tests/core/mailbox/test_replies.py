"""Replies to mails become notes: on which case, and in whose name."""

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from core import mailbox, triage
from core.db import Database
from core.delivery import deliver_due
from core.errors import Forbidden, Invalid, NotFound
from core.models import Case, Channel, Delivery, Site, User
from core.settings import Settings
from tests import factories

WORDS = "Авторға жаздым, кешке түзетеді."
QUOTED = "\n\nOn Tue, 10 Mar 2026 at 09:30, Tuzet <tuzet@example.kz> wrote:\n> балаларга"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_user(session, now, "zhanar@dala.example.kz", site=site)
        factories.make_channel(session, now, site)
        return site


@pytest.fixture
def case(db: Database, settings: Settings, now: datetime, site: Site) -> Case:
    case = factories.sorted_case(db, settings, now)
    deliver_due(db, settings, lambda: now)
    return case


def _reply(db: Database, **headers: str) -> bytes:
    with db.read() as session:
        key = session.scalars(select(Delivery.message_key).order_by(Delivery.id)).first()
    mail = EmailMessage()
    mail["From"] = "Жанар <zhanar@dala.example.kz>"
    mail["In-Reply-To"] = f"<{key}@example.kz>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(WORDS + QUOTED)
    return mail.as_bytes()


def _read(db: Database, settings: Settings, raw: bytes) -> mailbox.Reply | None:
    with db.read() as session:
        return mailbox.read_reply(session, raw, settings)


def test_a_reply_is_a_note_without_what_it_quotes(
    db: Database, settings: Settings, case: Case
) -> None:
    reply = _read(db, settings, _reply(db))
    assert reply is not None
    assert (reply.case_id, reply.text) == (case.id, WORDS)
    assert (reply.actor.name, reply.actor.via) == ("desk@dala.example.kz", "mail")
    assert reply.sent_to == "desk@dala.example.kz"


def test_the_shared_address_itself_is_named_as_the_one_who_answered(
    db: Database, settings: Settings, case: Case
) -> None:
    reply = _read(db, settings, _reply(db, From="DESK@dala.example.kz"))
    assert reply is not None
    assert (reply.actor.name, reply.sent_to) == ("desk@dala.example.kz", None)


def test_whoever_is_no_editor_writes_in_the_channels_name(
    db: Database, settings: Settings, case: Case
) -> None:
    reply = _read(db, settings, _reply(db, From="stranger@example.org"))
    assert reply is not None
    assert reply.actor.name == "desk@dala.example.kz"


def test_who_has_lost_their_role_writes_no_note(
    db: Database, settings: Settings, case: Case
) -> None:
    with db.write() as session:
        user = session.scalars(select(User)).one()
        user.memberships.clear()
    with pytest.raises(Forbidden):
        _read(db, settings, _reply(db))
    with db.write() as session:
        session.scalars(select(Channel)).one().user_id = user.id
    with pytest.raises(Forbidden):
        _read(db, settings, _reply(db, From="stranger@example.org"))


def test_a_mail_that_answers_none_of_ours_is_refused(
    db: Database, settings: Settings, case: Case
) -> None:
    with pytest.raises(NotFound):
        _read(db, settings, _reply(db, In_Reply_To=f"<{'0' * 32}@example.kz>"))


def test_a_reply_that_comes_twice_is_noted_once(
    db: Database, settings: Settings, now: datetime, case: Case
) -> None:
    reply = _read(db, settings, _reply(db))
    assert reply is not None
    with db.write() as session:
        triage.note(session, reply.case_id, reply.text, reply.actor, now, settings)
    assert _read(db, settings, _reply(db)) is None


@pytest.mark.parametrize(
    ("name", "value"), [("Auto_Submitted", "auto-replied"), ("Precedence", "bulk")]
)
def test_what_no_person_wrote_is_left_aside(
    db: Database, settings: Settings, case: Case, name: str, value: str
) -> None:
    assert _read(db, settings, _reply(db, **{name: value})) is None


def test_a_reply_without_words_is_refused(db: Database, settings: Settings, case: Case) -> None:
    raw = _reply(db).replace(WORDS.encode(), b"")
    mail = EmailMessage()
    mail["In-Reply-To"] = str(raw).split("In-Reply-To: ")[1].split("\\n")[0]
    mail.set_content(QUOTED)
    with pytest.raises(Invalid):
        _read(db, settings, mail.as_bytes())


def test_a_persons_own_mail_is_answered_by_nobody_else(
    db: Database, settings: Settings, case: Case
) -> None:
    with db.write() as session:
        channel = session.scalars(select(Channel)).one()
        channel.target = "zhanar@dala.example.kz"
    mine = _read(db, settings, _reply(db))
    assert mine is not None
    assert mine.actor.user_id is not None
    with pytest.raises(Forbidden):
        _read(db, settings, _reply(db, From="stranger@example.org"))
    assert (mine.actor.name, mine.sent_to) == ("zhanar@dala.example.kz", None)


def test_the_number_of_a_webhooks_call_is_no_mail(
    db: Database, settings: Settings, case: Case
) -> None:
    with db.write() as session:
        session.scalars(select(Channel)).one().kind = "webhook"
    with pytest.raises(NotFound):
        _read(db, settings, _reply(db))


@pytest.mark.parametrize("option", ["removed", "stopped"])
def test_an_address_that_hears_no_more_has_no_say_either(
    db: Database, settings: Settings, case: Case, option: str
) -> None:
    with db.write() as session:
        session.scalars(select(Channel)).one().options = {option: True}
    with pytest.raises(Forbidden):
        _read(db, settings, _reply(db))


def test_two_mails_of_one_moment_are_two(
    db: Database, settings: Settings, now: datetime, case: Case
) -> None:
    factories.sorted_case(db, settings, now, exact="сабактар", prefix="Кеше ", suffix=" болды")
    deliver_due(db, settings, lambda: now)
    reply = _read(db, settings, _reply(db))
    assert reply is not None
    assert reply.case_id == case.id


def test_more_words_than_a_note_holds_come_back_to_their_writer(
    db: Database, settings: Settings, case: Case
) -> None:
    raw = _reply(db)
    mail = EmailMessage()
    mail["In-Reply-To"] = str(raw).split("In-Reply-To: ")[1].split("\\n")[0]
    mail.set_content("сөз " * 501)
    with pytest.raises(Invalid):
        _read(db, settings, mail.as_bytes())
