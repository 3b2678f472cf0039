"""A browser that opens every link of a mail, runs what is on it and waits, changes nothing."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from core import messages
from core.clock import utcnow
from core.db import Database
from core.models import Delivery, Event
from service.app import create_app
from tests import factories
from tests.conftest import NewPage
from tests.servers.http import serving
from tests.servers.processes import free_port

pytestmark = pytest.mark.browser


class _Silent:
    def ring(self, _signal: str) -> None:
        """Nobody listens."""


def test_links_that_are_held_open_change_nothing_and_one_press_acts(
    sqlite_url: str, tmp_path: Path, new_page: NewPage
) -> None:
    port, now = free_port(), utcnow()
    settings = factories.make_settings(tmp_path, sqlite_url, base_url=f"http://127.0.0.1:{port}")
    db = Database(sqlite_url)
    with db.write() as session:
        site = factories.make_site(session, now)
        person = factories.make_user(session, now, "zhanar@dala.example.kz", site=site)
        person.language = "en"
        factories.make_channel(session, now, site, "zhanar@dala.example.kz")
    factories.sorted_case(db, settings, now)
    with db.read() as session:
        mail = messages.compose(session, list(session.scalars(select(Delivery))), settings, now)
    links = re.findall(rf"http://127\.0\.0\.1:{port}/(?:act|stop)/[\w.-]+", mail.text)  # type: ignore[union-attr]
    assert len(links) == 6
    server = make_server("127.0.0.1", port, create_app(settings, db, _Silent()), threaded=True)
    try:
        with serving(server):
            tabs = [new_page() for _ in links]
            for tab, link in zip(tabs, links, strict=True):
                answer = tab.goto(link)
                assert answer is not None
                assert answer.status == 200
            tabs[0].wait_for_timeout(10_000)
            assert _history(db) == ["created"]
            tabs[0].get_by_role("button", name="Accept").click()
            tabs[0].get_by_role("button", name="Undo").wait_for()
            assert _history(db) == ["created", "accepted"]
            tabs[0].get_by_role("button", name="Undo").click()
            tabs[0].wait_for_load_state()
            assert _history(db) == ["created", "accepted", "undone"]
    finally:
        db.close()


def _history(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Event.type).order_by(Event.id)))
