"""A database that stops answering is away, however politely its machine holds the line."""

import selectors
import socket
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from core.db import Database, is_away
from core.models import Site


class Cable:
    """A line to a server on loopback that takes in everything and, once cut, passes nothing on."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._is_cut = threading.Event()
        self._is_over = threading.Event()
        self._looks = selectors.DefaultSelector()
        self._looks.register(self._listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def cut(self) -> None:
        self._is_cut.set()

    def mend(self) -> None:
        self._is_cut.clear()

    def close(self) -> None:
        self._is_over.set()
        self._thread.join(timeout=10)
        for key in list(self._looks.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._looks.close()

    def _carry(self) -> None:
        while not self._is_over.is_set():
            for key, _ in self._looks.select(0.05):
                if key.fileobj is self._listener:
                    self._join(self._listener.accept()[0])
                elif self._is_cut.is_set():
                    self._is_over.wait(0.01)  # what is not passed on stays readable
                elif key.fileobj.fileno() != -1:  # type: ignore[union-attr]
                    self._pass_on(key.fileobj, key.data)  # type: ignore[arg-type]

    def _join(self, here: socket.socket) -> None:
        there = socket.create_connection(self._there)
        self._looks.register(here, selectors.EVENT_READ, there)
        self._looks.register(there, selectors.EVENT_READ, here)

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            data = one.recv(65536)
            other.sendall(data)
        except OSError:
            data = b""
        if not data:
            for end in (one, other):
                self._looks.unregister(end)
                end.close()


@pytest.fixture
def cable(postgresql_url: str) -> Iterator[Cable]:
    url = make_url(postgresql_url)
    carried = Cable(url.host or "127.0.0.1", url.port or 5432)
    yield carried
    carried.close()


@pytest.fixture
def far_db(postgresql_url: str, cable: Cable) -> Iterator[Database]:
    """The test's database at the other end of the cable, with little patience."""
    url: URL = make_url(postgresql_url).set(host="127.0.0.1", port=cable.port)
    db = Database(url.render_as_string(hide_password=False), patience_s=2)
    yield db
    db.close()


def _count(db: Database) -> int:
    with db.read() as session:
        return len(session.scalars(select(Site)).all())


def test_a_statement_that_nobody_answers_ends(far_db: Database, cable: Cable) -> None:
    with pytest.raises(DBAPIError) as fault, far_db.read() as session:
        session.execute(text("SELECT 1"))
        cable.cut()
        session.execute(text("SELECT 1"))
    assert is_away(fault.value)


def test_a_kept_connection_that_went_dead_is_not_waited_for(far_db: Database, cable: Cable) -> None:
    assert _count(far_db) == 0
    cable.cut()
    with pytest.raises(DBAPIError) as fault:
        _count(far_db)
    assert is_away(fault.value)


def test_when_the_line_is_back_so_is_the_database(far_db: Database, cable: Cable) -> None:
    assert _count(far_db) == 0
    cable.cut()
    with pytest.raises(DBAPIError):
        _count(far_db)
    cable.mend()
    assert _count(far_db) == 0
