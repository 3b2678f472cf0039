"""A newsroom on a real installation, whose readers do not stop while its parts are broken."""

import http.client
import itertools
import json
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select

from core.db import Database
from core.models import Case, Delivery, Report
from tests.factories import AFTER, BEFORE, RIGHT, WRONG
from tests.servers.mail import MailSink
from tests.servers.tuzet import Installation, Running, until

# Pages on this machine: the service may not ask for them, so no name is ever looked up.
SITE_URL = "http://127.0.0.1:9"
READERS = 4
_BETWEEN_REPORTS_S = 0.02


@dataclass(frozen=True)
class Answer:
    """What one reader was told, and after how many seconds. Status 0: no answer came."""

    id: str
    status: int
    seconds: float


@dataclass
class Newsroom:
    """A running installation, its database, its mail, and the key of its site."""

    running: Running
    db: Database
    mail: MailSink
    site: str
    answers: list[Answer] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def report(self, page: str, report_id: str | None = None) -> Answer:
        """One reader's report of the same error on a page."""
        body = {
            "id": report_id or str(uuid.uuid4()),
            "site": self.site,
            "url": f"{SITE_URL}/{page}",
            "quote": {"exact": WRONG, "prefix": BEFORE[-32:], "suffix": AFTER[:32]},
            "suggestion": RIGHT,
            "language": "kk",
        }
        began = time.monotonic()
        status = self._post(json.dumps(body))
        answer = Answer(str(body["id"]), status, time.monotonic() - began)
        with self._lock:
            self.answers.append(answer)
        return answer

    def report_all(self, pages: Sequence[str]) -> list[Answer]:
        """One report a page named, from a few readers at once."""
        with ThreadPoolExecutor(READERS) as readers:
            return list(readers.map(self.report, pages))

    @contextmanager
    def readers(self, pages: Sequence[str], at_least: int) -> Iterator[None]:
        """Readers who go on reporting during the block, and until there are enough reports."""
        enough = Event()
        turns = itertools.cycle(pages)

        def read_on() -> None:
            while not enough.is_set() or len(self.answers) < at_least:
                self.report(next(turns))
                time.sleep(_BETWEEN_REPORTS_S)  # a reader, not a load test

        with ThreadPoolExecutor(READERS) as threads:
            going_on = [threads.submit(read_on) for _ in range(READERS)]
            try:
                yield
            finally:
                enough.set()
            for reader in going_on:
                reader.result()

    def _post(self, body: str) -> int:
        target = urlsplit(self.address)
        connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=30)
        try:
            connection.request(
                "POST", "/api/v1/reports", body.encode(), {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0  # the web was killed with our report in its hands
        else:
            return answer.status
        finally:
            connection.close()

    @property
    def address(self) -> str:
        """Where it answers; the same through all restarts of its parts."""
        facts: dict[str, Any] = json.loads(self.running.ready.read_text(encoding="utf-8"))
        return str(facts["base_url"])

    def taken(self) -> set[str]:
        """The reports that were answered 202: promised to be there for good."""
        return {answer.id for answer in self.answers if answer.status == 202}

    def sorted(self) -> set[str]:
        """The reports that stand in a case."""
        with self.db.read() as session:
            return set(session.scalars(select(Report.id).where(Report.case_id.is_not(None))))

    def cases(self) -> int:
        """How many cases there are."""
        with self.db.read() as session:
            return session.scalar(select(func.count()).select_from(Case)) or 0

    def deliveries(self, status: str) -> int:
        """How many immediate messages are in that state."""
        of_now = select(func.count()).where(Delivery.rhythm == "now", Delivery.status == status)
        with self.db.read() as session:
            return session.scalar(of_now) or 0

    def settle(self, seconds: float) -> None:
        """Wait until all that was taken is sorted and mailed; AssertionError if it is not."""

        def is_settled() -> bool:
            return self.taken() <= self.sorted() and self.deliveries("pending") == 0

        until(is_settled, seconds, self.explain)

    def doubled_mails(self) -> int:
        """How many mails came more often than once, counted by Message-ID."""
        seen = Counter(str(message["Message-ID"]) for message in self.mail.messages)
        return sum(times - 1 for times in seen.values())

    def explain(self) -> str:
        """What is still missing."""
        return (
            f"{len(self.taken() - self.sorted())} of {len(self.taken())} reports unsorted, "
            f"{self.deliveries('pending')} mails pending; {self.running.explain()}"
        )


@contextmanager
def newsroom(folder: Path, mail: MailSink, **environment: str) -> Iterator[Newsroom]:
    """An installation with a site and an address for mail, running until the block ends."""
    installation = Installation(
        {
            "TUZET_DATA_DIR": str(folder / "data"),
            "TUZET_SECRET_KEY": "s" * 40,
            "TUZET_SMTP_URL": mail.url,
            "TUZET_RATE_LIMITS": "off",
            "TUZET_DATABASE_URL": f"sqlite:///{folder}/faults.sqlite3",
            **environment,
        }
    )
    site = installation.run("site", "add", "--name", "Дала үні", "--url", SITE_URL)["key"]
    channel = ["channel", "add", "--kind", "email", "--target", "desk@dala.example.kz"]
    installation.run(*channel, "--site", site)
    db = Database(installation.environment["TUZET_DATABASE_URL"])
    try:
        with installation.up(folder) as running:
            yield Newsroom(running, db, mail, site)
    finally:
        db.close()
