"""Reading a page of a site: redirects followed by hand, each checked like the first address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from urllib3.response import HTTPResponse

from core.net.bodies import read_whole
from core.net.charset import decode
from core.net.errors import Code, NotYet, Refused, TooManyRedirects, Unreachable
from core.net.exchange import Limits, Outgoing, Outside, answering, headers_of
from core.net.retrying import retry_at
from core.net.sockets import Bounds
from core.net.targets import AllowedHost, Target, admit, parse, with_parameter, without_parameter

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})

PAGE_LIMITS = Limits()

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WITH_TEXT = frozenset({200, 203})
_NOT_MODIFIED = 304
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask later whether an address has changed."""

    url: str  # the final address that they belong to; they are sent to no other
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted.

    `fresh` asks caches on the way for a new copy. `nonce` (letters, digits, - and _) goes into the
    query for caches that do not listen, if the policy names a parameter for it.
    """

    url: str
    validators: Validators | None = None
    fresh: bool = False
    nonce: str | None = None


def anywhere(_url: str) -> bool:
    """The permission that refuses nothing."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a site allows.

    `permits` is asked with every address, redirects too, before it is requested: the place for
    what foreign hosts say of themselves (robots.txt). `content_types` empty reads every type.
    `nonce_parameter` is the query parameter that the site does not mind, None for none.
    """

    hosts: tuple[AllowedHost, ...]
    limits: Limits = PAGE_LIMITS
    content_types: frozenset[str] = PAGE_TYPES
    permits: Callable[[str], bool] = anywhere
    nonce_parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way: where we were, and the status that sent us on."""

    url: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What came of it. A body is read only with status 200 or 203; else `text` is empty.

    `url` is the address asked for and `final_url` the one that answered, both as a browser writes
    them, without fragment and nonce. `headers` have lower-case names.
    """

    url: str
    final_url: str
    status: int
    text: str = ""
    charset: str = "utf-8"
    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    hops: tuple[Hop, ...] = ()

    @property
    def not_modified(self) -> bool:
        """Whether the server says that nothing has changed since the validators were given."""
        return self.status == _NOT_MODIFIED

    @property
    def validators(self) -> Validators:
        """For the next time."""
        return Validators(self.final_url, self.header("etag"), self.header("last-modified"))

    def header(self, name: str) -> str | None:
        """The first header of a (lower-case) name."""
        return next((value for known, value in self.headers if known == name), None)

    def retry_at(self, now: datetime) -> datetime | None:
        """When the server wishes to be asked again, if it said so."""
        return retry_at(self.header("retry-after"), now)


class Fetch(Protocol):
    """How use cases read pages: `functools.partial(fetch, outside=…)`, or stored pages."""

    def __call__(self, request: Request, policy: Policy) -> FetchResult:
        """Raises NetError."""
        ...


def fetch(request: Request, policy: Policy, outside: Outside) -> FetchResult:
    """Read a page, within the policy and its limits.

    Any status is an answer, not an error. Only the redirects of HTTP are followed, never those
    that stand in a page. Raises NetError: Refused, TooLarge, TooSlow, TooManyRedirects,
    Unreachable, NotYet.
    """
    first = parse(request.url)
    target = _with_nonce(first, request, policy)
    bounds = Bounds(target.host, policy.limits.total_seconds, outside.monotonic)
    hops: list[Hop] = []
    seen: set[str] = set()
    while True:
        seen.add(target.url)
        _enter(target, policy, bounds, outside)
        outgoing = Outgoing(target, headers=_headers(request, target))
        with answering(outgoing, policy.limits, bounds, outside) as response:
            location = _location(response)
            if location is None:
                return _result(first, target, request, policy, response, bounds, tuple(hops))
        hops.append(Hop(_without_nonce(target.url, request, policy), response.status))
        target = _next(target, location, seen, policy)


def _enter(target: Target, policy: Policy, bounds: Bounds, outside: Outside) -> None:
    """May we ask this address, and is it our turn? Every address passes here, redirects too."""
    admit(target, policy.hosts)
    if not policy.permits(target.url):
        raise Refused(
            Code.PERMISSION, f"{target.host} does not want this page read by programs.", target.host
        )
    bounds.host = target.host
    if outside.gate is None:
        return
    wait = outside.gate.book(target.host, outside.monotonic(), policy.limits.patience)
    if wait > policy.limits.patience:
        raise NotYet(target.host, wait)
    if wait > 0:
        outside.sleep(wait)
        bounds.postpone(wait)


def _headers(request: Request, target: Target) -> Mapping[str, str]:
    headers = {
        "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1",
        "Accept-Encoding": "gzip, deflate, br",
    }
    if request.fresh:
        headers |= {"Cache-Control": "no-cache", "Pragma": "no-cache"}
    known = request.validators
    if known is not None and known.url == target.url:
        if known.etag:
            headers["If-None-Match"] = known.etag
        if known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
    return headers


def _location(response: HTTPResponse) -> str | None:
    """Where an answer sends us on to, if it does."""
    if response.status not in _REDIRECTS:
        return None
    return dict(headers_of(response)).get("location")


def _next(target: Target, location: str, seen: set[str], policy: Policy) -> Target:
    if len(seen) > policy.limits.redirects:
        raise TooManyRedirects(
            Code.TOO_MANY_REDIRECTS,
            f"{target.host} redirected more than {policy.limits.redirects} times.",
            target.host,
        )
    following = parse(location, target.url)
    if following.url in seen:
        raise TooManyRedirects(
            Code.REDIRECT_LOOP, f"{target.host} redirects in a circle.", target.host
        )
    return following


def _result(
    first: Target,
    target: Target,
    request: Request,
    policy: Policy,
    response: HTTPResponse,
    bounds: Bounds,
    hops: tuple[Hop, ...],
) -> FetchResult:
    asked = request.validators is not None and request.validators.url == target.url
    if response.status == _NOT_MODIFIED and not asked:
        raise Unreachable(
            Code.MALFORMED, f"{target.host} answered a question that was not asked.", target.host
        )
    headers = headers_of(response)
    content_type = response.headers.get("Content-Type", "")
    body = b""
    if response.status in _WITH_TEXT:
        _check_type(content_type, policy, target)
        body = read_whole(response, policy.limits, bounds)
    decoded = decode(body, content_type)
    return FetchResult(
        url=first.url,
        final_url=_without_nonce(target.url, request, policy),
        status=response.status,
        text=decoded.text,
        charset=decoded.charset,
        body=body,
        headers=headers,
        hops=hops,
    )


def _check_type(content_type: str, policy: Policy, target: Target) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if policy.content_types and kind not in policy.content_types:
        raise Refused(
            Code.CONTENT_TYPE, f"What {target.host} sent is not a page of text.", target.host
        )


def _with_nonce(target: Target, request: Request, policy: Policy) -> Target:
    """Only on the first address: a site may redirect to be rid of a parameter it does not know."""
    if request.nonce is None or policy.nonce_parameter is None:
        return target
    if not _NONCE.fullmatch(request.nonce):
        raise ValueError("a nonce is made of letters, digits, - and _")
    return with_parameter(target, policy.nonce_parameter, request.nonce)


def _without_nonce(url: str, request: Request, policy: Policy) -> str:
    if request.nonce is None or policy.nonce_parameter is None:
        return url
    return without_parameter(url, policy.nonce_parameter, request.nonce)
