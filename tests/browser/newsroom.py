"""The desk on a real address, with a few errors in its queue."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from werkzeug.serving import make_server

from core import accounts
from core.clock import utcnow
from core.db import Database
from core.history import Actor
from core.models import Case
from core.settings import Settings
from service.app import create_app
from tests.factories import PAGE_URL, make_channel, make_settings, make_site, sorted_case
from tests.servers.http import serving

EMAIL, PASSWORD = "aigerim@dala.example.kz", "жеті қазына"
COLLEAGUE = Actor("daniyar@dala.example.kz", "desk")


class _Silent:
    def ring(self, signal: str) -> None:
        """Nobody listens."""


@dataclass
class Newsroom:
    """A running desk, its database, and what tests do with both."""

    address: str
    db: Database
    settings: Settings

    def report(self, n: int, **values: Any) -> Case:
        """A case on the n-th article."""
        place = {"url": f"{PAGE_URL}/{n}", "canonical_url": None, "title": f"Мақала {n}"}
        return sorted_case(self.db, self.settings, utcnow(), **{**place, **values})

    def case(self, case: Case) -> Case:
        """A case as it is now."""
        with self.db.read() as session:
            return session.get_one(Case, case.id)

    def statuses(self, *cases: Case) -> list[str]:
        return [self.case(case).status for case in cases]

    def log_in(self, page: Page, path: str = "/queue", language: str = "en") -> None:
        """Come in through the door and go to a page."""
        page.goto(f"{self.address}/login?lang={language}")
        page.fill("#email", EMAIL)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(f"{self.address}/queue")
        if path != "/queue":
            page.goto(self.address + path)


def press(page: Page, *keys: str) -> None:
    """Keys, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def row(number: int) -> str:
    """The selector of a case's row in the queue."""
    return f"#case-{number}"


@contextmanager
def newsroom(folder: Path, database_url: str, **values: Any) -> Iterator[Newsroom]:
    """Start the desk on a free port of this machine; end it with the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = make_settings(folder, database_url, base_url=address, **values)
    db = Database(database_url)
    with db.write() as session:
        now = utcnow()
        make_channel(session, now, make_site(session, now))
        accounts.add_user(session, EMAIL, "Айгерім Сәрсен", PASSWORD, "admin", None, "kk", now)
    app = create_app(settings, db, _Silent())
    server = make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno())
    try:
        with serving(server):
            yield Newsroom(address, db, settings)
    finally:
        listener.close()
        db.close()
