"""The numbered steps and the tables of the code agree, on both databases, up and down."""

import ast
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

import core.migrations
from core import queries
from core.db import Database, migrate
from core.models import Base, Case
from core.queries import CaseFilter
from tests import factories
from tests.factories import SITE_URL

VERSIONS = Path(str(core.migrations.__file__)).parent / "versions"


@pytest.fixture
def empty_url(database_url: str) -> str:
    """A database brought down to nothing."""
    migrate(database_url, "base")
    return database_url


def test_the_steps_make_exactly_the_tables_of_the_code(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": False,
                "include_name": lambda name, kind, _: kind != "table" or not _is_search(name),
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_going_down_leaves_nothing_behind(empty_url: str) -> None:
    assert _tables(empty_url) <= {"alembic_version"}


def test_what_went_down_comes_up_again(empty_url: str) -> None:
    migrate(empty_url)
    assert _tables(empty_url) == {*Base.metadata.tables, "alembic_version"}


def test_a_snooze_that_readers_had_ended_is_over(
    empty_url: str, tmp_path: Path, now: datetime
) -> None:
    migrate(empty_url, "0018")
    db, settings = Database(empty_url), factories.make_settings(tmp_path)
    with db.write() as session:
        factories.make_site(session, now)
    woken = factories.sorted_case(db, settings, now)
    asleep = factories.sorted_case(db, settings, now, url=f"{SITE_URL}/2", canonical_url=None)
    with db.write() as session:
        for case, readers in ((woken, 1), (asleep, 2)):
            kept = session.get_one(Case, case.id)
            kept.snoozed_until, kept.wake_at_readers = now, readers
    migrate(empty_url)
    with db.read() as session:
        kept = session.get_one(Case, woken.id)
        assert (kept.snoozed_until, kept.wake_at_readers) == (None, None)
        assert session.get_one(Case, asleep.id).wake_at_readers == 2
    db.close()


def test_words_that_were_kept_with_yo_are_found_by_ye(
    empty_url: str, tmp_path: Path, now: datetime
) -> None:
    migrate(empty_url, "0019")
    db, settings = Database(empty_url), factories.make_settings(tmp_path)
    with db.write() as session:
        factories.make_site(session, now)
    case = factories.sorted_case(db, settings, now, comment="Ещё зелёный")
    migrate(empty_url)
    with db.read() as session:
        found = queries.list_cases(session, CaseFilter(text="еще зеленый"), None, 50)
    assert [each.id for each in found.items] == [case.id]
    db.close()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    before = _tables(database_url)
    migrate(database_url)
    assert _tables(database_url) == before


@pytest.mark.parametrize("step", sorted(VERSIONS.glob("*.py")), ids=lambda step: step.stem)
def test_a_step_imports_nothing_of_the_code_it_will_outlive(step: Path) -> None:
    ours = [name for name in _imports(step) if name.split(".")[0] in {"core", "service", "worker"}]
    assert ours == []


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return {name for name in inspect(engine).get_table_names() if not _is_search(name)}
    finally:
        engine.dispose()


def _is_search(name: str | None) -> bool:
    """The words that triggers keep for the search have no model (see migration 0004)."""
    return (name or "").startswith("case_words")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
