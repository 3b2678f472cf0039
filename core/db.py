"""The way to the database: short sessions that read, and short sessions that write."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from core.patience import patient_connection

_BUSY_TIMEOUT_MS = 10_000
_LOOK_AGAIN_S = 0.002
_WRITE = "BEGIN IMMEDIATE"
_LOG_PATIENCE_MS = 500
_CONNECT_TIMEOUT_S = 3
_STATEMENT_TIMEOUT_MS = 30_000
_PATIENCE_S = 6.0


class Database:
    """One engine and its two kinds of session.

    Writers begin with BEGIN IMMEDIATE on SQLite: two that read first and then both want to write
    would otherwise fail with "database is locked" instead of waiting for one another. A server
    that gives no answer for `patience_s` seconds counts as away.
    """

    def __init__(self, url: str, patience_s: float = _PATIENCE_S) -> None:
        self.engine = _engine(url, patience_s)
        reading = self.engine.execution_options(tuzet_begin="BEGIN")
        self._writers = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(reading, expire_on_commit=False)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose work is committed at the end, or undone as a whole by an exception."""
        with self._writers() as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that changes nothing."""
        with self._readers() as session:
            yield session

    def empty_log(self) -> None:
        """Move what was written into SQLite's file itself, so that nothing erased waits in its log.

        Half a second at most is waited for who still reads from the log; what they need stays until
        the next call. PostgreSQL uses its own log again by itself.
        """
        if self.dialect != "sqlite":
            return
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={_LOG_PATIENCE_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
        finally:
            connection.close()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def is_away(fault: DBAPIError) -> bool:
    """Whether an error means that the database cannot be reached or used now, not that we erred."""
    return fault.connection_invalidated or isinstance(fault, OperationalError)


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema of the database at `url` to `revision` (`base` empties it).

    Safe to call from several processes at once: PostgreSQL takes an advisory lock, SQLite its
    own write lock.
    """
    engine = _engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7420581)"))
            config.attributes["connection"] = connection
            if revision == "base":
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
    finally:
        engine.dispose()


def _engine(url: str, patience_s: float | None = None) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    engine = create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=_CONNECT_TIMEOUT_S,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": _CONNECT_TIMEOUT_S,
            "options": f"-c timezone=utc -c statement_timeout={_STATEMENT_TIMEOUT_MS}",
        },
    )
    if patience_s is not None:  # migrations take the time that they need
        patient = patient_connection(patience_s)

        @event.listens_for(engine, "do_connect")
        def _connect(_dialect: Any, _record: Any, args: Any, parameters: Any) -> Any:
            return patient.connect(*args, **parameters)

    return engine


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=10, max_overflow=20, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver shall not begin transactions by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a 202 must outlive a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # what a reader erases is overwritten
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        how = connection.get_execution_options().get("tuzet_begin", _WRITE)
        if how != _WRITE:
            connection.exec_driver_sql(how)
            return
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA busy_timeout=0")
        try:
            if not _waited_for_the_pen(driver):
                connection.exec_driver_sql(how)  # meets the same fault, and names it properly
        finally:
            driver.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")

    return engine


def _waited_for_the_pen(connection: sqlite3.Connection) -> bool:
    """Begin to write as soon as nobody else does; False after ten seconds or at a fault.

    SQLite's own waiting sleeps longer and longer, up to a tenth of a second, and whoever comes
    meanwhile goes first: a reader's report starved for seconds behind a worker's many short
    writes. Looking again every two milliseconds it waits for a few of them at most.
    """
    deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while time.monotonic() < deadline:
        try:
            connection.execute(_WRITE)
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                return False
            time.sleep(_LOOK_AGAIN_S)
        else:
            return True
    return False
