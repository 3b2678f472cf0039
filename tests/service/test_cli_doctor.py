"""The doctor finds what is wrong and says what to do."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from core.clock import utcnow
from core.db import Database, migrate
from core.models import SecondFactor
from core.sealing import seal
from core.settings import Settings
from service import cli
from tests import factories
from tests.servers.mail import MailSink
from tests.servers.processes import free_port
from tests.servers.provider import provider
from tests.servers.redis import RedisServer

Told = pytest.CaptureFixture[str]
CHECKS = {"settings", "data folder", "database", "schema", "secrets", "broker", "mail", "clock"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("TUZET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TUZET_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TUZET_SECRET_KEY", "s" * 40)


def _examined(told: Told, code: int) -> dict[str, dict[str, Any]]:
    assert cli.main(["doctor", "--json"]) == code
    said = json.loads(told.readouterr().out)
    assert said["ok"] is (code == 0)
    return {check["check"]: check for check in said["checks"]}


def _wrong(told: Told, *names: str) -> dict[str, dict[str, Any]]:
    """What is wrong, which is exactly this; each with advice."""
    found = _examined(told, 1)
    wrong = {name: check for name, check in found.items() if not check["ok"]}
    assert wrong.keys() == set(names)
    assert all(check["advice"] for check in wrong.values())
    return wrong


def test_a_new_embedded_installation_is_sound(capsys: Told) -> None:
    assert _examined(capsys, 0).keys() == CHECKS


def test_real_servers_are_found_sound(
    capsys: Told,
    monkeypatch: pytest.MonkeyPatch,
    postgresql_url: str,
    redis_url: str,
    smtp_sink: MailSink,
) -> None:
    monkeypatch.setenv("TUZET_DATABASE_URL", postgresql_url)
    monkeypatch.setenv("TUZET_REDIS_URL", redis_url)
    monkeypatch.setenv("TUZET_SMTP_URL", smtp_sink.url)
    _examined(capsys, 0)
    assert smtp_sink.messages == []


def test_wrong_settings_are_found(capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUZET_TIME_SCALE", "fast")
    assert "TUZET_TIME_SCALE" in _wrong(capsys, "settings")["settings"]["says"]


def test_a_database_that_is_away_is_found(capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    away = f"postgresql+psycopg://tuzet@127.0.0.1:{free_port()}/tuzet"
    monkeypatch.setenv("TUZET_DATABASE_URL", away)
    _wrong(capsys, "database", "schema", "secrets", "clock")


def test_a_database_without_tables_is_found(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, postgresql_server: str
) -> None:
    monkeypatch.setenv("TUZET_DATABASE_URL", postgresql_server)
    assert "tuzet migrate" in _wrong(capsys, "schema")["schema"]["advice"]


def test_secrets_that_another_key_has_sealed_are_found(
    capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_environment(os.environ)
    migrate(settings.database_url)
    db = Database(settings.database_url)
    with db.write() as session:
        site = factories.make_site(session, utcnow())
        channel = factories.make_channel(session, utcnow(), site, "https://hook.kz/", "webhook")
        channel.sealed_secret = seal("never shown", settings.secret_key)
        person = factories.make_user(session, utcnow(), "zhanar@dala.example.kz", site=site)
        sealed = seal("never shown", settings.secret_key)
        session.add(
            SecondFactor(
                user_id=person.id, sealed=sealed, made_at=utcnow(), on_since=None, last_step=0
            )
        )
    db.close()
    _examined(capsys, 0)
    monkeypatch.setenv("TUZET_SECRET_KEY", "o" * 40)
    found = _wrong(capsys, "secrets")["secrets"]["says"]
    assert found == "TUZET_SECRET_KEY does not open channels 1; the second step of 1 people"


def test_a_broker_that_is_away_is_found(capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUZET_REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    _wrong(capsys, "broker", "clock")


def test_a_broker_that_hangs_is_found(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, own_redis: RedisServer
) -> None:
    assert own_redis.pid is not None
    monkeypatch.setenv("TUZET_REDIS_URL", own_redis.url)
    os.kill(own_redis.pid, signal.SIGSTOP)
    _wrong(capsys, "broker", "clock")


def test_a_mail_server_that_is_away_is_found(capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUZET_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    _wrong(capsys, "mail")


def test_a_person_reads_what_is_wrong_and_what_to_do(
    capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUZET_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    assert cli.main(["doctor"]) == 1
    told = capsys.readouterr().out.splitlines()
    (at,) = [number for number, line in enumerate(told) if line.startswith("WRONG")]
    assert told[at].startswith("WRONG  mail: 127.0.0.1")
    assert "TUZET_SMTP_URL" in told[at + 1]


def test_a_provider_is_asked_for_its_document(
    capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUZET_OIDC_CLIENT_ID", "tuzet")
    monkeypatch.setenv("TUZET_OIDC_CLIENT_SECRET", "never shown")
    monkeypatch.setenv("TUZET_PRIVATE_NETWORKS", "127.0.0.0/8")
    with provider() as running:
        monkeypatch.setenv("TUZET_OIDC_ISSUER", running.issuer)
        found = _examined(capsys, 0)["log-in provider"]
        assert found["says"].endswith("/login/provider/back")
        monkeypatch.setenv("TUZET_OIDC_ISSUER", f"{running.issuer}/")
        _wrong(capsys, "log-in provider")
    assert "never shown" not in str(_wrong(capsys, "log-in provider"))
