"""Sockets that keep to a budget of time and bytes, whatever the other side does.

A time-out of a socket bounds one `recv`: a server that sends a byte a second never trips it. So
each read and write here is given what is left of the whole exchange's time, and counts.
"""

import socket
import ssl
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from core.net.addresses import Address
from core.net.errors import Code, TooLarge, TooSlow

T = TypeVar("T")

# (address, port, seconds) → a connected socket. Raises OSError.
Dial = Callable[[Address, int, float], socket.socket]

# http.client reads through a buffer of 8 KiB, which may hold a piece of the body already.
_BUFFERED = 8192


class Bounds:
    """What one exchange may still use up."""

    def __init__(self, host: str, seconds: float, monotonic: Callable[[], float]) -> None:
        self.host = host
        self._monotonic = monotonic
        self._seconds = seconds
        self._deadline = monotonic() + seconds
        self._bytes_left = 0
        self._too_large = Code.HEADERS_TOO_LARGE

    def seconds_left(self) -> float:
        """More than 0. Raises TooSlow when the time is up."""
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise self.too_slow()
        return left

    def postpone(self, seconds: float) -> None:
        """Waiting for our own turn is not the server's fault."""
        self._deadline += seconds

    def allow(self, amount: int, too_large: Code) -> None:
        """From here on `amount` bytes may come; more raise TooLarge with the given code."""
        self._bytes_left = amount + _BUFFERED
        self._too_large = too_large

    def count(self, amount: int) -> None:
        """So many bytes have come. Raises TooLarge."""
        self._bytes_left -= amount
        if self._bytes_left < 0:
            raise TooLarge(self._too_large, f"{self.host} sent more than we read.", self.host)

    def too_slow(self) -> TooSlow:
        """The error for an exchange that did not end in time."""
        return TooSlow(
            Code.TOO_SLOW, f"{self.host} did not answer within {self._seconds:g} s.", self.host
        )


def _read(sock: "BoundSocket | BoundTlsSocket", receive: Callable[[], int]) -> int:
    bounds = sock.bounds
    if bounds is None:
        return receive()
    sock.settimeout(bounds.seconds_left())
    try:
        count = receive()
    except TimeoutError:
        raise bounds.too_slow() from None
    bounds.count(count)
    return count


def _write(sock: "BoundSocket | BoundTlsSocket", send: Callable[[], T]) -> T:
    bounds = sock.bounds
    if bounds is None:
        return send()
    sock.settimeout(bounds.seconds_left())
    try:
        return send()
    except TimeoutError:
        raise bounds.too_slow() from None


class BoundSocket(socket.socket):
    """A plain connection within bounds."""

    bounds: Bounds | None = None

    @classmethod
    def taking(cls, connected: socket.socket, bounds: Bounds) -> "BoundSocket":
        """Take over a connected socket; the one given is of no use afterwards."""
        family, kind, protocol = connected.family, connected.type, connected.proto
        taken = cls(family, kind, protocol, fileno=connected.detach())
        taken.bounds = bounds
        return taken

    def recv_into(self, buffer: bytearray | memoryview, nbytes: int = 0, flags: int = 0) -> int:  # type: ignore[override]
        """As `socket.recv_into`, within the bounds."""
        return _read(self, lambda: super(BoundSocket, self).recv_into(buffer, nbytes, flags))

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
        """As `socket.sendall`, within the bounds."""
        return _write(self, lambda: super(BoundSocket, self).sendall(data, flags))


class BoundTlsSocket(ssl.SSLSocket):
    """A TLS connection within bounds. Its handshake is bounded by the socket's own time-out."""

    bounds: Bounds | None = None

    def recv_into(  # type: ignore[override]
        self, buffer: bytearray | memoryview, nbytes: int | None = None, flags: int = 0
    ) -> int:
        """As `socket.recv_into`, within the bounds."""
        return _read(self, lambda: super(BoundTlsSocket, self).recv_into(buffer, nbytes, flags))

    def send(self, data: bytes, flags: int = 0) -> int:  # type: ignore[override]
        """As `socket.send`, within the bounds; `sendall` of TLS sockets is made of these."""
        return _write(self, lambda: super(BoundTlsSocket, self).send(data, flags))


def dial_tcp(address: Address, port: int, seconds: float) -> socket.socket:
    """Connect to this very address: no name is looked up here, no proxy asked. See `Dial`."""
    return socket.create_connection((str(address), port), timeout=seconds)


def tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """What https connections are checked with: the system's authorities, or those of a file."""
    context = ssl.create_default_context(cafile=ca_file)
    context.sslsocket_class = BoundTlsSocket
    context.hostname_checks_common_name = False
    context.set_alpn_protocols(["http/1.1"])
    return context


@cache
def system_tls() -> ssl.SSLContext:
    """One for the whole process: reading the system's authorities takes some 20 ms."""
    return tls_context()


def secured(plain: BoundSocket, host: str, context: ssl.SSLContext) -> BoundTlsSocket:
    """The connection wrapped in TLS, with the host's *name* asked for and checked.

    Raises ssl.SSLError (an OSError) where the certificate is not the host's, TooSlow.
    """
    bounds = plain.bounds
    if bounds is None:
        raise ValueError("a connection without bounds")
    plain.settimeout(bounds.seconds_left())
    try:
        wrapped = context.wrap_socket(plain, server_hostname=host)
    except TimeoutError:
        raise bounds.too_slow() from None
    if not isinstance(wrapped, BoundTlsSocket):
        raise TypeError("the TLS context was not made by tls_context()")
    wrapped.bounds = bounds
    return wrapped
