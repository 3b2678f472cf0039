"""The mail server: one connection a mail, encrypted where the address or the server says so."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Timer
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

from core.channels.contract import CONNECT_LIMIT, SEND_LIMIT, PassingFailure, PermanentFailure

_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_ABOUT_OUR_ACCOUNT = {530, 534, 535, 538}
_PORTS = {"smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True)
class _Server:
    """What TUZET_SMTP_URL says. `smtp` encrypts if the server can, the other two always."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @property
    def is_loopback(self) -> bool:
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")

    @property
    def must_be_private(self) -> bool:
        """A password never leaves this machine in the clear, or towards somebody unproven."""
        return self.scheme != "smtp" or (bool(self.user) and not self.is_loopback)


def hand_over(url: str, sender: str, recipient: str, content: bytes) -> None:
    """Give one message to the mail server for one recipient.

    Raises PermanentFailure when the server refuses it for good (5xx), PassingFailure when it
    refuses it for now, cannot be reached, does not take our log-in, or is too slow.
    """
    with _ready(url) as connection:
        connection.sendmail(sender, [recipient], content)


def greet(url: str) -> None:
    """Come as far as one can without a mail: connected, encrypted, logged in.

    Raises what hand_over raises.
    """
    with _ready(url) as connection:
        connection.noop()


@contextmanager
def _ready(url: str) -> Iterator[smtplib.SMTP]:
    """A connection that takes mail. What goes wrong with it comes out as one of the failures."""
    server = _server(url)
    late = Event()
    try:
        with _connected(server, late) as connection:
            connection.ehlo_or_helo_if_needed()
            _encrypt(connection, server)
            if server.user:
                connection.login(server.user, server.password)
            yield connection
    except smtplib.SMTPRecipientsRefused as fault:
        raise _refused("recipient", *next(iter(fault.recipients.values()))) from fault
    except smtplib.SMTPSenderRefused as fault:
        raise _refused("sender", fault.smtp_code, fault.smtp_error) from fault
    except smtplib.SMTPResponseException as fault:
        raise _refused("message", fault.smtp_code, fault.smtp_error) from fault
    except ssl.SSLError as fault:
        raise PassingFailure("The mail server's certificate or encryption is not right.") from fault
    except (smtplib.SMTPException, OSError, EOFError) as fault:
        raise PassingFailure(_unreachable(fault, late.is_set())) from fault


def _server(url: str) -> _Server:
    parts = urlsplit(url)
    user = unquote(parts.username or "")
    port = parts.port or _PORTS.get(parts.scheme) or (587 if user else 25)
    return _Server(parts.scheme, parts.hostname or "", port, user, unquote(parts.password or ""))


@contextmanager
def _connected(server: _Server, late: Event) -> Iterator[smtplib.SMTP]:
    """A connection that is cut when the time for one send is over.

    The limits of smtplib hold for one read each: a server that dribbles would get round them.
    """
    kind: type[_Plain] = _Encrypted if server.scheme == "smtps" else _Plain
    started = monotonic()
    connection = kind(server.host, server.port)
    left = SEND_LIMIT.total_seconds() - (monotonic() - started)
    cut = Timer(max(left, 0.0), _cut, (connection, late))
    cut.daemon = True
    cut.start()
    try:
        yield connection
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
    finally:
        cut.cancel()
        connection.close()


def _cut(connection: smtplib.SMTP, late: Event) -> None:
    late.set()
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


class _Plain(smtplib.SMTP):
    """smtplib's client, but its time to connect holds for all addresses of a name together."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port, timeout=CONNECT_LIMIT.total_seconds())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        until = monotonic() + timeout
        fault = OSError("the name has no address")
        for family, kind, protocol, _, place in _addresses(host, port, timeout):
            left = until - monotonic()
            if left <= 0:
                raise TimeoutError
            opened = socket.socket(family, kind, protocol)
            opened.settimeout(left)
            try:
                opened.connect(place)
            except OSError as refused:
                opened.close()
                fault = refused
            else:
                opened.settimeout(timeout)
                return self._wrapped(opened, host)
        raise fault

    def _wrapped(self, opened: socket.socket, host: str) -> socket.socket:  # noqa: ARG002
        return opened


class _Encrypted(_Plain):
    """The same, encrypted from the first byte."""

    def _wrapped(self, opened: socket.socket, host: str) -> socket.socket:
        return ssl.create_default_context().wrap_socket(opened, server_hostname=host)


def _addresses(host: str, port: int, seconds: float) -> list[Any]:
    """What the name leads to. The system's look-up knows no time limit, so it gets a thread."""
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM).result(seconds)
    finally:
        pool.shutdown(wait=False)


def _encrypt(connection: smtplib.SMTP, server: _Server) -> None:
    """Turn encryption on where the server offers it.

    Without a password to guard, any certificate will do: whoever could put a false one in place
    could also hide the offer, and a mail in the clear would be worse.
    """
    if server.scheme == "smtps":
        return
    if connection.has_extn("starttls"):
        context = ssl.create_default_context()
        if not server.must_be_private:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        connection.starttls(context=context)
        connection.ehlo()
    elif server.must_be_private:
        raise PassingFailure("The mail server offers no encryption, and a password needs it.")


def _refused(what: str, code: int, answer: bytes | str) -> PermanentFailure | PassingFailure:
    """The failure for an answer. Its words may quote the mail, so only its numbers are kept."""
    raw = answer.encode("utf-8", "replace") if isinstance(answer, str) else answer
    enhanced = _ENHANCED.match(raw)
    number = f"{code} {enhanced[1].decode()}" if enhanced else str(code)
    if code in _ABOUT_OUR_ACCOUNT:
        return PassingFailure(f"The mail server does not take the log-in ({number}).")
    if 500 <= code < 600:
        return PermanentFailure(f"The mail server refused the {what} ({number}).")
    return PassingFailure(f"The mail server put the {what} off ({number}).")


def _unreachable(fault: Exception, late: bool) -> str:
    if late or isinstance(fault, TimeoutError):
        return "The mail server was too slow."
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return "The mail server offers no log-in."
    if isinstance(fault, smtplib.SMTPServerDisconnected | EOFError | ConnectionResetError):
        return "The mail server hung up."
    return "The mail server cannot be reached."
