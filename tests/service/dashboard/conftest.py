"""People at the desk: they open pages and send forms as a browser would."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.accounts.sessions import open_session
from core.clock import utcnow
from core.models import Case, Event, Site, User
from tests.factories import make_user
from tests.service.conftest import Web

BASE = "https://tuzet.example.kz"
COOKIE = "__Host-tuzet"


class Person:
    """Somebody with a role who has logged in."""

    def __init__(self, web: Web, user: User) -> None:
        with web.db.write() as session:
            come = open_session(session, user.id, "Firefox", utcnow())
        self.web, self.user, self.token = web, user, come.desk_session.form_token
        self.client: FlaskClient = web.app.test_client()
        self.client.set_cookie(COOKIE, come.cookie, domain="tuzet.example.kz", secure=True)

    def open(self, path: str, **headers: str) -> "Opened":
        """Get a page."""
        return Opened(self.client.get(path, base_url=BASE, headers=headers))

    def send(self, path: str, headers: dict[str, str] | None = None, **fields: object) -> "Opened":
        """Send a form with its token."""
        data = {"form_token": self.token, **fields}
        answer = self.client.post(path, base_url=BASE, data=data, headers=headers)
        return Opened(answer)

    def decide(self, case: Case, do: str, version: int | None = None, **fields: Any) -> "Opened":
        """Press a button of a case's page."""
        read = self.web_case(case).version if version is None else version
        return self.send(f"/cases/{case.id}", do=do, version=read, **fields)

    def web_case(self, case: Case) -> Case:
        """The case as it is now."""
        with self.web.db.read() as session:
            return session.get_one(Case, case.id)


@dataclass
class Opened:
    """An answer, and its page to look at."""

    answer: TestResponse

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def address(self) -> str:
        """Where a redirect leads."""
        return self.answer.headers.get("Location", "")

    @property
    def page(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.answer.get_data(as_text=True))

    def texts(self, selector: str) -> list[str]:
        """What stands in each of these places, white space collapsed."""
        return [" ".join(node.text().split()) for node in self.page.css(selector)]

    def text(self, selector: str = "body") -> str:
        """What stands in the first of these places."""
        return next(iter(self.texts(selector)), "")

    def values(self, selector: str, attribute: str) -> list[str]:
        """An attribute of each of these places."""
        return [node.attributes.get(attribute) or "" for node in self.page.css(selector)]


NewPerson = Callable[..., Person]


@pytest.fixture
def person(web: Web) -> NewPerson:
    """Somebody with a role: on the first newsroom's site, or on another one."""

    def come(
        role: str = "editor", site: Site | None = None, email: str = "", language: str = "en"
    ) -> Person:
        address = email or f"{role}@dala.example.kz"
        with web.db.write() as session:
            place = None if role == "owner" else site or web.site
            user = make_user(session, utcnow(), address, role, place)
            user.language = language
            session.flush()
        return Person(web, user)

    return come


@pytest.fixture
def editor(person: NewPerson) -> Person:
    """An editor of the newsroom who reads English."""
    return person("editor")


def events_of(web: Web, case: Case) -> list[tuple[str, str, str]]:
    """A case's history: type, actor, way."""
    with web.db.read() as session:
        query = select(Event).where(Event.case_id == case.id).order_by(Event.id)
        return [(event.type, event.actor, event.via) for event in session.scalars(query)]
