"""`python -m benchmarks.queue`: how fast the queue answers, small and large.

Fills the database that the environment names up to `--large` cases, and one beside it, which is
made for that, up to `--small`. Then asks both in turns, so that whatever else the machine does hits
both alike: the first page of the desk, filtered pages, searches for a rare, a common and an unknown
word and inside words, and a page `--deep` rows down the list. Each is asked through the whole
service, as a program and, where it says "desk", as an editor's browser would.
"""

import argparse
import json
import logging
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

import structlog
from flask.testing import FlaskClient
from sqlalchemy import Select, column, create_engine, func, make_url, select, table, text

from benchmarks import seed
from core import accounts, tokens
from core.accounts import sessions
from core.clock import utcnow
from core.db import Database, migrate
from core.errors import TuzetError
from core.models import Case, Page, User
from core.queries.paging import cursor_at
from core.settings import Settings
from service.app import create_app

_EMAIL = "queue.benchmark@dala.example.kz"
_PAGE = 50
_COMMON, _INSIDE = "мектепте", "ітапхан"  # of the words that benchmarks.prose writes


class _Deaf:
    """A bell that nobody hears."""

    def ring(self, signal: str) -> None:
        """Do nothing."""


@dataclass
class Side:
    """A database of one size, whom to ask, and what to ask there."""

    client: FlaskClient
    ways: dict[str, str]
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def ask(self, way: str) -> None:
        """One answer; keeps how many milliseconds it took."""
        started = time.perf_counter()
        answer = self.client.get(self.ways[way])
        self.taken[way].append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{self.ways[way]} answered {answer.status_code}")

    def figures(self) -> dict[str, dict[str, float]]:
        """Milliseconds of each way, median and 95th percentile."""
        return {
            name: {"p50": round(median(each), 1), "p95": round(quantiles(each, n=20)[-1], 1)}
            for name, each in self.taken.items()
        }


def measure(sides: Sequence[Side], times: int) -> None:
    """Ask all sides, in turns."""
    for _ in range(times):
        for name in sides[0].ways:
            for side in sides:
                side.ask(name)


def ways_through(db: Database, deep: int) -> dict[str, str]:
    """The addresses to ask, with words and cursors that this database has."""
    with db.read() as session:
        author = session.scalar(select(Page.author).where(Page.author.is_not(None)).limit(1))
        section = session.scalar(select(Page.section).where(Page.section.is_not(None)).limit(1))
        mine = session.scalar(select(Case.assignee_id).where(Case.assignee_id > 0).limit(1))
        rare = session.scalar(select(Case.exact).order_by(Case.id.desc()).limit(1))
        count = session.scalars(select(func.count(Case.id))).one()
        row = session.execute(
            select(Case.last_reported_at, Case.id)
            .order_by(Case.last_reported_at.desc(), Case.id.desc())
            .offset(min(deep, count - _PAGE - 1))
            .limit(1)
        ).one()
    cursor = cursor_at("newest", row[0], row[1])
    narrowed = _narrowed(section or "", mine or 0)
    return dict([*_addresses(rare or "", author or "", cursor), *narrowed])


def _narrowed(section: str, assignee: int) -> Iterator[tuple[str, str]]:
    """One filter at a time, and what goes together with words."""
    yield "section (desk)", f"/queue?section={section}"
    yield "section, oldest (desk)", f"/queue?status=all&sort=oldest&section={section}"
    yield "rarest kind (desk)", "/queue?kind=other&sort=oldest"
    yield "language (desk)", "/queue?language=ru"
    yield "one editor's (desk)", f"/queue?status=all&assignee={assignee}"
    yield "one editor's, by status (desk)", f"/queue?status=accepted&assignee={assignee}"
    yield "over a week old (desk)", "/queue?age=week&sort=readers"
    yield "words in a section (desk)", f"/queue?status=all&section={section}&q={_INSIDE}"
    yield "words of another language (desk)", f"/queue?status=all&language=en&q={_INSIDE}"


