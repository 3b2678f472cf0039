"""`python -m benchmarks.seed --cases N [--site KEY]`: fill the database with varied cases.

Rows are written in bulk, as intake, sorting and triage would have left them, but without messages
owed and without readings of pages due: a seeded database is quiet.
"""

import argparse
import json
import os
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from benchmarks import prose
from core.clock import utcnow
from core.db import Database, migrate
from core.errors import NotFound, TuzetError
from core.matching import Claim, storage_keys
from core.models import Case, CaseKey, Event, Page, PageAlias, Report, Site, User
from core.priority import priority_of
from core.rights import rights_of
from core.settings import Settings
from core.sites import add_site
from core.text.urls import normalise

BATCH = 2_000
_CASES_PER_PAGE = 4
_LANGUAGES = ("kk", "ru", "en")
# How often a case stands where, in a hundred; and by which way it came there.
_STATUSES = {"new": 22, "accepted": 14, "fixed": 10, "verified": 40, "dismissed": 14}
_WAY = {
    "new": (),
    "accepted": ("accepted",),
    "fixed": ("accepted", "fixed"),
    "verified": ("fixed", "verified"),
    "dismissed": ("dismissed",),
}
_RESOLUTIONS = ("not_an_error", "wont_fix", "opinion", "spam", "page_gone")


