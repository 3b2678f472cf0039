"""One request and its answer, over a connection to an address that was checked."""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, IncompleteRead

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from core.net.addresses import Address, Network, dialable
from core.net.errors import Code, Refused, Unreachable
from core.net.gate import Gate
from core.net.names import Resolve, resolve_by_system
from core.net.sockets import Bounds, BoundSocket, Dial, dial_tcp, secured, system_tls
from core.net.targets import Target

_CHUNK = 64 * 1024
_ADDRESSES_TRIED = 3
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_OUR_HEADERS = frozenset(
    {"host", "user-agent", "connection", "content-length", "transfer-encoding", "expect", "upgrade"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one exchange may take, its redirects included. Seconds and bytes."""

    total_seconds: float = 20.0
    connect_seconds: float = 5.0
    header_bytes: int = 64 * 1024  # for each answer
    body_bytes: int = 5 * 1024 * 1024  # as sent
    decoded_bytes: int = 10 * 1024 * 1024
    redirects: int = 5
    patience: float = 15.0  # to wait for a turn at each host


@dataclass(frozen=True, kw_only=True)
class Outside:
    """The world as the installation lets us reach it. Made once, at a door, and passed in."""

    user_agent: str
    private_networks: tuple[Network, ...] = ()
    gate: Gate | None = None
    resolve: Resolve = resolve_by_system
    dial: Dial = dial_tcp
    tls: ssl.SSLContext = field(default_factory=system_tls)  # always made by tls_context()
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is sent. Neither address nor headers are shown in a repr: they may carry tokens."""

    target: Target
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


def user_agent(version: str, base_url: str) -> str:
    """How we name ourselves to other people's servers, with a page that says who we are."""
    return re.sub(r"[^\x20-\x7e]", "", f"Tuzet/{version} (+{base_url})")


@contextmanager
def answering(
    outgoing: Outgoing, limits: Limits, bounds: Bounds, outside: Outside
) -> Iterator[HTTPResponse]:
    """Send a request and give its answer, with the headers read and the body not yet.

    The name is resolved once and the connection goes to an address that was checked, while the
    Host header, the TLS server name and the certificate stay those of the name. The connection is
    closed at the end. Raises NetError, and turns what goes wrong in the body of the `with` into it.
    """
    target = outgoing.target
    _check_headers(outgoing.headers)
    connection = HTTPConnection(target.host, target.port, blocksize=_CHUNK)
    response: HTTPResponse | None = None
    try:
        connection.sock = _connected(target, limits, bounds, outside)
        bounds.allow(limits.header_bytes, Code.HEADERS_TOO_LARGE)
        connection.request(
            outgoing.method,
            target.path,
            body=outgoing.body,
            headers={
                **outgoing.headers,
                "Host": target.authority,
                "User-Agent": outside.user_agent,
                "Connection": "close",
            },
            preload_content=False,
        )
        response = connection.getresponse()
        bounds.allow(limits.body_bytes, Code.BODY_TOO_LARGE)
        yield response
    except (HTTPError, HTTPException, OSError) as fault:
        raise _unreachable(target.host, fault) from fault
    finally:
        if response is not None:
            response.close()
        connection.close()


def headers_of(response: HTTPResponse) -> tuple[tuple[str, str], ...]:
    """Names in lower case; values as text, with raw UTF-8 (which many servers send) understood."""
    return tuple((name.lower(), _as_text(value)) for name, value in response.headers.items())


def _as_text(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except ValueError:
        return value


def _connected(target: Target, limits: Limits, bounds: Bounds, outside: Outside) -> socket.socket:
    known = (
        (target.address,)
        if target.address is not None
        else outside.resolve(target.host, bounds.seconds_left())
    )
    addresses = dialable(target.host, known, outside.private_networks)[:_ADDRESSES_TRIED]
    plain = BoundSocket.taking(_dial_first(target, addresses, limits, bounds, outside), bounds)
    if target.scheme == "http":
        return plain
    try:
        return secured(plain, target.host, outside.tls)
    except BaseException:
        plain.close()
        raise


def _dial_first(
    target: Target, addresses: tuple[Address, ...], limits: Limits, bounds: Bounds, outside: Outside
) -> socket.socket:
    """A connection to the first address that takes one."""
    for address in addresses:
        try:
            return outside.dial(
                address, target.port, min(limits.connect_seconds, bounds.seconds_left())
            )
        except OSError:  # the next address may answer
            continue
    raise Unreachable(Code.NO_CONNECTION, f"{target.host} takes no connection.", target.host)


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        known = _HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)
        if not known or name.lower() in _OUR_HEADERS:
            raise Refused(Code.HEADER, f"The header {name[:40]!r} cannot be sent.")


def _unreachable(host: str, fault: Exception) -> Unreachable:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return Unreachable(
            Code.CERTIFICATE,
            f"The certificate of {host} is not trusted: {fault.verify_message}",
            host,
        )
    if isinstance(fault, ssl.SSLError):
        return Unreachable(Code.TLS, f"No secure connection to {host} could be made.", host)
    cause = fault.__cause__ or fault.__context__  # urllib3 wraps what it catches
    if any(isinstance(error, (OSError, IncompleteRead)) for error in (fault, cause)):
        return Unreachable(Code.BROKEN_OFF, f"{host} broke the connection off.", host)
    return Unreachable(Code.MALFORMED, f"{host} gave an answer that cannot be read.", host)
