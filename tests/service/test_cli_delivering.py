"""Commands about channels and rules."""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from service import cli

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
    assert cli.main([*arguments, "--json"]) == 0
    made: dict[str, Any] = json.loads(told.readouterr().out)
    return made


@pytest.fixture
def site(capsys: Told) -> str:
    return str(_made(capsys, "site", "add", "--name", "Дала", "--url", "https://dala.kz")["key"])


def _channel(capsys: Told, site: str, kind: str, target: str) -> dict[str, Any]:
    return _made(capsys, "channel", "add", "--site", site, "--kind", kind, "--target", target)


def test_a_channel_is_tried_paused_resumed_and_given_a_rhythm(capsys: Told, site: str) -> None:
    number = str(_channel(capsys, site, "email", "desk@dala.kz")["id"])
    assert _made(capsys, "channel", "test", number)["taken"] is True
    assert _made(capsys, "channel", "pause", number)["state"] == "paused"
    assert _made(capsys, "channel", "resume", number)["state"] == "well"
    told = _made(capsys, "channel", "set", number, "new=15m", "quiet=22:00-07:00")
    assert told["options"] == {"new": "15m", "quiet": ["22:00", "07:00"]}
    assert cli.main(["channel", "set", number, "new=often"]) == cli.WRONG_INPUT
    assert len(_made(capsys, "channel", "list", "--site", site)["items"]) == 1


def test_a_webhook_gets_a_new_secret_and_mail_has_none(capsys: Told, site: str) -> None:
    hook = _channel(capsys, site, "webhook", "https://hooks.kz/")
    fresh = _made(capsys, "channel", "rotate", str(hook["id"]))
    assert fresh["secret"].startswith("whsec_")
    assert fresh["secret"] != hook["secret"]
    mail = _channel(capsys, site, "email", "desk@dala.kz")
    assert cli.main(["channel", "rotate", str(mail["id"])]) == cli.FAILURE


def test_a_chats_secret_may_come_on_standard_input(
    capsys: Told, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("123456:" + "A" * 35 + "\n"))
    made = _made(
        capsys, "channel", "add", "--site", site, "--kind", "telegram", "--target=-100",
        "--secret-stdin",
    )  # fmt: skip
    assert made.keys() == {"id"}
    (item,) = _made(capsys, "channel", "list")["items"]
    assert (item["target"], item["options"]) == ("-100", {})


def test_rules_are_written_tried_and_taken_away(capsys: Told, site: str) -> None:
    number = _channel(capsys, site, "email", "desk@dala.kz")["id"]
    then = json.dumps({"channels": [number]})
    rule = _made(capsys, "rule", "add", "--site", site, "--name", "all", "--then", then)
    assert _made(capsys, "rule", "list", "--site", site)["items"][0]["id"] == rule["id"]
    assert _made(capsys, "rule", "try", "--site", site) == {"items": []}
    _made(capsys, "rule", "remove", "--site", site, str(rule["id"]))
    assert _made(capsys, "rule", "list", "--site", site) == {"items": []}
    assert cli.main(["rule", "add", "--site", site, "--name", "x", "--then", "{"]) == 2


def test_the_plan_and_the_roster_are_settled(
    capsys: Told, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long enough password\n"))
    _made(capsys, "user", "add", "a@dala.kz", "--role", "editor", "--password-stdin")
    told = _made(capsys, "plan", "set", "--site", site, '{"remind_hours": 24}')
    assert told["remind_hours"] == 24
    assert _made(capsys, "plan", "show", "--site", site) == told
    assert cli.main(["plan", "set", "--site", site, '{"moon": 1}']) == cli.WRONG_INPUT
    for wrong in ('{"thresholds": "x"}', '{"fallback": null}', '{"remind_hours": "3"}'):
        assert cli.main(["plan", "set", "--site", site, wrong]) == cli.WRONG_INPUT
    turn = ["--from", "2026-03-10T09:00+05:00", "--until", "2026-03-11T09:00+05:00"]
    _made(capsys, "duty", "add", "--site", site, "--person", "a@dala.kz", *turn)
    naive = ["--from", "2026-03-10T09:00", "--until", "2026-03-11T09:00"]
    assert cli.main(["duty", "add", "--site", site, "--person", "a@dala.kz", *naive]) == 2
