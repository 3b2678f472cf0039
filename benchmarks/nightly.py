"""`python -m benchmarks.nightly`: a nightly round over many open cases, and a worker killed in it.

Makes sites, pages with errors and their cases in a fresh database (`--database URL`, SQLite by
default), lets worker processes read all that is due through the product's own code, kills one of
them without warning on the way, and looks at what was asked of the servers: each page once (but
for those that were in the hands of the killed), each host in its turns, each site within its
budget. Pages come out of this program, not the network;
waiting is divided by `--scale`. Prints its figures last, as one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from benchmarks.fresh import fresh_database
from core import politeness, verification
from core.clock import utcnow
from core.db import Database
from core.models import Case, Page, PageAlias, PageVersion, Site
from core.net import FetchResult, NotYet, Policy, Request
from core.settings import Settings
from core.text.urls import host_of
from core.verification.agenda import LEASE

READERS = 3  # threads of one worker process, as in worker/tasks.py
_CORRECTED_EVERY = 20  # one page in so many has been put right since
_FILLER = (
    "Аудан орталығындағы кездесуге жүзден астам тұрғын келіп, сұрақтарын қойды. "
    "Жиналғандар ауызсу, жол және мектеп жайын көтерді, әкім әр сұраққа жауап берді. "
)


def wrong(page: int, place: int) -> str:
    """The sentence with an error that stands at one place of a page."""
    return f"Бет {page}, {place}-орын: келесі жылы жаңа мектеб ашылады деп жоспарланған."


def article(page: int, cases: int, corrected: bool) -> list[str]:
    """The lines of a page's text."""
    lines = [f"Жаңалық {page}"]
    for place in range(cases):
        sentence = wrong(page, place)
        lines += [_FILLER, sentence.replace("мектеб", "мектеп") if corrected else sentence]
    return lines


def html(lines: Sequence[str]) -> str:
    """A page of a newspaper with this text."""
    body = "".join(f"<p>{line}</p>" for line in lines[1:])
    return f"<html><body><article><h1>{lines[0]}</h1>{body}</article></body></html>"


@dataclass(frozen=True)
class Size:
    """How much there is to read."""

    cases: int
    pages: int
    sites: int

    @property
    def per_page(self) -> int:
        """Cases of one page."""
        return self.cases // self.pages


def fill(session: Session, size: Size, due: datetime) -> None:
    """Sites, pages as they were read at their first report, and open cases that are due."""
    sites = [_site(number, due) for number in range(size.sites)]
    session.add_all(sites)
    session.flush()
    for first in range(0, size.pages, 100):
        pages = range(first, min(first + 100, size.pages))
        _write(session, Page, [_page(n, sites[n % size.sites], due) for n in pages])
        _write(session, PageAlias, [_alias(n, sites[n % size.sites]) for n in pages])
        _write(session, PageVersion, [_version(n, size.per_page, due) for n in pages])
        cases = [case for n in pages for case in _cases(n, sites[n % size.sites], size, due)]
        _write(session, Case, cases)


def _write(session: Session, table: type[Any], rows: list[dict[str, Any]]) -> None:
    made: Table = table.__table__
    session.execute(insert(made), rows)


def _where_it_is_noon(at: datetime) -> str:
    """A zone far from the night whose turns would have pages read anew while this runs."""
    east = 12 - at.hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


def _site(number: int, at: datetime) -> Site:
    home = f"https://n{number}.gazet.example"
    return Site(
        key=f"site{number}", name=f"Газет {number}", url=home, origins=[home],
        languages=["kk"], timezone=_where_it_is_noon(at), created_at=at,
    )  # fmt: skip


def _url(number: int, site: Site) -> str:
    return f"{site.url}/news/{number + 1}"


def _page(number: int, site: Site, at: datetime) -> dict[str, Any]:
    url = _url(number, site)
    return {
        "id": number + 1, "site_id": site.id, "url": url.removeprefix("https://"), "link": url,
        "created_at": at, "read_at": at, "read_attempts": 0, "check_attempts": 0,
    }  # fmt: skip


def _alias(number: int, site: Site) -> dict[str, Any]:
    url = _url(number, site).removeprefix("https://")
    return {"site_id": site.id, "page_id": number + 1, "url": url}


def _version(number: int, cases: int, at: datetime) -> dict[str, Any]:
    text = "\n".join(line.strip() for line in article(number, cases, corrected=False))
    return {
        "page_id": number + 1, "number": 1, "digest": sha256(text.encode()).hexdigest(),
        "text": text, "first": 0, "last": len(text), "read_at": at,
    }  # fmt: skip


def _cases(number: int, site: Site, size: Size, due: datetime) -> Iterator[dict[str, Any]]:
    text = str(_version(number, size.per_page, due)["text"])
    for place in range(size.per_page):
        start = text.index(wrong(number, place)) + wrong(number, place).index("мектеб")
        yield {
            "site_id": site.id, "page_id": number + 1, "exact": "мектеб",
            "prefix": text[max(0, start - 64) : start], "suffix": text[start + 6 : start + 70],
            "claim_right": "мектеп", "claim_certain": True, "span_start": start,
            "span_end": start + 6, "language": "kk", "suggestion": "мектеп", "kind": "typo",
            "status": "new", "regressed": False, "readers": 1, "priority": 1, "version": 1,
            "first_reported_at": due - timedelta(days=9), "check_since": due - timedelta(days=9),
            "last_reported_at": due - timedelta(days=9), "check_due_at": due,
        }  # fmt: skip


