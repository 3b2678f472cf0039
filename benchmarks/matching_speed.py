"""How many reports a second are sorted, database included.

    python -m benchmarks.matching_speed [--database URL] [--reports N] [--open N] [--totals A,B]

Three questions: ordinary pages, ten reports each; one page with very many open cases, in batches
and one at a time; and ordinary pages again while the database holds more and more other cases.
Reports are received beforehand; what is timed is sorting, with the pages read through the
product's own interface. `per_second` is by the clock, `per_cpu_second` by this process's own
processor time, which other programs on the machine do not lengthen.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, insert, literal, select, text
from sqlalchemy.orm import Session

from benchmarks.fresh import fresh_database
from benchmarks.seed import fill
from core.db import Database
from core.incoming import read_report
from core.intake import receive
from core.looking import Looker
from core.matching import Claim, storage_keys
from core.models import Case, CaseKey, Event, Page, PageAlias, Report, Site
from core.net import Code, FetchResult, Policy, Request, Unreachable
from core.settings import Settings
from core.sites import add_site
from core.sorting import sort_due

_HOST = "https://measured.example.kz"
_NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
_LETTERS = "абвгдежзиклмнопрстуфхцшыэюяәғқңөұүһі"
_WORDS_OF_A_PAGE, _REPORTS_OF_A_PAGE, _ERRORS_OF_A_PAGE = 700, 10, 4
_ROWS_AT_ONCE = 1_000
_VARIED = 10_000  # cases that are made one by one; further ones are copies under other numbers


class Pages:
    """Articles of made-up words, served through the product's fetch interface."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.words: dict[str, list[str]] = {}

    def make(self, name: str, words: int) -> str:
        """A new article of so many words; returns its address."""
        url = f"{_HOST}/news/{name}"
        self.words[url] = [
            "".join(self.chance.choices(_LETTERS, k=self.chance.randint(3, 10)))
            for _ in range(words)
        ]
        return url

    def __call__(self, request: Request, policy: Policy) -> FetchResult:  # noqa: ARG002
        """The article at an address."""
        if request.url not in self.words:
            raise Unreachable(Code.NO_CONNECTION, "there is no such article")
        html = f"<article><p>{' '.join(self.words[request.url])}</p></article>"
        return FetchResult(url=request.url, final_url=request.url, status=200, text=html)

    def body(self, site: str, url: str, word: int) -> bytes:
        """A report of one word of an article, selected in one of the ways of readers."""
        words = self.words[url]
        first = max(0, word - self.chance.choice((0, 0, 0, 1, 3, 8)))
        last = min(len(words), word + 1 + self.chance.choice((0, 0, 0, 1, 3, 8)))
        right = words[word][:-1] + "ң"
        report = {
            "id": str(uuid.UUID(int=self.chance.getrandbits(128))),
            "site": site,
            "url": url,
            "canonical_url": url,
            "quote": {
                "exact": " ".join(words[first:last]),
                "prefix": (" ".join(words[max(0, first - 12) : first]) + " ")[-32:],
                "suffix": (" " + " ".join(words[last : last + 12]))[:32],
            },
            "suggestion": self.chance.choice((None, right, f"дұрысы: {right}")),
        }
        return json.dumps(report).encode()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--database", help="SQLAlchemy URL of a database that may be emptied")
    parser.add_argument("--reports", type=int, default=2_000)
    parser.add_argument("--open", type=int, default=10_000, help="open cases on the one page")
    parser.add_argument("--totals", default="10000,1000000", help="other cases in the database")
    options = parser.parse_args(arguments)
    totals = [int(total) for total in options.totals.split(",") if total]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tuzet-speed-")))
        db, settings = stack.enter_context(fresh_database(folder, options.database))
        bench = Bench(db, settings)
        figures: dict[str, Any] = {"database": db.dialect}
        figures["ordinary"] = bench.ordinary(options.reports)
        figures["one_page"] = bench.one_page(options.open, options.reports)
        figures["totals"] = {}
        for total in totals:
            bench.fill_up_to(total)
            figures["totals"][str(total)] = bench.ordinary(options.reports)
    if len(totals) > 1:
        few, many = (figures["totals"][str(total)] for total in (totals[0], totals[-1]))
        figures["growth"] = round(few["per_cpu_second"] / many["per_cpu_second"], 2)
    print(json.dumps(figures))


