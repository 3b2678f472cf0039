"""Newsrooms' systems on this machine, as their documentation says that they behave."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from core.cms import Caller
from core.net import Outside, call
from tests.servers.http import serving

LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass
class Request:
    """What came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


Answer = Callable[[Request], tuple[int, Any]]


@dataclass
class System:
    """A system that answers as `answer` says, and remembers what it was asked."""

    address: str
    answer: Answer
    asked: list[Request] = field(default_factory=list)


@contextmanager
def system(answer: Answer) -> Iterator[System]:
    """Serve on a free port of this machine until the block ends."""

    class Served(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            names = {name.lower(): value for name, value in self.headers.items()}
            asked = Request(self.command, self.path, names, body)
            here.asked.append(asked)
            status, said = here.answer(asked)
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _serve  # noqa: N815 (the server looks for these names)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Served)
    here = System(f"http://127.0.0.1:{server.server_address[1]}", answer)
    with serving(server):
        yield here


def caller() -> Caller:
    """The way out, which may reach this machine."""
    return partial(call, outside=Outside(user_agent="Tuzet", private_networks=LOOPBACK))
