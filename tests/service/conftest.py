"""The web side on a database of the test's own, with a bell that only remembers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import tokens
from core.clock import utcnow
from core.db import Database
from core.models import Case, Site, User
from core.settings import Settings
from service.app import create_app
from tests import factories


class RememberingBell:
    """Rings nobody."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def ring(self, signal: str) -> None:
        self.rung.append(signal)


@dataclass
class Web:
    """The application, a newsroom in its database, and what tests do with them."""

    app: Flask
    client: FlaskClient
    db: Database
    settings: Settings
    bell: RememberingBell
    site: Site
    people: dict[str, User] = field(default_factory=dict)

    def case(self, **values: Any) -> Case:
        """A case that a reader has just reported."""
        return factories.sorted_case(self.db, self.settings, utcnow(), **values)

    def token(self, role: str = "editor", site: Site | None = None) -> dict[str, str]:
        """Headers of a program that acts for a person with that role."""
        email = f"{role}.{len(self.people)}@dala.example.kz"
        with self.db.write() as session:
            user = factories.make_user(session, utcnow(), email, role, site or self.site)
            token = tokens.add(session, user, "test", utcnow())
        self.people[email] = user
        return {"Authorization": f"Bearer {token}"}

    def other_site(self) -> Site:
        """A newsroom that has nothing to do with the first."""
        url = "https://tan.example.kz"
        with self.db.write() as session:
            return factories.make_site(
                session, utcnow(), key="tan", name="Таң", url=url, origins=[url]
            )


def make_web(db: Database, folder: Path, url: str, **values: Any) -> Web:
    """The web side with these settings."""
    settings = factories.make_settings(folder, url, **values)
    bell = RememberingBell()
    app = create_app(settings, db, bell)
    with db.write() as session:
        site = factories.make_site(session, utcnow())
        factories.make_channel(session, utcnow(), site)
    return Web(app, app.test_client(), db, settings, bell, site)


@pytest.fixture
def web(db: Database, database_url: str, tmp_path: Path) -> Web:
    """The web side without limits on reports."""
    return make_web(db, tmp_path, database_url, rate_limits=False)


@pytest.fixture
def sqlite_web(sqlite_url: str, tmp_path: Path) -> Iterator[Web]:
    """The same on SQLite only, for what no database changes."""
    db = Database(sqlite_url)
    yield make_web(db, tmp_path, sqlite_url, rate_limits=False)
    db.close()
