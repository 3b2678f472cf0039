"""A fresh database for a benchmark, migrated, with the settings that go with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.db import Database, migrate
from core.settings import Settings

_KEY = "k" * 43  # seals nothing that matters: the database is thrown away
_PATIENCE_S = 3_600  # half a million rows are one statement


@contextmanager
def fresh_database(folder: Path, url: str | None = None) -> Iterator[tuple[Database, Settings]]:
    """A database at `url`, emptied first, or a new SQLite file in `folder`."""
    url = url or f"sqlite:///{folder / 'benchmark.sqlite3'}"
    settings = Settings(data_dir=folder, database_url=url, secret_key=_KEY)
    migrate(url, "base")
    migrate(url)
    db = Database(url, patience_s=_PATIENCE_S)
    try:
        yield db, settings
    finally:
        db.close()