class Bench:
    """One database, one site, and the articles on it."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.db = db
        self.settings = settings
        self.pages = Pages(Random(7))
        self.looker = Looker(self.pages)
        self.now = _NOW
        self._runs = 0
        self._filled = 0
        with db.write() as session:
            self.site = add_site(session, "Measured", _HOST, [], ["kk"], _NOW).key

    def ordinary(self, count: int) -> dict[str, float]:
        """Reports over pages with a few errors each."""
        self._runs += 1
        bodies = []
        for number in range(max(1, count // _REPORTS_OF_A_PAGE)):
            url = self.pages.make(f"{self._runs}-{number}", _WORDS_OF_A_PAGE)
            errors = self.pages.chance.sample(range(_WORDS_OF_A_PAGE), _ERRORS_OF_A_PAGE)
            bodies += [
                self.pages.body(self.site, url, self.pages.chance.choice(errors))
                for _ in range(_REPORTS_OF_A_PAGE)
            ]
        self._receive(bodies)
        return self._timed(len(bodies), self._sort)

    def one_page(self, opened: int, count: int) -> dict[str, float]:
        """Reports on one page that has very many open cases: in batches, and one by one."""
        url = self.pages.make("hot", opened * 3)
        self._receive([self.pages.body(self.site, url, 0)])
        self._sort()
        self._open_cases(url, opened)
        chance = self.pages.chance
        words = range(opened * 3)
        some = [self.pages.body(self.site, url, chance.choice(words)) for _ in range(count)]
        self._receive(some)
        figures = self._timed(count, self._sort)
        waits, own = [], []
        for _ in range(min(300, count)):
            self._receive([self.pages.body(self.site, url, chance.choice(words))])
            clock, cpu = time.perf_counter(), time.process_time()
            self._sort()
            waits.append(1_000 * (time.perf_counter() - clock))
            own.append(1_000 * (time.process_time() - cpu))
        return {
            **figures,
            "p50_ms": _quantile(waits, 50),
            "p99_ms": _quantile(waits, 99),
            "p50_cpu_ms": _quantile(own, 50),
            "p99_cpu_ms": _quantile(own, 99),
        }

    def fill_up_to(self, total: int) -> None:
        """Other cases in the database, on other pages: varied ones, then copies of them."""
        if self._filled == 0:
            self._filled = min(total, _VARIED)
            fill(self.db, self.site, self._filled, _NOW)
        while self._filled < total:
            more = min(self._filled, total - self._filled)
            with self.db.write() as session:
                copy_cases(session, more)
            self._filled += more

    def _receive(self, bodies: Sequence[bytes]) -> None:
        self.now += timedelta(seconds=1)
        with self.db.write() as session:
            for body in bodies:
                receive(session, read_report(body), None, self.now)

    def _sort(self) -> None:
        sort_due(self.db, self.settings, lambda: self.now, self.looker)

    def _timed(self, count: int, work: Callable[[], None]) -> dict[str, float]:
        clock, cpu = time.perf_counter(), time.process_time()
        work()
        seconds, own = time.perf_counter() - clock, time.process_time() - cpu
        return {
            "reports": count,
            "per_second": round(count / seconds, 1),
            "per_cpu_second": round(count / own, 1),
        }

    def _open_cases(self, url: str, count: int) -> None:
        """As many open cases on a page, one for every third word."""
        words = self.pages.words[url]
        starts = [0]
        for word in words:
            starts.append(starts[-1] + len(word) + 1)
        article = " ".join(words)
        with self.db.write() as session:
            page = session.scalars(select(Page).where(Page.link == url)).one()
            site = session.scalars(select(Site).where(Site.key == self.site)).one()
            first = (session.scalar(select(Case.id).order_by(Case.id.desc()).limit(1)) or 0) + 1
            claims = [
                _claim(article, starts[word], starts[word] + len(words[word]))
                for word in range(1, len(words), 3)
            ][:count]
            for low in range(0, count, _ROWS_AT_ONCE):
                numbered = list(enumerate(claims[low : low + _ROWS_AT_ONCE], first + low))
                session.execute(
                    insert(Case), [_row(number, claim, page, site) for number, claim in numbered]
                )
                session.execute(
                    insert(CaseKey),
                    [
                        {"page_id": page.id, "key": key, "case_id": number}
                        for number, claim in numbered
                        for key in storage_keys(claim)
                    ],
                )
            if self.db.dialect == "postgresql":
                last = {"last": first + count}
                session.execute(text("SELECT setval('case_id_seq', :last)"), last)


def copy_cases(session: Session, count: int) -> None:
    """Copy the last `count` cases, with all that hangs on them, to pages and numbers of their own.

    In the database itself, so that a million cases take minutes and not hours.
    """
    is_server = session.get_bind().dialect.name == "postgresql"
    if is_server:
        session.execute(text("SET LOCAL statement_timeout = 0"))
    lowest = session.scalars(
        select(Case.id).order_by(Case.id.desc()).offset(count - 1).limit(1)
    ).one()
    chosen = select(Case.page_id).where(Case.id >= lowest)
    shifts = {table: _highest(session, table) for table in (Page, PageAlias, Case, Event)}
    of_cases = {"case_id": shifts[Case]}
    of_pages = {"page_id": shifts[Page]}
    mark = f"-{shifts[Case]}"
    for table, numbers, texts, wanted in (
        (Page, {"id": shifts[Page]}, ("url", "link"), Page.id.in_(chosen)),
        (PageAlias, {"id": shifts[PageAlias], **of_pages}, ("url",), PageAlias.page_id.in_(chosen)),
        (Case, {"id": shifts[Case], **of_pages}, (), Case.id >= lowest),
        (CaseKey, {**of_cases, **of_pages}, (), CaseKey.case_id >= lowest),
        (Report, {**of_cases, **of_pages}, ("id", "receipt"), Report.case_id >= lowest),
        (Event, {"id": shifts[Event], **of_cases}, (), Event.case_id >= lowest),
    ):
        columns = list(table.__table__.columns)
        values = [
            column + numbers[column.name]
            if column.name in numbers
            else column + literal(mark)
            if column.name in texts
            else column
            for column in columns
        ]
        session.execute(insert(table).from_select(columns, select(*values).where(wanted)))
    if is_server:
        for table in shifts:
            name = table.__tablename__
            highest = f'SELECT setval(\'"{name}_id_seq"\', (SELECT max(id) FROM "{name}"))'
            session.execute(text(highest))


def _highest(session: Session, table: type[Page | PageAlias | Case | Event]) -> int:
    return session.scalar(select(func.max(table.id))) or 0


def _quantile(values: Sequence[float], per_cent: int) -> float:
    return round(statistics.quantiles(values, n=100)[per_cent - 1], 1)


def _claim(article: str, start: int, end: int) -> Claim:
    prefix, suffix = article[max(0, start - 64) : start], article[end : end + 64]
    return Claim(article[start:end], prefix, suffix, certain=True, span=(start, end))


def _row(number: int, claim: Claim, page: Page, site: Site) -> dict[str, Any]:
    return {
        "id": number,
        "site_id": site.id,
        "page_id": page.id,
        "exact": claim.exact,
        "prefix": claim.prefix,
        "suffix": claim.suffix,
        "claim_certain": True,
        "span_start": claim.span and claim.span[0],
        "span_end": claim.span and claim.span[1],
        "language": "kk",
        "kind": "typo",
        "first_reported_at": _NOW,
        "last_reported_at": _NOW,
    }


if __name__ == "__main__":
    main()
