"""Replies that quote the very mail that was sent, without any mark."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from core import mailbox, receipts, triage
from core.db import Database
from core.delivery import deliver_due
from core.history import Actor
from core.mailbox.bodies import html_lines
from core.models import Case, Report
from core.settings import Settings
from core.triage import Change
from tests import factories

WORDS = "Авторға жаздым, кешке түзетеді."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def case(db: Database, settings: Settings, now: datetime) -> Case:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_channel(session, now, site)
    case = factories.sorted_case(db, settings, now, comment="Мұны мұғалім ретінде айтамын.")
    deliver_due(db, settings, lambda: now)
    return case


def _sent(settings: Settings) -> EmailMessage:
    (file,) = settings.mail_folder.glob("*.eml")
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def _read(
    db: Database, settings: Settings, text: str, answered: str = "", subtype: str = "plain"
) -> str:
    mail = EmailMessage()
    mail["In-Reply-To"] = answered or _sent(settings)["Message-ID"]
    mail.set_content(text, subtype=subtype)
    with db.read() as session:
        reply = mailbox.read_reply(session, mail.as_bytes(), settings)
    assert reply is not None
    return reply.text


def test_the_mail_as_it_was_sent_is_left_out(db: Database, settings: Settings, case: Case) -> None:
    plain, html = _part(_sent(settings), "plain"), _part(_sent(settings), "html")
    assert _read(db, settings, f"{WORDS}\n\n{plain}") == WORDS
    assert _read(db, settings, f"{WORDS}\n\n" + "\n".join(html_lines(html))) == WORDS
    body = html[html.index("<div role") : html.index("</body>")]
    assert _read(db, settings, f"<p>{WORDS}</p>{body}", subtype="html") == WORDS


def test_it_is_left_out_when_the_case_has_moved_since(
    db: Database, settings: Settings, now: datetime, case: Case
) -> None:
    plain = _part(_sent(settings), "plain")
    at = now + timedelta(hours=3)
    with db.write() as session:
        by = Actor("zhanar@dala.example.kz", "desk")
        change = Change(status="dismissed", resolution="opinion")
        triage.move(session, case.id, case.version, change, by, at, settings)
    assert _read(db, settings, f"{WORDS}\n\n{plain}\n\nМұны да көріңіз.") == (
        f"{WORDS}\n\nМұны да көріңіз."
    )


def test_what_the_reader_has_erased_comes_back_in_no_note(
    db: Database, settings: Settings, now: datetime, case: Case
) -> None:
    sent = _sent(settings)
    plain = _part(sent, "plain").replace("> Мұны", "Мұны")
    with db.write() as session:
        for report in session.scalars(select(Report)):
            receipts.erase(session, report, settings.mail_folder, now)
    assert _read(db, settings, f"{WORDS}\n\n{plain}", sent["Message-ID"]) == WORDS
