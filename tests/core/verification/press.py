"""A newsroom with a web server that never was, a clock of its own, and a worker that reads."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import sorting, triage, verification
from core.db import Database
from core.history import Actor
from core.looking import Looker
from core.models import Case, Event, PageVersion, Report
from core.net import Code, FetchResult, NotYet, Policy, Request, Unreachable
from core.settings import Settings
from core.triage import Change
from core.verification import Checked
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, WRONG, send

EDITOR = Actor("aigerim@dala.example.kz", "desk")
REST = (
    "Кітапхана екі қабатты, оқу залы мен балалар бөлмесі бар. "
    "Құрылысқа екі жыл кетті, қаражатты аудан бюджеті бөлді. "
    "Енді оқырмандар кітапты үйден шықпай-ақ тапсырыспен ала алады."
)
ARTICLE = f"{BEFORE}{WRONG}{AFTER}"
MENDED = f"{BEFORE}{RIGHT}{AFTER}"


def html(*paragraphs: str, title: str = "Көкжар ауданында жаңа кітапхана ашылды") -> str:
    """A page of a newspaper with these paragraphs and one that never changes."""
    body = "".join(f"<p>{text}</p>" for text in (*paragraphs, REST))
    return (
        "<html><body><nav><a href='/'>Басты бет</a></nav>"
        f"<article><h1>{title}</h1>{body}</article></body></html>"
    )


@dataclass
class Press:
    """Pages by address, as they are served now; what was asked, and how."""

    pages: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    fault: Code | None = None
    busy: float | None = None

    def publish(self, *paragraphs: str, url: str = PAGE_URL) -> None:
        self.pages[url] = html(*paragraphs)

    def fetch(self, request: Request, policy: Policy) -> FetchResult:
        """What core.net.fetch would answer."""
        assert policy.permits(request.url)
        if self.busy is not None:
            raise NotYet("dala.example.kz", self.busy)
        self.asked.append(request)
        if self.fault is not None:
            raise Unreachable(self.fault, "nobody there", "dala.example.kz")
        text = self.pages.get(request.url)
        status = self.statuses.get(request.url, 200 if text is not None else 404)
        return FetchResult(
            url=request.url,
            final_url=request.url,
            status=status,
            text=text or "",
            headers=(("etag", '"1"'),),
        )


@dataclass
class Newsroom:
    """Readers, editors and the worker, at a time that the test moves."""

    db: Database
    settings: Settings
    press: Press
    now: datetime

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    def report(self, **values: Any) -> Case:
        """A reader reports; the page is looked at and the report sorted."""
        report_id = send(self.db, self.now, **values).id
        sorting.sort_due(self.db, self.settings, lambda: self.now, Looker(self.press.fetch))
        with self.db.read() as session:
            return self.case(session.get_one(Report, report_id).case_id)

    def case(self, case_id: int | None) -> Case:
        with self.db.read() as session:
            return session.get_one(Case, case_id)

    def move(self, case: Case, status: str, by: Actor = EDITOR, **values: Any) -> None:
        with self.db.write() as session:
            version = session.get_one(Case, case.id).version
            change = Change(status=status, **values)
            triage.move(session, case.id, version, change, by, self.now, self.settings)

    def check(self) -> Checked:
        """Read what is due now."""
        fetch = self.press.fetch
        return verification.check_due(self.db, self.settings, fetch, lambda: self.now)

    def pass_through(self, **length: float) -> None:
        """Let time pass from one due reading to the next, and read each when it is due."""
        until = self.now + timedelta(**length)
        while (due := self.next_due()) is not None and due <= until:
            self.now = max(self.now, due)
            assert self.check().pages, "a page that is due was not read"
        self.now = until

    def next_due(self) -> datetime | None:
        with self.db.read() as session:
            planned = select(Case.check_due_at).where(Case.check_due_at.is_not(None))
            return min(session.scalars(planned), default=None)  # type: ignore[type-var]

    def events(self, case: Case) -> list[Event]:
        with self.db.read() as session:
            query = select(Event).where(Event.case_id == case.id).order_by(Event.id)
            return list(session.scalars(query))

    def texts(self) -> list[str]:
        with self.db.read() as session:
            return list(session.scalars(select(PageVersion.text).order_by(PageVersion.number)))
