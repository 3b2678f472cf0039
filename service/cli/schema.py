"""Whether the database has the tables that this version works with."""

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import core.migrations
from core.db import Database, migrate
from core.errors import Conflict
from core.settings import Settings


def newest() -> str:
    """The revision that this version works with."""
    (folder,) = core.migrations.__path__
    return ScriptDirectory(str(Path(folder))).get_current_head() or ""


def present(db: Database) -> str | None:
    """The revision that the database has; None if it has none yet."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def prepared(settings: Settings, db: Database) -> None:
    """Make the tables of an empty database; an old one is for `tuzet migrate`, which is asked for.

    Raises Conflict if the database belongs to another version.
    """
    revision = present(db)
    if revision == newest():
        return
    if revision is None and not inspect(db.engine).get_table_names():
        migrate(settings.database_url)
        return
    raise Conflict(
        f"The database has the schema {revision or '(unknown)'}, this version needs {newest()}: "
        "run `tuzet migrate` (and take a backup before)."
    )
