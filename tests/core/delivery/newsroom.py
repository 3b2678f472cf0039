"""A newsroom with channels, and a web server that they may call."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import sites
from core.db import Database
from core.delivery import Delivered, deliver_due
from core.models import Case, Delivery
from core.settings import Settings
from tests import factories
from tests.servers.http import serving


@dataclass
class Hooks:
    """A web server that answers as told, and counts how many it speaks to at the same time."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pause: float = 0.0
    hold: threading.Event | None = None
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    now: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/hook"


@contextmanager
def hooks_at_work() -> Iterator[Hooks]:
    """Such a server, for the length of a block."""
    kept = Hooks()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with kept.lock:
                kept.now += 1
                kept.most = max(kept.most, kept.now)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if kept.hold is not None and self.headers["Host"].startswith("127.0.0.2"):
                kept.hold.wait(20)
            threading.Event().wait(kept.pause)
            with kept.lock:
                kept.now -= 1
                kept.got.append((dict(self.headers.items()), body))
            try:
                self.send_response(kept.status)
                for name, value in kept.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(kept.body)
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 64
        daemon_threads = True

    server = Server(("0.0.0.0", 0), Answering)
    kept.port = server.server_address[1]
    with serving(server):
        yield kept
        if kept.hold is not None:
            kept.hold.set()


class Newsroom:
    """A site with channels, and a postman at any time."""

    def __init__(self, db: Database, settings: Settings, now: datetime) -> None:
        self.db, self.settings, self.now = db, settings, now
        with db.write() as session:
            self.site = factories.make_site(session, now)

    def channel(self, target: str = "desk@dala.example.kz", kind: str = "email") -> str | None:
        with self.db.write() as session:
            return sites.add_channel(session, "dala", kind, target, "en", self.settings, self.now)[
                1
            ]

    def report(self, number: int = 0) -> Case:
        url = f"{factories.SITE_URL}/{number}"
        return factories.sorted_case(self.db, self.settings, self.now, url=url, canonical_url=None)

    def deliver(self, after: timedelta = timedelta(0), most: int = 100) -> Delivered:
        return deliver_due(self.db, self.settings, lambda: self.now + after, most)

    @contextmanager
    def sending(self, hooks: Hooks) -> Iterator[None]:
        """A block in which a message to 127.0.0.2 is under way; it is answered at the end."""
        hooks.hold = threading.Event()
        postman = threading.Thread(target=self.deliver)
        postman.start()
        try:
            waited = 0
            while hooks.now == 0 and waited < 1_000:
                threading.Event().wait(0.01)
                waited += 1
            assert hooks.now == 1
            yield
        finally:
            hooks.hold.set()
            postman.join(60)

    def rows(self) -> list[Delivery]:
        with self.db.read() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))

    def states(self) -> list[str]:
        return [row.status for row in self.rows()]