def _addresses(rare: str, author: str, cursor: str) -> Iterator[tuple[str, str]]:
    yield "first page (desk)", "/queue"
    yield "filtered (desk)", f"/queue?kind=fact&language=ru&sort=priority&author={author}"
    yield "search (desk)", f"/queue?status=all&q={rare}"
    yield "deep (desk)", f"/queue?status=all&sort=newest&cursor={cursor}"
    yield "first page", f"/api/v1/cases?limit={_PAGE}"
    yield "filtered", f"/api/v1/cases?limit={_PAGE}&status=new&kind=typo&sort=priority"
    yield "search, rare word", f"/api/v1/cases?limit={_PAGE}&q={rare}"
    yield "search, common word", f"/api/v1/cases?limit={_PAGE}&q={_COMMON}"
    yield "search, inside words", f"/api/v1/cases?limit={_PAGE}&q={_INSIDE}"
    yield "search, unknown word", f"/api/v1/cases?limit={_PAGE}&q=жоқсөзжоқ"
    yield "deep", f"/api/v1/cases?limit={_PAGE}&cursor={cursor}"


def _client(settings: Settings, db: Database) -> FlaskClient:
    """Somebody who may see everything, by token and by cookie."""
    now = utcnow()
    with db.write() as session:
        user = session.scalar(select(User).where(User.email == _EMAIL))
        if user is None:
            user = accounts.add_user(
                session, _EMAIL, "Queue", "a long enough secret", "admin", None, "kk", now
            )
        token = tokens.add(session, user, "benchmark", now)
        cookie = sessions.open_session(session, user.id, "benchmark", now).cookie
    client = create_app(settings, db, _Deaf()).test_client()
    client.set_cookie("__Host-tuzet" if settings.https else "tuzet", cookie)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def _beside(url: str) -> str:
    """The address of the small database: beside the named one, made where it is missing."""
    named = make_url(url)
    small = named.set(database=f"{named.database}_small")
    if named.get_backend_name() == "postgresql":
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            known: Select[str] = select(column("datname")).select_from(table("pg_database"))
            if small.database not in set(connection.scalars(known)):
                connection.execute(text(f'CREATE DATABASE "{small.database}"'))
        engine.dispose()
    return small.render_as_string(hide_password=False)


def _filled(settings: Settings, url: str, cases: int, deep: int) -> Side:
    """A service over this database with so many cases, and what to ask of it."""
    migrate(url)
    db = Database(url, patience_s=120)
    with db.read() as session:
        there = session.scalars(select(func.count(Case.id))).one()
    if there < cases:
        seed.fill(db, None, cases - there, utcnow())
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if db.dialect == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
        else:
            connection.execute(text("ANALYZE"))
    return Side(_client(settings, db), ways_through(db, deep))


def run(settings: Settings, small: int, large: int, deep: int, times: int) -> dict[str, Any]:
    """Measure at both sizes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    url = settings.database_url
    sizes = {small: _beside(url), large: url}
    sides = {size: _filled(settings, where, size, deep) for size, where in sizes.items()}
    measure(list(sides.values()), 3)
    for side in sides.values():
        side.taken.clear()
    measure(list(sides.values()), times)
    first, last = sides[small].figures(), sides[large].figures()
    return {
        "database": make_url(url).get_backend_name(),
        "cases": large,
        "times": times,
        "ms": {str(small): first, str(large): last},
        "ratio_p95": {name: round(last[name]["p95"] / first[name]["p95"], 2) for name in last},
        "ratio_p50": {name: round(last[name]["p50"] / first[name]["p50"], 2) for name in last},
        "slowest_p95_ms": max(each["p95"] for each in last.values()),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one JSON object last."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue", description=__doc__)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=200_000)
    parser.add_argument("--deep", type=int, default=5_000 * _PAGE // 2, help="rows down the list")
    parser.add_argument("--times", type=int, default=60)
    wanted = parser.parse_args(arguments)
    try:
        settings = Settings.from_environment(os.environ)
        figures = run(settings, wanted.small, wanted.large, wanted.deep, wanted.times)
    except TuzetError as fault:
        print(fault, file=sys.stderr)
        return 1
    print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
