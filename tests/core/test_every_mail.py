"""Every kind of mail (tests/mails) in each language: whole, not mixed, and with its reason."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from core.channels import OutgoingMail
from core.channels.email import render
from core.db import Database, migrate
from core.messages.fitting import MOST_BYTES
from tests import factories
from tests.mails import every_mail

_ENGLISH = re.compile(r"\b(the|you|your|mail|errors?|reader|report|this)\b", re.IGNORECASE)
_REASONS = {"kk": "Бұл хат Сізге келді", "ru": "Вы получили это письмо", "en": "You get "}


@pytest.fixture(scope="module", params=["kk", "ru", "en"])
def mails(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, OutgoingMail]]:
    """The language, and each kind by its name. Only words matter, so one database will do."""
    folder: Path = tmp_path_factory.mktemp("mails")
    url = f"sqlite:///{folder / 'mails.sqlite3'}"
    migrate(url)
    settings = factories.make_settings(folder, url, mail_replies=True)
    now = datetime.fromisoformat("2026-11-24T04:30:00+00:00")
    return request.param, dict(every_mail(Database(url), settings, now, request.param))


def test_each_kind_can_be_sent_and_is_not_cut_off(
    mails: tuple[str, dict[str, OutgoingMail]], now: datetime
) -> None:
    language, made = mails
    for name, mail in made.items():
        assert mail.language == language, name
        assert f'<html lang="{language}">' in mail.html, name
        assert len(mail.html.encode()) <= MOST_BYTES, name
        assert len(mail.subject) <= 150, name
        assert render(mail, now), name


def test_no_place_is_left_unfilled_and_no_link_leads_nowhere(
    mails: tuple[str, dict[str, OutgoingMail]],
) -> None:
    for name, mail in mails[1].items():
        assert not re.search(r"[{}]|\bNone\b", mail.subject + mail.text), name
        links = re.findall(r'href="([^"]*)"', mail.html)
        assert links, name
        assert all(link.startswith("https://") for link in links), name


def test_each_says_in_its_own_language_why_it_comes(
    mails: tuple[str, dict[str, OutgoingMail]],
) -> None:
    language, made = mails
    for name, mail in made.items():
        if name == "invitation":  # it says it in its first line, and once in each language
            continue
        assert mail.text.count(_REASONS[language]) == 1, name
        assert mail.html.count(_REASONS[language]) == 1, name
        if language != "en":
            assert not _ENGLISH.search(re.sub(r"\S+@\S+|https://\S+", "", mail.text)), name


def test_what_can_be_ended_says_so_in_sight(mails: tuple[str, dict[str, OutgoingMail]]) -> None:
    for name, mail in mails[1].items():
        if mail.stop_url is not None:
            assert mail.stop_url in mail.html, name
            assert mail.stop_url in mail.text, name
