"""`tuzet mail-in`: a reply as a mail server hands it over, and what colleagues see of it."""

import io
import os
import sys
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from core import casefile
from core.db import Database
from core.delivery import deliver_due
from core.i18n import translator
from core.models import Case, Event
from core.representations import event_json
from core.settings import Settings
from service import cli
from service.dashboard.histories import Narrator
from tests import factories

WORDS = "Авторға жаздым, кешке түзетеді."
DESK = "desk@dala.example.kz"


@pytest.fixture
def settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, db: Database, database_url: str
) -> Settings:
    """An installation of the test's own, which the command finds in its environment."""
    for name in [name for name in os.environ if name.startswith("TUZET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TUZET_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TUZET_DATABASE_URL", database_url)
    monkeypatch.setenv("TUZET_SECRET_KEY", "k" * 43)
    monkeypatch.setenv("TUZET_BASE_URL", "https://tuzet.example.kz")
    return factories.make_settings(tmp_path, database_url)


@pytest.fixture
def case(db: Database, settings: Settings, now: datetime) -> Case:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_user(session, now, "admin@dala.example.kz", role="admin", site=site)
        factories.make_channel(session, now, site, target=DESK)
    case = factories.sorted_case(db, settings, now)
    deliver_due(db, settings, lambda: now)
    return case


def _hand_over(monkeypatch: pytest.MonkeyPatch, settings: Settings, sender: str) -> int:
    (file,) = settings.mail_folder.glob("*.eml")
    sent = message_from_bytes(file.read_bytes())
    reply = EmailMessage()
    reply["From"], reply["In-Reply-To"] = sender, sent["Message-ID"]
    reply.set_content(f"{WORDS}\n\nвт, 24 нояб. 2026 г. в 19:56,\n<tuzet@localhost>:\n> балаларга")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(reply.as_bytes())))
    return cli.main(["mail-in"])


@pytest.mark.parametrize(
    ("sender", "named", "sent_to"),
    [
        (DESK, DESK, None),
        ("Админ <admin@dala.example.kz>", f"A reply to {DESK}", DESK),
        ("stranger@example.org", f"A reply to {DESK}", DESK),
    ],
)
def test_a_reply_to_a_shared_mailbox_names_nobody_by_a_sender_that_anybody_can_write(
    monkeypatch: pytest.MonkeyPatch,
    db: Database,
    settings: Settings,
    now: datetime,
    case: Case,
    sender: str,
    named: str,
    sent_to: str | None,
) -> None:
    assert _hand_over(monkeypatch, settings, sender) == 0
    with db.read() as session:
        event = session.scalars(select(Event).where(Event.type == "note")).one()
        file = casefile.open_case(session, case.id, None, None)
    told = event_json(event)
    assert (told["actor"], told["via"], told["sender_checked"]) == (DESK, "mail", False)
    assert told["data"] == {"text": WORDS} | ({"sent_to": sent_to} if sent_to else {})
    (note,) = Narrator(translator("en"), file.names, "UTC", now).notes(file.events)
    assert (note.who, note.by_mail, note.text) == (named, True, WORDS)


def test_a_mail_that_answers_nothing_is_refused_as_mail_servers_expect(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    raw = io.TextIOWrapper(io.BytesIO(b"Subject: x\r\n\r\nbody\r\n"))
    monkeypatch.setattr(sys, "stdin", raw)
    assert cli.main(["mail-in"]) == 65
