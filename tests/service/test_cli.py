"""The command line: what it prints for programs and for people, and how it fails."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from core import accounts, tokens
from core.clock import utcnow
from core.db import Database
from core.models import AdministrativeAct, Channel, Site, Token, User
from service import cli

SITE = ["site", "add", "--name", "Дала үні", "--url", "https://dala.example.kz"]
Told = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> None:
    """An installation of the test's own."""
    for name in [name for name in os.environ if name.startswith("TUZET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TUZET_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TUZET_DATABASE_URL", database_url)
    monkeypatch.setenv("TUZET_SECRET_KEY", "s" * 40)


def _made(told: Told, *arguments: str) -> dict[str, Any]:
    """Run a command with --json; answers the one object that it printed."""
    assert cli.main([*arguments, "--json"]) == 0
    printed = told.readouterr()
    assert printed.err == ""
    assert len(printed.out.splitlines()) == 1
    made: dict[str, Any] = json.loads(printed.out)
    return made


def _given(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    """What comes on standard input."""
    path = folder / "given"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", path.open(encoding="utf-8"))


def test_a_site_is_made_and_its_key_told(capsys: Told, db: Database) -> None:
    made = _made(capsys, *SITE, "--origin", "http://127.0.0.1:9000", "http://b.kz")
    assert made.keys() == {"id", "key"}
    with db.read() as session:
        site = session.get_one(Site, made["id"])
    assert site.key == made["key"]
    assert site.origins == ["https://dala.example.kz", "http://127.0.0.1:9000", "http://b.kz"]
    assert site.languages == ["kk"]


def test_an_option_that_takes_several_values_may_be_repeated(capsys: Told, db: Database) -> None:
    origins = ["--origin", "http://a.kz", "--origin", "http://b.kz"]
    made = _made(capsys, *SITE, *origins, "--language", "ru", "--language", "kk")
    with db.read() as session:
        site = session.get_one(Site, made["id"])
    assert site.origins[1:] == ["http://a.kz", "http://b.kz"]
    assert site.languages == ["ru", "kk"]


def test_a_person_is_told_the_line_for_the_pages(capsys: Told) -> None:
    assert cli.main(SITE) == 0
    assert "/tuzet.js" in capsys.readouterr().out


def test_the_operator_lets_somebody_in_by_the_password_alone(
    capsys: Told, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _given(monkeypatch, tmp_path, "a long enough secret")
    _made(capsys, "user", "add", "a@dala.example.kz", "--role", "owner", "--password-stdin")
    assert cli.main(["user", "reset-totp", "a@dala.example.kz"]) == 2  # it is off
    with db.write() as session:
        user = session.scalars(select(User)).one()
        secret = accounts.begin_setup(session, user, "s" * 40, utcnow()).secret
        accounts.turn_on(session, user, pyotp.TOTP(secret).now(), "", "s" * 40, utcnow())
    capsys.readouterr()
    assert _made(capsys, "user", "reset-totp", "A@dala.example.kz") == {"id": 1, "reset": True}
    with db.read() as session:
        assert accounts.second_step(session, 1) is None
    assert cli.main(["user", "reset-totp", "nobody@dala.example.kz"]) == 2


def test_what_the_operator_does_stands_in_the_book(
    capsys: Told, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _given(monkeypatch, tmp_path, "a long enough secret")
    _made(capsys, "user", "add", "a@dala.example.kz", "--role", "admin", "--password-stdin")
    _made(
        capsys,
        "token",
        "add",
        "--user",
        "a@dala.example.kz",
        "--name",
        "Бот",
        "--days",
        "30",
        "--scope",
        "read",
    )
    with db.read() as session:
        acts = session.scalars(select(AdministrativeAct).order_by(AdministrativeAct.id)).all()
        token = session.scalars(select(Token)).one()
    assert [(act.act, act.actor) for act in acts] == [
        ("person added", "operator"),
        ("token", "operator"),
    ]
    assert acts[0].data == {"role": "owner"}
    assert token.scope == "read"
    assert token.expires_at is not None


def test_sites_are_listed(capsys: Told) -> None:
    key = _made(capsys, *SITE)["key"]
    (item,) = _made(capsys, "site", "list")["items"]
    assert item["key"] == key
    assert item["name"] == "Дала үні"


def test_a_person_gets_a_role_and_the_password_of_standard_input(
    capsys: Told, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = _made(capsys, *SITE)["key"]
    _given(monkeypatch, tmp_path, "a long enough password\n")
    who = ["user", "add", "Aigerim@Dala.example.kz", "--role", "editor", "--site", key]
    made = _made(capsys, *who, "--password-stdin")
    with db.read() as session:
        user = session.get_one(User, made["id"])
    assert user.email == "aigerim@dala.example.kz"
    assert user.memberships[0].role == "editor"
    assert user.memberships[0].site_id is not None
    assert "password" not in user.password_hash


def test_a_token_lets_a_program_act_for_a_person(
    capsys: Told, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _given(monkeypatch, tmp_path, "a long enough password\n")
    _made(capsys, "user", "add", "a@dala.example.kz", "--role", "admin", "--password-stdin")
    token = _made(capsys, "token", "add", "--user", "A@dala.example.kz", "--name", "cms")["token"]
    with db.read() as session:
        kept = tokens.find(session, token, utcnow())
        assert kept is not None
        assert kept.user.email == "a@dala.example.kz"


def test_a_site_speaks_to_its_readers_in_its_own_words(capsys: Told) -> None:
    key = _made(capsys, *SITE)["key"]
    sentence = ("--site", key, "--outcome", "verified", "--language", "kk")
    own = _made(capsys, "wording", "set", *sentence, "--text", "Рақмет, жөнделді!")
    assert own == {"text": "Рақмет, жөнделді!"}
    items = _made(capsys, "wording", "list", "--site", key)["items"]
    assert [item["text"] for item in items if item["own"]] == ["Рақмет, жөнделді!"]
    assert "бетте көрдік" in _made(capsys, "wording", "set", *sentence)["text"]
    assert cli.main(["wording", "set", *sentence[:3], "nothing", "--language", "kk"]) == 2


def test_a_mail_channel_has_no_secret_and_a_webhook_has_one(capsys: Told, db: Database) -> None:
    key = _made(capsys, *SITE)["key"]
    add = ["channel", "add", "--site", key, "--kind"]
    mail = _made(capsys, *add, "email", "--target", "desk@dala.example.kz")
    hook = _made(capsys, *add, "webhook", "--target", "https://hooks.example.kz/t")
    assert mail.keys() == {"id"}
    assert hook.keys() == {"id", "secret"}
    with db.read() as session:
        assert len(session.scalars(select(Channel)).all()) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["site", "add", "--name", "A", "--url", "dala"], "tuzet: url must be an http"),
        (
            ["user", "add", "a@b.kz", "--role", "admin", "--site", "no", "--password-stdin"],
            "tuzet: There is no site with the key no.",
        ),
        (["user", "add", "a", "--role", "admin", "--password-stdin"], "tuzet: email must be"),
        (["token", "add", "--user", "a@b.kz", "--name", "x"], "tuzet: There is no user a@b.kz."),
        (
            ["channel", "add", "--site", "no", "--kind", "email", "--target", "a@b.kz"],
            "tuzet: There is no site with the key no.",
        ),
    ],
)
def test_wrong_input_is_told_in_a_line(
    capsys: Told,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    said: str,
) -> None:
    _given(monkeypatch, tmp_path, "a long enough password\n")
    assert cli.main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(said)
    assert len(printed.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [[], ["dance"], ["site"], ["site", "add"], ["up", "--port", "70000"], ["web", "--port", "x"]],
)
def test_a_command_that_is_no_command_is_wrong_input(capsys: Told, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "tuzet" in capsys.readouterr().err


def test_what_is_there_already_is_a_failure(capsys: Told) -> None:
    key = _made(capsys, *SITE)["key"]
    add = ["channel", "add", "--site", key, "--kind", "email", "--target", "a@b.kz"]
    assert cli.main(add) == 0
    assert cli.main(add) == 1
    assert "already" in capsys.readouterr().err


def test_wrong_settings_are_all_told(capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUZET_TIME_SCALE", "fast")
    monkeypatch.setenv("TUZET_SMTP_URL", "mail.example.kz")
    assert cli.main(["site", "list"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[1].strip() for line in told] == ["TUZET_SMTP_URL", "TUZET_TIME_SCALE"]


def test_a_password_is_not_asked_for_where_nobody_can_answer(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _given(monkeypatch, tmp_path, "")
    assert cli.main(["user", "add", "a@b.kz", "--role", "admin"]) == 2
    assert "--password-stdin" in capsys.readouterr().err


def test_the_module_is_the_command(tmp_path: Path) -> None:
    command = str(Path(sys.executable).parent / "tuzet")
    helped = [
        subprocess.run(
            [*way, "--help"], capture_output=True, text=True, check=True, cwd=Path.cwd()
        ).stdout
        for way in ([command], [sys.executable, "-m", "service.cli"])
    ]
    assert helped[0] == helped[1]
    assert "doctor" in helped[0]
