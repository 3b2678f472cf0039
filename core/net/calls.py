"""Calling an interface of somebody else's: webhooks, chat services, a CMS.

The same guard as for pages, without what only pages need. No redirect is followed, since it would
carry a signature or a token to an address that nobody entered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from core.net.errors import NetError
from core.net.exchange import Limits, Outgoing, Outside, answering, headers_of
from core.net.retrying import retry_at
from core.net.sockets import Bounds
from core.net.targets import AllowedHost, admit, allow, parse

ANSWER_BYTES = 64 * 1024
CALL_LIMITS = Limits(total_seconds=15.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is sent. Nothing of it is shown in a repr: addresses and headers may carry tokens.

    `hosts` None allows the host and port of the address itself, as fits an address that an
    administrator has entered; private networks stay closed all the same.
    """

    url: str = field(repr=False)
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    hosts: tuple[AllowedHost, ...] | None = None
    answer_bytes: int = ANSWER_BYTES
    limits: Limits = CALL_LIMITS


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `truncated`: the body was longer than asked for, or broke off."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    truncated: bool

    @property
    def ok(self) -> bool:
        """Whether it was taken. A redirect is not an acceptance."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text, for a log or a person."""
        return self.body.decode("utf-8", errors="replace").replace("\0", "\ufffd")

    def header(self, name: str) -> str | None:
        """The first header of a (lower-case) name."""
        return next((value for known, value in self.headers if known == name), None)

    def retry_at(self, now: datetime) -> datetime | None:
        """When the server wishes to be asked again, if it said so."""
        return retry_at(self.header("retry-after"), now)


def post(url: str, body: bytes, headers: Mapping[str, str], outside: Outside) -> Answer:
    """POST JSON to an address that an administrator has entered. Raises as `call` does."""
    return call(Call(url=url, body=body, headers=headers), outside)


def call(wanted: Call, outside: Outside) -> Answer:
    """Send it and read the answer.

    The status is what counts: once it has come, a body that is too long, too slow or breaks off
    is cut, not an error, so that what was taken is not sent again. `Content-Type` is
    application/json unless the headers say otherwise.
    Raises NetError: Refused, TooLarge (headers), TooSlow, Unreachable.
    """
    target = parse(wanted.url)
    admit(target, allow([wanted.url]) if wanted.hosts is None else wanted.hosts)
    limits = replace(wanted.limits, body_bytes=wanted.answer_bytes)
    bounds = Bounds(target.host, limits.total_seconds, outside.monotonic)
    outgoing = Outgoing(target, wanted.method, _headers(wanted), wanted.body)
    with answering(outgoing, limits, bounds, outside) as response:
        body, truncated = _read_up_to(response, wanted.answer_bytes)
        return Answer(response.status, headers_of(response), body, truncated)


def _headers(wanted: Call) -> Mapping[str, str]:
    names = {name.lower() for name in wanted.headers}
    ours = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if wanted.body is not None:
        ours["Content-Type"] = "application/json"
    return {name: value for name, value in ours.items() if name.lower() not in names} | {
        **wanted.headers
    }


def _read_up_to(response: HTTPResponse, amount: int) -> tuple[bytes, bool]:
    body = bytearray()
    try:
        while len(body) <= amount and (piece := response.read(4096, decode_content=False)):
            body += piece
    except (NetError, HTTPError, OSError):
        return bytes(body[:amount]), True
    return bytes(body[:amount]), len(body) > amount
