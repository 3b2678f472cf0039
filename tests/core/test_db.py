"""Writers wait for one another, and not for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from core import db as databases
from core.clock import utcnow
from core.db import Database, is_away
from core.models import LoginFailure

WRITERS, WRITES = 8, 20


def test_many_writers_at_once_all_get_their_turn(db: Database) -> None:
    def write(writer: int) -> None:
        for _ in range(WRITES):
            with db.write() as session:
                session.execute(select(func.count()).select_from(LoginFailure))  # reads first
                session.add(LoginFailure(subject=f"writer {writer}", at=utcnow()))

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(WRITERS)))
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginFailure)) == WRITERS * WRITES


def test_a_writer_who_never_gets_the_pen_is_told_that_the_database_is_away(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_BUSY_TIMEOUT_MS", 50)
    db = Database(sqlite_url)
    with db.write() as first:
        first.execute(text("SELECT 1"))
        with pytest.raises(OperationalError) as caught, db.write() as second:
            second.execute(text("SELECT 1"))
    assert is_away(caught.value)
    with db.write() as session:
        session.execute(text("SELECT 1"))
    db.close()


def test_a_reader_does_not_wait_for_a_writer(db: Database) -> None:
    with db.write() as writing:
        writing.add(LoginFailure(subject="unseen", at=utcnow()))
        writing.flush()
        with db.read() as reading:
            assert reading.scalar(select(func.count()).select_from(LoginFailure)) == 0
