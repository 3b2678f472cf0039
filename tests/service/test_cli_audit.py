"""Whatever the server's operator changes with `tuzet` stands in the book of administrative acts."""

import io
import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import Database
from core.models import AdministrativeAct
from core.settings import Settings
from service import cli
from service.cli import delivering, making

_CHANGES: list[tuple[str, tuple[str, ...]]] = [
    ("site add", ("--name", "Дала", "--url", "https://dala.kz")),
    ("user add", ("a@dala.kz", "--role", "admin", "--password-stdin")),
    ("token add", ("--user", "a@dala.kz", "--name", "a program")),
    ("channel add", ("--site", "{site}", "--kind", "webhook", "--target", "https://hook.kz/")),
    ("channel add", ("--site", "{site}", "--kind", "email", "--target", "desk@dala.kz")),
    ("channel pause", ("1",)),
    ("channel resume", ("1",)),
    ("channel rotate", ("1",)),
    ("channel set", ("2", "new=15m")),
    ("rule add", ("--site", "{site}", "--name", "all", "--then", '{{"channels": [1]}}')),
    ("rule remove", ("--site", "{site}", "1")),
    ("plan set", ("--site", "{site}", '{{"remind_hours": 5}}')),
    (
        "duty add",
        (
            *("--site", "{site}", "--person", "a@dala.kz"),
            *("--from", "2026-03-10T09:00+05:00", "--until", "2026-03-11T09:00+05:00"),
        ),
    ),
    (
        "wording set",
        (
            *("--site", "{site}", "--outcome", "spam", "--language", "kk"),
            *("--text", "Түзетілді, рақмет."),
        ),
    ),
    (
        "cms add",
        (
            *("--site", "{site}", "--kind", "wordpress", "--url", "https://dala.kz"),
            *("--user", "tuzet", "--password-stdin"),
        ),
    ),
]
# These change nothing that an administrator decides; `user reset-totp` has tests of its own.
_NO_CHANGES = {
    *("site list", "channel list", "channel test", "rule list", "rule try", "plan show"),
    *("wording list", "mail-in", "user reset-totp"),
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("TUZET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TUZET_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TUZET_SECRET_KEY", "s" * 40)


def _acts() -> list[AdministrativeAct]:
    db = Database(Settings.from_environment(os.environ).database_url)
    try:
        with db.read() as session:
            return list(session.scalars(select(AdministrativeAct).order_by(AdministrativeAct.id)))
    finally:
        db.close()


def test_every_command_that_changes_something_leaves_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = {" ".join(name).strip() for name in (*making.COMMANDS, *delivering.COMMANDS)}
    assert commands == {*(command for command, _ in _CHANGES), *_NO_CHANGES}
    site, before = "", 0
    for command, options in _CHANGES:
        monkeypatch.setattr(sys, "stdin", io.StringIO("жеті қазына бір тиын\n"))
        asked = [*command.split(), *(option.format(site=site) for option in options), "--json"]
        assert cli.main(asked) == 0, command
        said = capsys.readouterr().out
        if command == "site add":
            site = said.partition('"key": "')[2].partition('"')[0]
        acts = _acts()
        assert len(acts) == before + 1, command
        assert acts[-1].actor == "operator"
        assert "қазына" not in f"{acts[-1].subject} {acts[-1].data}"
        before = len(acts)
