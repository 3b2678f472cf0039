"""Commands on databases that are empty, old or away."""

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from core.db import migrate
from service import cli
from service.cli import schema
from tests.servers.processes import free_port

Told = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("TUZET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TUZET_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TUZET_SECRET_KEY", "s" * 40)


def test_the_first_command_makes_the_tables_of_an_empty_database(capsys: Told) -> None:
    assert cli.main(["site", "list"]) == 0
    assert "no site yet" in capsys.readouterr().out


def test_migrate_brings_any_database_up_to_date(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("TUZET_DATABASE_URL", database_url)
    migrate(database_url, "base")
    assert cli.main(["migrate"]) == 0
    assert cli.main(["migrate"]) == 0
    assert cli.main(["site", "list"]) == 0


def test_a_database_of_another_version_is_left_alone(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("TUZET_DATABASE_URL", database_url)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert cli.main(["site", "list"]) == 1
    told = capsys.readouterr().err
    assert "9999" in told
    assert schema.newest() in told
    assert cli.main(["migrate"]) == 1
    assert "another version" in capsys.readouterr().err


def test_a_database_that_is_away_is_told_in_one_line(
    capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = f"postgresql+psycopg://tuzet@127.0.0.1:{free_port()}/tuzet"
    monkeypatch.setenv("TUZET_DATABASE_URL", away)
    assert cli.main(["site", "list"]) == 1
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "TUZET_DATABASE_URL" in told


def test_a_data_folder_that_cannot_be_is_told_in_one_line(
    capsys: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("TUZET_DATA_DIR", str(file / "data"))
    assert cli.main(["migrate"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
