"""What tests ask for by name: databases, servers, a browser, and the time.

Servers start once per test process, when the first test wants them; databases are new for each
test. Under pytest-xdist every process has its own.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar
from urllib.parse import urlsplit

import flask
import jinja2
import psycopg
import pytest
import redis as redis_client
from playwright.sync_api import Browser, Page
from sqlalchemy.engine import make_url
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.converters import DEFAULT_CONVERTERS
from werkzeug.routing.rules import RulePart

from core.db import Database, migrate
from tests import browsers, servers
from tests.servers import mail, postgresql, redis
from tests.servers.processes import private_folder

ROOT = Path(__file__).resolve().parent.parent
_NO_DATA = "the recorded data (../shared/data) is not on this machine"
_Started = TypeVar("_Started")
_Converters = dict[str, BaseConverter]
_forbidden_skips: list[str] = []


class _Compiled(jinja2.BytecodeCache):
    """Templates compiled once a test process, not once an application: half of a page's test."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


class _Rule(Rule):
    """A route that is read once a test process, and learns to write addresses when first asked to:
    an application has some 160, a test wants a few, and they were half of its time."""

    _known: ClassVar[dict[str, tuple[list[RulePart], list[tuple[bool, str]], _Converters]]] = {}

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        """What a route says depends on its text alone: no application here has words of its own."""
        assert self.map.converters == DEFAULT_CONVERTERS
        if rule not in self._known:
            before = len(self._trace)
            parts = list(super()._parse_rule(rule))
            self._known[rule] = parts, self._trace[before:], dict(self._converters)
            return parts
        parts, trace, converters = self._known[rule]
        self._trace.extend(trace)
        self._converters.update(converters)
        self.arguments.update(converters)
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        learn = super()._compile_builder
        learnt: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            if not learnt:
                learnt.append(learn(append_unknown))
            return learnt[0](rule, **values)

        return build


def pytest_configure() -> None:
    """Make applications quickly: there is one a test."""
    flask.Flask.jinja_options = {**flask.Flask.jinja_options, "bytecode_cache": _Compiled()}
    flask.Flask.url_rule_class = _Rule


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that kill and starve run one after the other, in one process, beside the rest."""
    for item in items:
        if item.get_closest_marker("faults"):
            item.add_marker(pytest.mark.xdist_group("faults"))


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: looking through it again and again for garbage took
    a third of the time of tests of the web side."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long bytes name no test: pages of them are unreadable, and packed ones hold the time."""
    return argname if isinstance(val, bytes) and len(val) > 16 else None


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Where everything must run, note a file that was skipped all the same."""
    _note_if_skipped(report)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """And a test."""
    _note_if_skipped(report)


def _note_if_skipped(report: pytest.CollectReport | pytest.TestReport) -> None:
    if servers.is_required() and report.skipped and _NO_DATA not in str(report.longrepr):
        _forbidden_skips.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Such a skip fails the run."""
    if _forbidden_skips:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """And says so."""
    for nodeid in _forbidden_skips:
        terminalreporter.write_line(f"skipped, and TUZET_TEST_REQUIRE=all: {nodeid}", red=True)


@contextmanager
def _needed(server: AbstractContextManager[_Started]) -> Iterator[_Started]:
    """A started server; the test fails or is skipped, as the environment wants, if none can be."""
    with _failing_or_skipping():
        started = server.__enter__()
    try:
        yield started
    finally:
        server.__exit__(None, None, None)


@contextmanager
def _failing_or_skipping() -> Iterator[None]:
    try:
        yield
    except servers.Missing as missing:
        if servers.is_required():
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in Almaty."""
    return datetime(2026, 3, 10, 4, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with recorded articles and reports, which is not part of this repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(_NO_DATA)
    return folder


@pytest.fixture(scope="session")
def _sqlite_template() -> Iterator[Path]:
    with private_folder("sqlite") as folder:
        path = folder / "migrated.sqlite3"
        migrate(f"sqlite:///{path}")
        yield path


@pytest.fixture
def sqlite_url(_sqlite_template: Path) -> Iterator[str]:
    """A migrated, empty SQLite database of the test's own."""
    path = _sqlite_template.with_name("tuzet.sqlite3")
    shutil.copyfile(_sqlite_template, path)
    yield f"sqlite:///{path}"
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL in which databases may be created."""
    with _needed(postgresql.cluster()) as url:
        yield url


@pytest.fixture(scope="session")
def _postgresql_admin(postgresql_server: str) -> Iterator["psycopg.Connection[tuple[object]]"]:
    plain = make_url(postgresql_server).set(drivername="postgresql")
    address = plain.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def _postgresql_template(
    postgresql_server: str, _postgresql_admin: "psycopg.Connection[tuple[object]]"
) -> Iterator[str]:
    with _new_database(_postgresql_admin, "template") as name:
        migrate(_address(postgresql_server, name))
        yield name


@pytest.fixture
def postgresql_url(
    postgresql_server: str,
    _postgresql_admin: "psycopg.Connection[tuple[object]]",
    _postgresql_template: str,
) -> Iterator[str]:
    """A migrated, empty PostgreSQL database of the test's own."""
    copied = f"TEMPLATE {_postgresql_template} STRATEGY FILE_COPY"  # small: half the time
    with _new_database(_postgresql_admin, "test", copied) as name:
        yield _address(postgresql_server, name)


@contextmanager
def _new_database(
    admin: "psycopg.Connection[tuple[object]]", use: str, how: str = ""
) -> Iterator[str]:
    name = f"tuzet_{os.getpid()}_{use}"
    admin.execute(f"CREATE DATABASE {name} {how}".encode())
    try:
        yield name
    finally:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _address(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of the test's own; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def _opened() -> dict[str, Database]:
    """Address → database. It stands under the same address in each test, new each time, and is
    opened as the same object: that remembers the statements that it has compiled."""
    return {}


@pytest.fixture
def db(database_url: str, _opened: dict[str, Database]) -> Iterator[Database]:
    """The same, opened."""
    if database_url not in _opened:
        _opened[database_url] = Database(database_url)
    database = _opened[database_url]
    try:
        yield database
    finally:
        database.close()


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[redis.RedisServer]:
    with _needed(redis.named_or_own()) as server:
        yield server


@pytest.fixture
def redis_url(_redis_server: redis.RedisServer) -> str:
    """An empty Redis database. For a Redis to stop or kill, start one: servers.redis.server()."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    number = int(worker.removeprefix("gw")) % 16
    url = urlsplit(_redis_server.url)._replace(path=f"/{number}").geturl()
    with redis_client.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def own_redis() -> Iterator[redis.RedisServer]:
    """A Redis for this test alone, which it may flush, stop and kill."""
    with _needed(redis.server()) as server:
        yield server


@pytest.fixture
def smtp_sink() -> Iterator[mail.MailSink]:
    """A mail server that keeps what it gets, or fails as its `mode` says."""
    with mail.mail_sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with _needed(browsers.chromium()) as chromium:
        yield chromium


class NewPage(Protocol):
    """Opens a page in a fresh browser profile; takes Playwright's context options."""

    def __call__(self, **options: object) -> Page: ...


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Pages for several people, or for a phone, or of a language."""
    contexts = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(**{"locale": "en-GB", **options})  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Iterator[Page]:
    """One page. An exception that a script of it does not catch fails the test."""
    opened = new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    yield opened
    assert not faults, f"uncaught on the page: {faults}"