@dataclass
class Rows:
    """The rows of one batch, by table, in the order in which they may be written."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    aliases: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)

    def write(self, session: Session) -> None:
        """Write all of them."""
        for model, rows in (
            (Page, self.pages),
            (PageAlias, self.aliases),
            (Case, self.cases),
            (CaseKey, self.keys),
            (Event, self.events),
            (Report, self.reports),
        ):
            if rows:
                session.execute(insert(cast(Table, model.__table__)), rows)


@dataclass(frozen=True)
class Filling:
    """Makes rows for one site. The same `chance` makes the same texts."""

    site: Site
    editors: Sequence[User]
    now: datetime
    chance: Random
    run: str

    def rows(self, first_case: int, first_page: int, count: int) -> Rows:
        """`count` cases whose ids, and whose pages' ids, count up from the given ones."""
        made = Rows()
        for number in range(count):
            if number % _CASES_PER_PAGE == 0:
                page = self._page(first_page + number // _CASES_PER_PAGE)
                made.pages.append(page)
                alias = {"site_id": self.site.id, "page_id": page["id"], "url": page["url"]}
                made.aliases.append(alias)
            self._case(made, first_case + number, made.pages[-1])
        return made

    def _page(self, page_id: int) -> dict[str, Any]:
        language = self.chance.choices(_LANGUAGES, (5, 3, 2))[0]
        link = f"{self.site.url.rstrip('/')}/{language}/{self.run}/{page_id}"
        return {
            "id": page_id,
            "site_id": self.site.id,
            "url": normalise(link),
            "link": link,
            "title": prose.title(self.chance, language),
            "author": prose.author(self.chance),
            "section": prose.section(self.chance, language),
            "created_at": self.now - timedelta(days=400),
        }

    def _case(self, made: Rows, case_id: int, page: dict[str, Any]) -> None:
        chance = self.chance
        language = page["link"].rsplit("/", 3)[1]
        status = chance.choices(tuple(_STATUSES), tuple(_STATUSES.values()))[0]
        error = prose.error(chance, language)
        readers = min(1 + int(chance.paretovariate(1.6) - 1), 60)
        age = timedelta(minutes=chance.expovariate(1 / (60 * 24 * (6 if status == "new" else 90))))
        first = self.now - min(age, timedelta(days=390)) - timedelta(minutes=5)
        times = [first + (self.now - first) * (0.3 * n / readers) for n in range(readers)]
        case = Case(
            id=case_id,
            site_id=self.site.id,
            page_id=page["id"],
            exact=error.exact,
            prefix=error.prefix,
            suffix=error.suffix,
            claim_right=error.right,
            claim_certain=error.right is not None,
            language=language,
            suggestion=error.right,
            kind=error.kind,
            status=status,
            resolution=chance.choice(_RESOLUTIONS) if status == "dismissed" else None,
            regressed=status == "accepted" and chance.random() < 0.05,
            readers=readers,
            version=1 + len(_WAY[status]),
            first_reported_at=first,
            last_reported_at=times[-1],
        )
        case.priority = priority_of(case)
        editor = self._assignee(status)
        case.assignee_id = editor.id if editor else None
        self._decided(made, case, editor)
        made.cases.append(_columns(case))
        claim = Claim(error.exact, error.prefix, error.suffix, error.right)
        made.keys += [
            {"page_id": page["id"], "key": key, "case_id": case_id} for key in storage_keys(claim)
        ]
        for number, at in enumerate(times):
            self._report(made, case, page, number, at)

    def _assignee(self, status: str) -> User | None:
        busy = status in {"accepted", "fixed"} and self.chance.random() < 0.6
        return self.chance.choice(self.editors) if busy and self.editors else None

    def _decided(self, made: Rows, case: Case, editor: User | None) -> None:
        """The events of the decisions about a case, and what they leave on it."""
        actor = editor.email if editor else "editor@dala.example.kz"
        before, at = "new", case.last_reported_at
        for status in _WAY[case.status]:
            at = at + (self.now - at) * (0.2 + 0.3 * self.chance.random())
            verified = status == "verified"
            who, via = ("verifier", "clock") if verified else (actor, "desk")
            after = {"status": status, "resolution": case.resolution, "regressed": False}
            data = {"before": {**after, "status": before, "resolution": None}, "after": after}
            made.events.append(_event(case.id, status, who, via, at, data))
            before = status
            if status == "fixed":
                case.fixed_at = at
            if verified:
                case.verdict, case.checked_at = "fixed", at

    def _report(
        self, made: Rows, case: Case, page: dict[str, Any], number: int, at: datetime
    ) -> None:
        report_id = str(uuid.uuid4())
        kind = "joined" if number else "created"
        made.events.append(_event(case.id, kind, "reader", "snippet", at, {"report": report_id}))
        made.reports.append(
            {
                "id": report_id,
                "site_id": case.site_id,
                "fingerprint": sha256(report_id.encode()).hexdigest(),
                "receipt": sha256(f"{self.run}{report_id}".encode()).hexdigest()[:32],
                "received_at": at,
                "url": page["link"],
                "canonical_url": page["link"],
                "title": page["title"],
                "language": case.language,
                "exact": case.exact,
                "prefix": case.prefix,
                "suffix": case.suffix,
                "kind": case.kind,
                "suggestion": case.suggestion,
                "comment": prose.comment(self.chance, case.language),
                "page_id": case.page_id,
                "case_id": case.id,
                "sorted_at": at,
                "sort_due_at": at,
                "sort_attempts": 1,
                "already_known": number > 0,
                "already_fixed": False,
                "match": {"code": "same_context" if number else "first", "facts": {}},
            }
        )


def fill(db: Database, site_key: str | None, count: int, now: datetime) -> dict[str, Any]:
    """Write `count` cases to a site (its key, else the first one, else a new one); gives counts."""
    started = time.monotonic()
    with db.write() as session:
        site = _site(session, site_key, now)
        editors = [
            user for user in session.scalars(select(User)) if rights_of(user).may("editor", site.id)
        ]
    filling = Filling(site, editors, now, Random(count), uuid.uuid4().hex[:8])
    written = {"cases": 0, "reports": 0, "pages": 0, "events": 0}
    while written["cases"] < count:
        size = min(BATCH, count - written["cases"])
        with db.write() as session:
            pages = _reserve(session, Page, -(-size // _CASES_PER_PAGE))
            rows = filling.rows(_reserve(session, Case, size), pages, size)
            rows.write(session)
        written["cases"] += size
        written["reports"] += len(rows.reports)
        written["pages"] += len(rows.pages)
        written["events"] += len(rows.events)
    seconds = time.monotonic() - started
    return {
        **written,
        "site": site.key,
        "seconds": round(seconds, 2),
        "cases_per_second": round(count / max(seconds, 0.001)),
    }


def _site(session: Session, key: str | None, now: datetime) -> Site:
    query = select(Site).order_by(Site.id).limit(1)
    found = session.scalar(query.where(Site.key == key) if key else query)
    if found is None and key:
        raise NotFound(f"There is no site with the key {key}.")
    return found or add_site(
        session, "Дала үні", "https://dala.example.kz", [], list(_LANGUAGES), now
    )


def _reserve(session: Session, model: type[Case] | type[Page], count: int) -> int:
    """The first of `count` ids that nobody else will get."""
    if session.get_bind().dialect.name == "sqlite":  # we hold the only write lock
        return (session.scalar(select(func.max(model.id))) or 0) + 1
    sequence = f"pg_get_serial_sequence('\"{model.__tablename__}\"', 'id')"
    first = session.scalar(text(f"SELECT nextval({sequence})"))
    session.execute(text(f"SELECT setval({sequence}, :last)"), {"last": first + count - 1})
    return int(first)


def _columns(case: Case) -> dict[str, Any]:
    return {column.key: getattr(case, column.key) for column in Case.__table__.columns}


def _event(
    case_id: int, kind: str, actor: str, via: str, at: datetime, data: dict[str, Any]
) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "type": kind,
        "actor": actor,
        "via": via,
        "at": at,
        "data": data,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the database that the environment names. Prints one JSON object last."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seed", description=__doc__)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--site", metavar="KEY", help="the first site, or a new one, by default")
    wanted = parser.parse_args(arguments)
    if wanted.cases < 1:
        parser.error("--cases must be at least 1")
    try:
        settings = Settings.from_environment(os.environ)
        migrate(settings.database_url)
        db = Database(settings.database_url, patience_s=120)  # a batch is many rows
        print(json.dumps(fill(db, wanted.site, wanted.cases, utcnow())))
        db.close()
    except TuzetError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
