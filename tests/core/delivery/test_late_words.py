"""A mail says what is so when its server takes it, not when the server was rung up."""

import smtplib
from pathlib import Path

import pytest
from sqlalchemy import select

from core import receipts
from core.channels import smtp
from core.clock import utcnow
from core.db import Database
from core.delivery import deliver_due
from core.models import Report
from tests import factories
from tests.servers.mail import MailSink


def test_words_erased_while_the_server_lets_us_wait_do_not_go_out(
    db: Database, smtp_sink: MailSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = factories.make_settings(tmp_path, smtp_url=smtp_sink.url)
    now = utcnow()
    with db.write() as session:
        factories.make_channel(session, now, factories.make_site(session, now))
    factories.sorted_case(db, settings, now, comment="менің құпиям")
    waits = smtplib.SMTP.rcpt

    def erase_meanwhile(
        line: smtplib.SMTP, recip: str, options: tuple[str, ...] = ()
    ) -> tuple[int, bytes]:
        answer = waits(line, recip, options)
        with db.write() as session:
            report = session.scalars(select(Report)).one()
            receipts.erase(session, report, settings.mail_folder, now)
        return answer

    monkeypatch.setattr(smtp._Client, "rcpt", erase_meanwhile)
    assert deliver_due(db, settings, utcnow).sent == 1
    (mail,) = smtp_sink.messages
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    words = b"".join(part for part in parts if isinstance(part, bytes)).decode()
    assert "құпиям" not in words
    assert factories.BEFORE.split()[0] not in words
    assert str(mail["Message-ID"]).startswith("<")
