"""Naming a newsroom's own system from the command line."""

from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import Database
from core.models import CmsConnection
from core.sealing import unseal
from service import cli
from tests.service.test_cli import SITE, Told, _given, _made, environment

__all__ = ["environment"]
ADD = ["cms", "add", "--kind", "wordpress", "--url", "https://dala.example.kz/blog/"]
SECRET = "abcd EFGH ijkl"


def test_a_system_is_named_and_its_password_kept_sealed(
    capsys: Told, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = _made(capsys, *SITE)["key"]
    _given(monkeypatch, tmp_path, SECRET + "\n")
    made = _made(capsys, *ADD, "--site", key, "--user", "aigerim", "--password-stdin")
    assert made.keys() == {"id", "hook_secret"}
    with db.read() as session:
        row = session.scalars(select(CmsConnection)).one()
    assert (row.id, row.kind, row.user) == (made["id"], "wordpress", "aigerim")
    assert SECRET not in row.sealed_secret
    assert unseal(row.sealed_secret, "s" * 40) == SECRET


def test_naming_it_anew_keeps_the_secret_of_the_calls(
    capsys: Told, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = _made(capsys, *SITE)["key"]
    secrets = []
    for password in ("first", "second"):
        _given(monkeypatch, tmp_path, password)
        made = _made(capsys, *ADD, "--site", key, "--user", "aigerim", "--password-stdin")
        secrets.append(made["hook_secret"])
    assert secrets[0] == secrets[1]
    with db.read() as session:
        row = session.scalars(select(CmsConnection)).one()
    assert unseal(row.sealed_secret, "s" * 40) == "second"


def test_what_is_wrong_is_said_all_at_once(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = _made(capsys, *SITE)["key"]
    _given(monkeypatch, tmp_path, "secret")
    wrong = ["cms", "add", "--kind", "wordpress", "--url", "ftp://x", "--site", key]
    assert cli.main([*wrong, "--password-stdin"]) == 2
    said = capsys.readouterr().err
    assert "url " in said
    assert "user is missing" in said


def test_a_site_that_is_not_there_is_said_to_be_not_there(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _given(monkeypatch, tmp_path, "secret")
    assert cli.main([*ADD, "--site", "x", "--user", "a", "--password-stdin"]) == 2
    assert "no site" in capsys.readouterr().err
