"""Why a channel fails, in the language of whoever hears of it."""

from datetime import datetime
from pathlib import Path

import pytest

from core import messages
from core.channels import OutgoingMail
from core.db import Database
from core.i18n import translator
from core.i18n.reasons import reason_words
from core.models import Delivery
from tests import factories


@pytest.mark.parametrize(
    ("language", "reason", "words"),
    [
        ("kk", "The webhook answered 500.", "Вебхук 500 деп жауап берді."),
        ("ru", "Telegram answered 403.", "Telegram ответил 403."),
        (
            "ru",
            "The mail server refused the recipient (550 5.1.1).",
            "Почтовый сервер не принял: получатель (550 5.1.1).",
        ),
        ("kk", "Something that nobody foresaw.", "Something that nobody foresaw."),
        ("en", "The webhook answered 500.", "The webhook answered 500."),
    ],
)
def test_a_reason_is_told_in_each_language(language: str, reason: str, words: str) -> None:
    assert reason_words(translator(language), reason) == words


def test_a_paused_channel_is_told_with_its_reason_in_the_readers_language(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    about = {"kind": "webhook", "target": "x", "reason": "The webhook answered 500."}
    with db.write() as session:
        channel = factories.make_channel(session, now, factories.make_site(session, now))
        facts = {"event_type": "channel.paused", "message_key": "0" * 32, "about": about}
        row = Delivery(channel_id=channel.id, due_at=now, created_at=now, **facts)
        session.add(row)
        session.flush()
        mail = messages.compose(session, [row], factories.make_settings(tmp_path), now)
    assert isinstance(mail, OutgoingMail)
    assert "Соңғы жауап: Вебхук 500 деп жауап берді." in mail.text
