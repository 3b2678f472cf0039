"""Replay stored reports through intake and sorting, and write which case each one came to.

    python -m benchmarks.dedupe DIR --out clusters.jsonl [--database URL] [--no-pages] [--limit N]

Every report goes through the parsing, intake and sorting of the product, in the order of time,
against a fresh database; pages are read through the product's own fetch interface. All addresses
belong to one site with all the hosts as its origins: a publication and those who republish it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy import select

from benchmarks.fresh import fresh_database
from benchmarks.stored import StoredFetch, StoredPages, StoredReport, rows
from core.db import Database
from core.errors import TuzetError
from core.incoming import read_report
from core.intake import receive
from core.looking import Looker
from core.models import Report
from core.settings import Settings
from core.sites import add_site
from core.sorting import sort_due
from core.text.urls import host_of, normalise

_BATCH = 200


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--database", help="SQLAlchemy URL of an empty database")
    parser.add_argument("--no-pages", action="store_true", help="serve no pages")
    parser.add_argument("--limit", type=int, help="stop after so many reports")
    options = parser.parse_args(arguments)
    stored = [StoredReport.of(row) for row in rows(options.dir / "reports_blind.jsonl.gz")]
    stored = sorted(stored, key=lambda report: report.at)[: options.limit]
    pages = None if options.no_pages else StoredPages(options.dir / "pages.jsonl.gz")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tuzet-dedupe-")))
        db, settings = stack.enter_context(fresh_database(folder, options.database))
        out = stack.enter_context(options.out.open("w", encoding="utf-8"))
        print(json.dumps(_replay(db, settings, stored, pages, out)))


def _replay(
    db: Database,
    settings: Settings,
    stored: Sequence[StoredReport],
    pages: StoredPages | None,
    out: TextIO,
) -> dict[str, float]:
    """Replay all reports; returns the figures."""
    key = _make_site(db, stored)
    fetch = StoredFetch(pages) if pages is not None else None
    looker = Looker(fetch) if fetch is not None else None
    refused = 0
    seconds = 0.0
    for batch in _batches(stored, pages):
        bodies = [report.body(key) for report in batch]
        if fetch is not None:
            fetch.show(batch)
        started = time.perf_counter()
        refused += sum(
            not _receive(db, body, report) for body, report in zip(bodies, batch, strict=True)
        )
        sort_due(db, settings, _standing(batch[-1].at), looker)
        seconds += time.perf_counter() - started
        _write(db, batch, out)
    return {
        "reports": len(stored),
        "refused": refused,
        "seconds": round(seconds, 2),
        "reports_per_second": round(len(stored) / seconds, 1) if seconds else 0.0,
    }


def _standing(at: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: at


def _batches(
    stored: Sequence[StoredReport], pages: StoredPages | None
) -> Iterator[list[StoredReport]]:
    """Reports in the order of time, cut wherever a page of the batch has changed meanwhile.

    So each report is sorted with the page as it was when its reader saw it.
    """
    batch: list[StoredReport] = []
    seen: dict[int, int] = {}
    for report in stored:
        found = pages.version(report.url, report.at) if pages is not None else None
        changed = found is not None and seen.get(found[0], found[1]) != found[1]
        if changed or len(batch) == _BATCH:
            yield batch
            batch, seen = [], {}
        batch.append(report)
        if found is not None:
            seen[found[0]] = found[1]
    if batch:
        yield batch


def _make_site(db: Database, stored: Sequence[StoredReport]) -> str:
    """One site that covers every address of the data; returns its key."""
    hosts = sorted({host for report in stored if (host := _bare(report.url))})
    origins = [f"https://{host}" for host in hosts]
    with db.write() as session:
        return add_site(session, "Replay", origins[0], origins, ["en"], stored[0].at).key


def _bare(url: str) -> str | None:
    """The host of an address without www., m. and the like; None where it is no address."""
    if host_of(url) is None:
        return None
    return normalise(url).split("/")[0].split(":")[0]


def _receive(db: Database, body: bytes, report: StoredReport) -> bool:
    """Whether intake has kept a report; one commit for each, as at the door."""
    try:
        new = read_report(body)
        with db.write() as session:
            receive(session, new, None, report.at)
    except TuzetError:
        return False
    return True


def _write(db: Database, batch: Sequence[StoredReport], out: TextIO) -> None:
    names = {report.id: report.report_id for report in batch}
    with db.read() as session:
        found = session.execute(select(Report.id, Report.case_id).where(Report.id.in_(names)))
        for report_id, case_id in found:
            if case_id is not None:
                line = {"report_id": names[report_id], "cluster_id": case_id}
                out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