@dataclass
class Servers:
    """The sites' servers: answer with pages, and note every request with its time."""

    gate: politeness.DatabaseGate
    log: Path
    per_page: int

    def fetch(self, request: Request, policy: Policy) -> FetchResult:
        """What core.net.fetch would answer after waiting for its turn."""
        host = host_of(request.url) or ""
        wait = self.gate.book(host, 0.0, policy.limits.patience)
        if wait > policy.limits.patience:
            raise NotYet(host, wait)
        time.sleep(max(wait, 0.0))
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{time.time():.6f} {request.url}\n")
        number = int(request.url.rpartition("/")[2]) - 1
        corrected = number % _CORRECTED_EVERY == 0
        page = html(article(number, self.per_page, corrected))
        return FetchResult(url=request.url, final_url=request.url, status=200, text=page)


def work(url: str, log: Path, per_page: int, scale: float, ahead: float) -> None:
    """One worker process: read all that is due. `ahead`: seconds by which its clock is fast."""
    db = Database(url)
    settings = _settings(url, log.parent, scale)

    def clock() -> datetime:
        return utcnow() + timedelta(seconds=ahead)

    servers = Servers(politeness.DatabaseGate(db, settings, clock), log, per_page)
    with ThreadPoolExecutor(READERS) as threads:
        rounds = [
            threads.submit(
                verification.check_due, db, settings, servers.fetch, clock, most=1_000_000
            )
            for _ in range(READERS)
        ]
        for each in rounds:
            each.result()
    db.close()


def _settings(url: str, folder: Path, scale: float) -> Settings:
    return Settings(data_dir=folder, database_url=url, secret_key="k" * 43, time_scale=scale)


def _start(url: str, log: Path, size: Size, scale: float, ahead: float) -> subprocess.Popen[bytes]:
    wanted = ["--work", url, "--log", str(log), "--ahead", str(ahead), "--scale", str(scale)]
    sized = ["--cases", str(size.cases), "--pages", str(size.pages), "--sites", str(size.sites)]
    return subprocess.Popen([sys.executable, "-m", "benchmarks.nightly", *wanted, *sized])


def night(db: Database, url: str, folder: Path, size: Size, scale: float) -> dict[str, Any]:
    """Fill, read, kill, read on, and count."""
    log = folder / "requests.log"
    log.touch()
    with db.write() as session:
        fill(session, size, utcnow() - timedelta(minutes=1))
    started = time.perf_counter()
    killed = _start(url, log, size, scale, 0.0)
    while killed.poll() is None and len(log.read_text().splitlines()) < size.pages // 3:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed_at = time.time()
    before = time.perf_counter() - started
    # The killed worker's leases run out in minutes; the next one's clock is ahead by so much.
    _start(url, log, size, scale, LEASE.total_seconds() + 1).wait()
    seconds = time.perf_counter() - started
    with db.read() as session:
        return _figures(session, log, size, scale, killed_at) | {
            "seconds": round(seconds, 1),
            "seconds_until_the_kill": round(before, 1),
            "cases_per_second": round(size.cases / seconds),
        }


def _figures(
    session: Session, log: Path, size: Size, scale: float, killed_at: float
) -> dict[str, Any]:
    lines = [line.split(" ", 1) for line in log.read_text(encoding="utf-8").splitlines()]
    asked = Counter(url for _, url in lines)
    by_host: defaultdict[str, list[float]] = defaultdict(list)
    for at, url in lines:
        by_host[host_of(url) or ""].append(float(at))
    gaps = [
        after - before
        for times in by_host.values()
        for before, after in pairwise(sorted(times))
        if not before <= killed_at <= after  # the second worker's clock is ahead of the first's
    ]
    verdicts = select(Case.verdict, func.count()).group_by(Case.verdict)
    counted = {str(verdict): count for verdict, count in session.execute(verdicts)}
    held = select(func.count()).select_from(Page).where(Page.check_lease.is_not(None))
    return {
        "cases": size.cases,
        "pages": size.pages,
        "hosts": len(by_host),
        "requests": len(lines),
        "pages_read": len(asked),
        "pages_read_twice": sum(times > 1 for times in asked.values()),
        "cases_judged": sum(counted.values()) - counted.get("None", 0),
        "verdicts": counted,
        "in_the_hands_of_the_killed_at_most": READERS,
        "leases_left": session.scalar(held),
        "turn_seconds": politeness.BETWEEN_REQUESTS.total_seconds() / scale,
        "shortest_gap_seconds": round(min(gaps, default=0.0), 4),
        "gap_of_the_closest_hundredth_seconds": round(sorted(gaps)[len(gaps) // 100], 4),
        "most_requests_to_a_host": max(map(len, by_host.values()), default=0),
        "budget_of_a_site": politeness.BUDGET - politeness.RESERVE,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nightly", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--sites", type=int, default=4)
    parser.add_argument("--database", help="emptied first; a new SQLite file by default")
    parser.add_argument("--scale", type=float, default=20.0, help="divides every waiting time")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ahead", type=float, default=0.0, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    size = Size(wanted.cases, wanted.pages, wanted.sites)
    if wanted.work:
        work(wanted.work, wanted.log, size.per_page, wanted.scale, wanted.ahead)
        return 0
    with tempfile.TemporaryDirectory(prefix="tuzet-nightly-") as name:
        folder = Path(name)
        url = wanted.database or f"sqlite:///{folder / 'benchmark.sqlite3'}"
        with fresh_database(folder, url) as (db, _):
            figures = night(db, url, folder, size, wanted.scale)
    print(json.dumps(figures | {"cores": os.cpu_count()}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
