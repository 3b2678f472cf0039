"""The line to paste, and the check of a page."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from core.clock import utcnow
from core.db import Database
from core.models import Channel, Site
from tests.factories import make_site, make_user
from tests.servers.http import serving
from tests.service.conftest import Web, make_web
from tests.service.dashboard.conftest import BASE, Person


class Newspaper(ThreadingHTTPServer):
    """One page on loopback."""

    html = ""
    status = 200

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Page(BaseHTTPRequestHandler):
    server: Newspaper

    def do_GET(self) -> None:
        body = self.server.html.encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    server = Newspaper(("127.0.0.1", 0), _Page)
    with serving(server):
        yield server


@pytest.fixture
def desk(db: Database, database_url: str, tmp_path: Path, newspaper: Newspaper) -> Web:
    """A desk that may read loopback, with a site there."""
    private = (ip_network("127.0.0.0/8"),)
    web = make_web(db, tmp_path, database_url, private_networks=private)
    with db.write() as session:
        make_site(session, utcnow(), key="here", url=newspaper.url, origins=[newspaper.url])
    return web


@pytest.fixture
def admin(desk: Web) -> Person:
    with desk.db.write() as session:
        user = make_user(session, utcnow(), "admin@dala.example.kz", "admin")
        user.language = "en"
    return Person(desk, user)


def _check(admin: Person, url: str, site: str = "here") -> str:
    return admin.send("/install", site=site, url=url).text("main")


def test_each_site_has_its_line(admin: Person) -> None:
    shown = admin.open("/install").text("main")
    for key in ("dala", "here"):
        assert f'<script src="{BASE}/tuzet.js" data-site="{key}" async></script>' in shown


def test_a_page_that_carries_the_line_is_good(admin: Person, newspaper: Newspaper) -> None:
    line = f'<script src="{BASE}/tuzet.js" data-site="here" async></script>'
    newspaper.html = f'<html lang="kk"><body><p>Мәтін</p>{line}</body></html>'
    assert "will work" in _check(admin, f"{newspaper.url}/a")


def test_a_page_without_the_line_is_told(admin: Person, newspaper: Newspaper) -> None:
    newspaper.html = '<html lang="kk"><body><p>Мәтін</p></body></html>'
    assert "does not load" in _check(admin, f"{newspaper.url}/a")


def test_a_page_that_is_not_there_is_told(admin: Person, newspaper: Newspaper) -> None:
    newspaper.status = 404
    assert "status 404" in _check(admin, f"{newspaper.url}/a")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://elsewhere.example.org/", "not on the site"),
        ("http://169.254.169.254/latest", "not on the site"),
        ("file:///etc/passwd", "not a web address"),
        ("", "not a web address"),
    ],
)
def test_an_address_elsewhere_is_not_asked(admin: Person, url: str, said: str) -> None:
    assert said in _check(admin, url)


def test_an_address_that_cannot_be_read_is_marked_where_it_was_typed(
    admin: Person,
) -> None:
    sent = admin.send("/install", None, site="here", url="nonsense")
    marked = sent.page.css_first("[aria-invalid]")
    assert marked is not None
    assert marked.attributes["value"] == "nonsense"
    assert sent.page.css_first(f"#{marked.attributes['aria-describedby']}") is not None


def test_an_unknown_site_is_not_checked(admin: Person, newspaper: Newspaper) -> None:
    assert "check found" not in _check(admin, newspaper.url, site="nobody")


def test_the_line_carries_the_key_that_is_not_the_usual_one(
    desk: Web, admin: Person, newspaper: Newspaper
) -> None:
    assert "data-key" not in " ".join(admin.open("/install").texts("textarea"))
    body = '<html lang="kk"><body><p>Мәтін</p>{}</body></html>'
    newspaper.html = body.format(admin.open("/install").text("#line-here"))
    with desk.db.write() as session:
        site = session.scalars(select(Site).where(Site.key == "here")).one()
        site.widget = {"key": "ctrl+shift+e"}
    said = _check(admin, f"{newspaper.url}/a")
    assert "has no data-key" in said
    line = admin.open("/install").text("#line-here")
    assert 'data-key="ctrl+shift+e"' in line
    assert line in admin.open(f"/settings/{site.id}/snippet").texts("textarea")
    newspaper.html = body.format(line)
    said = _check(admin, f"{newspaper.url}/a")
    assert "will work" in said
    assert "has no data-key" not in said


def test_before_the_first_site_one_hears_how_it_is_added(sqlite_web: Web) -> None:
    with sqlite_web.db.write() as session:
        user = make_user(session, utcnow(), "owner@dala.example.kz", "owner")
        user.language = "en"
        for row in (Channel, Site):
            session.execute(delete(row))
    owner = Person(sqlite_web, user)
    for path in ("/install", "/settings"):
        assert "tuzet site add" in owner.open(path).text("main")
