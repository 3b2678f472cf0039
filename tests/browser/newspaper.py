"""A newspaper and the service that its readers report to, each on an origin of its own.

The service serves the built snippet and plays the intake: it keeps what arrives and answers as a
test tells it to. The newspaper serves the pages in `pages/`, with the snippet's script in place of
`{{snippet}}` and with any headers that a test wants.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.servers.http import serving

PAGES = Path(__file__).parent / "pages"
SNIPPET = Path(__file__).resolve().parents[2] / "service" / "static" / "snippet"
KEY = "dala-uni"


@dataclass
class Service:
    """What the service received, and what it says.

    `status` answers every report; `retry_after` goes with it in seconds. While `away` it closes
    each connection that brings a report without a word. Files whose names begin with `lost` are not
    found. `own` is the script with the site's own settings. `case` is what a receipt says of the
    report, None while it waits to be sorted. `asked` are the paths of all requests.
    """

    reports: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    status: int = 202
    retry_after: str | None = None
    away: bool = False
    lost: str = "(none)"
    case: dict[str, Any] | None = None
    own: str = "export default {}\n"
    address: str = ""

    @property
    def bodies(self) -> set[str]:
        """The reports that arrived, each once however often it came."""
        return {json.dumps(report, sort_keys=True) for report in self.reports}


@dataclass
class Newspaper:
    """The pages, by path: their HTML and their headers."""

    service: Service
    address: str = ""
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def script(self, **attributes: str) -> str:
        """The one line that a site puts on its pages; `data_mode="silent"` is data-mode."""
        given = {"data_site": KEY, **attributes}
        text = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in given.items())
        return f'<script src="{self.service.address}/tuzet.js"{text} async></script>'

    def print(
        self,
        name: str,
        *,
        policy: str | None = None,
        at: str = "",
        html: str | None = None,
        **attributes: str,
    ) -> str:
        """Publish `pages/NAME.html` (or `html`) with the snippet; its address.

        In `policy`, SERVICE stands for the service's origin.
        """
        text = html or (PAGES / f"{name}.html").read_text(encoding="utf-8")
        text = text.replace("{{snippet}}", self.script(**attributes))
        text = text.replace("{{service}}", self.service.address)
        headers = {}
        if policy:
            headers["Content-Security-Policy"] = policy.replace("SERVICE", self.service.address)
        path = f"/{at or name}"
        self.pages[path] = (text, headers)
        return self.address + path


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def answer(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _script(service: Service, path: str) -> bytes | None:
    """What the service has under an address of its root."""
    if path == "/tuzet.own.js":
        return service.own.encode()
    file = SNIPPET / path.lstrip("/")
    if path == "/tuzet.site.js":
        parts = json.loads((SNIPPET / "parts.json").read_text(encoding="utf-8"))
        file = SNIPPET / parts["languages"]["ru"]["part"]
    return file.read_bytes() if file.is_file() else None


def _service(service: Service) -> type[_Answering]:
    class Answering(_Answering):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            service.asked.append(path)
            if path.startswith("/api/v1/receipts/"):
                status = "sorted" if service.case else "received"
                return self.json(200, {"status": status, "case": service.case})
            script = _script(service, path)
            if script is None or path.startswith(f"/{service.lost}"):
                return self.give(404, b"", "text/plain")
            return self.give(200, script, "text/javascript; charset=utf-8")

        def do_POST(self) -> None:
            service.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if service.away:
                self.close_connection = True
                self.connection.close()
                return
            report = json.loads(body)
            service.reports.append(report)
            service.headers.append(dict(self.headers))
            receipt = f"receipt-{report['id']}"
            self.json(
                service.status,
                {
                    "id": report["id"],
                    "status": "received",
                    "receipt": receipt,
                    "receipt_url": f"{service.address}/r/{receipt}",
                }
                if service.status == 202
                else {"type": "about:blank", "status": service.status},
            )

        def json(self, status: int, value: object) -> None:
            self.give(status, json.dumps(value).encode(), "application/json")

        def give(self, status: int, body: bytes, kind: str) -> None:
            headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
            if service.retry_after is not None:
                headers["Retry-After"] = service.retry_after
                headers["Access-Control-Expose-Headers"] = "Retry-After"
            self.answer(status, body, kind, headers)

    return Answering


def _pages(newspaper: Newspaper) -> type[_Answering]:
    class Answering(_Answering):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path in newspaper.pages:
                text, headers = newspaper.pages[path]
                self.answer(200, text.encode(), "text/html; charset=utf-8", headers)
            elif path == "/favicon.ico":
                self.answer(204, b"", "image/x-icon", {})
            else:
                self.answer(404, b"", "text/plain", {})

    return Answering


@contextmanager
def newspaper() -> Iterator[Newspaper]:
    """Both, on free ports, for the length of a block."""
    service = Service()
    paper = Newspaper(service)
    with _serving(_service(service)) as port:
        service.address = f"http://127.0.0.1:{port}"
        with _serving(_pages(paper)) as other:
            paper.address = f"http://localhost:{other}"
            yield paper


@contextmanager
def _serving(answering: type[_Answering]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering)
    server.daemon_threads = True
    with serving(server):
        yield server.server_port
