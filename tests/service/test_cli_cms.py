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


@pytest.mark.parametrize("url", ["http://10.0.0.7/wp", "http://[::1]/", "http://localhost/wp"])
def test_a_system_that_no_call_would_reach_is_refused(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    key = _made(capsys, *SITE)["key"]
    named = [*ADD[:-1], url, "--site", key, "--user", "aigerim", "--password-stdin"]
    _given(monkeypatch, tmp_path, SECRET)
    assert cli.main(named) == 2
    assert "TUZET_PRIVATE_NETWORKS" in capsys.readouterr().err
    monkeypatch.setenv("TUZET_PRIVATE_NETWORKS", "10.0.0.0/8,127.0.0.0/8,::1/128")
    _given(monkeypatch, tmp_path, SECRET)
    assert _made(capsys, *named).keys() == {"id", "hook_secret"}


def test_a_site_whose_pages_cannot_be_read_is_added_and_says_so(capsys: Told) -> None:
    site = ["site", "add", "--name", "Staging", "--url"]
    assert cli.main([*site, "http://192.168.1.5:8080"]) == 0
    assert "192.168.1.5 has an address that is not public" in capsys.readouterr().out
    assert cli.main([*site, "https://dala.example.kz"]) == 0
    assert "not public" not in capsys.readouterr().out


def test_a_site_that_is_not_there_is_said_to_be_not_there(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _given(monkeypatch, tmp_path, "secret")
    assert cli.main([*ADD, "--site", "x", "--user", "a", "--password-stdin"]) == 2
    assert "no site" in capsys.readouterr().err
