"""Why a channel or a delivery fails, in the language of whoever hears of it."""

from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

from core import messages
from core.channels import OutgoingMail
from core.db import Database
from core.i18n import translator
from core.i18n.reasons import reason_words
from core.models import Delivery
from core.net import NetError
from core.net.addresses import _SPECIAL_V4, _SPECIAL_V6, dialable
from tests import factories
from tests.core.reason_sources import stored_reasons

SAME_IN_EVERY_LANGUAGE = {"AS112", "NAT64", "Teredo", "6to4"}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_reason_that_the_code_gives_is_told_in_every_language(language: str) -> None:
    t, reasons = translator(language), stored_reasons()
    assert len(reasons) > 50
    unsaid = {
        f"{file}: {reason}" for reason, file in reasons.items() if reason_words(t, reason) == reason
    }
    assert unsaid == set()


def test_a_reason_reads_in_english_as_it_is_kept() -> None:
    t = translator("en")
    assert [reason for reason in stored_reasons() if reason_words(t, reason) != reason] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_network_that_is_closed_is_called_something_in_every_language(language: str) -> None:
    t = translator(language)
    said = next(reason for reason in stored_reasons() if "TUZET_PRIVATE_NETWORKS" in reason)
    known = {name for _, name in (*_SPECIAL_V4, *_SPECIAL_V6)} | {"with a zone", "not public"}
    names = known - SAME_IN_EVERY_LANGUAGE
    assert "loopback" in names
    told = {name: reason_words(t, said.replace("(recipient)", f"({name})")) for name in names}
    assert {name for name, words in told.items() if f"({name})" in words} == set()


def test_a_private_address_is_told_with_its_host_and_kind_of_network() -> None:
    with pytest.raises(NetError) as refused:
        dialable("169.254.169.254", [ip_address("169.254.169.254")], [])
    kk, ru = (reason_words(translator(code), str(refused.value)) for code in ("kk", "ru"))
    assert kk.startswith("169.254.169.254 мекенжайы жалпы желіде емес (жергілікті желі).")
    assert "не в общей сети (локальная сеть)" in ru


@pytest.mark.parametrize(
    ("language", "reason", "words"),
    [
        ("kk", "The webhook answered 500.", "Вебхук жауабы: 500."),
        (
            "kk",
            "The certificate of a.example.kz is not trusted: certificate has expired",
            "a.example.kz сертификаты сенімсіз: мерзімі өтіп кеткен",
        ),
        (
            "ru",
            (
                "The certificate of a.example.kz is not trusted: Hostname mismatch, certificate is "
                "not valid for 'a.example.kz'."
            ),
            "Сертификату a.example.kz нельзя доверять: он выдан не для a.example.kz.",
        ),
        ("ru", "The webhook answered 404.", "Вебхук ответил: 404."),
        ("ru", "Telegram answered 403.", "Telegram ответил: 403."),
        ("ru", "Slack answered channel_not_found.", "Slack ответил: channel_not_found."),
        (
            "ru",
            "The mail server refused the recipient (550 5.1.1).",
            "Почтовый сервер отклонил получателя (550 5.1.1).",
        ),
        (
            "ru",
            "WordPress could not be reached: There is no host a.example.kz.",
            "Не удалось связаться с WordPress: Сервера a.example.kz нет.",
        ),
        ("ru", "by hand", "вручную"),
        ("kk", "550 no such user", "550 no such user"),
        ("en", "The webhook answered 500.", "The webhook answered 500."),
    ],
)
def test_what_is_known_is_translated_and_what_is_old_stays(
    language: str, reason: str, words: str
) -> None:
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
    assert "Соңғы жауап: Вебхук жауабы: 500." in mail.text
