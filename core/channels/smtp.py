"""The mail server: one connection a mail, encrypted where the address or the server says so."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Event, Timer
from time import monotonic
from urllib.parse import unquote, urlsplit

from core import net
from core.channels.contract import CONNECT_LIMIT, SEND_LIMIT, PassingFailure, PermanentFailure

_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_DONE, _WILL_FORWARD = 250, 251
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


def hand_over(url: str, sender: str, recipient: str, content: Callable[[], bytes]) -> None:
    """Give one message to the mail server for one recipient.

    `content` is asked when the server has taken both addresses, right before the words go out.

    Raises PermanentFailure when the server refuses it for good (5xx), PassingFailure when it
    refuses it for now, cannot be reached, does not take our log-in, or is too slow.
    """
    with _ready(url) as connection:
        code, answer = connection.mail(sender)
        if code != _DONE:
            raise smtplib.SMTPSenderRefused(code, answer, sender)
        code, answer = connection.rcpt(recipient)
        if code not in (_DONE, _WILL_FORWARD):
            raise smtplib.SMTPRecipientsRefused({recipient: (code, answer)})
        code, answer = connection.data(content())
        if code != _DONE:
            raise smtplib.SMTPDataError(code, answer)


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
                _log_in(connection, server)
            yield connection
    except smtplib.SMTPRecipientsRefused as fault:
        raise _refused("recipient", *next(iter(fault.recipients.values()))) from fault
    except smtplib.SMTPSenderRefused as fault:
        raise _refused("sender", fault.smtp_code, fault.smtp_error) from fault
    except smtplib.SMTPResponseException as fault:
        raise _refused("message", fault.smtp_code, fault.smtp_error) from fault
    except ssl.SSLError as fault:
        raise PassingFailure("The mail server's certificate or encryption is not right.") from fault
    except (smtplib.SMTPException, net.NetError, OSError, EOFError) as fault:
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
    connection = _Client(server)
    cut = Timer(SEND_LIMIT.total_seconds(), connection.cut, (late,))
    cut.daemon = True
    cut.start()
    try:
        connection.connect(server.host, server.port)
        yield connection
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
    finally:
        cut.cancel()
        connection.close()


class _Client(smtplib.SMTP):
    """smtplib's client, encrypted from the first byte if the address says so.

    Its time to connect holds for all addresses of a name together. Once connected it waits for an
    answer as long as a whole send may take: a server that looks for spam and viruses before it
    takes a mail needs its time. It can be cut off from another thread at any time, also while it
    is agreeing on encryption.
    """

    def __init__(self, server: _Server) -> None:
        super().__init__(timeout=CONNECT_LIMIT.total_seconds())
        self._server = server
        self._host = server.host  # by which starttls checks the certificate
        self._line: socket.socket | None = None  # a second hold on the connection under it all

    def cut(self, late: Event) -> None:
        """End the connection, whatever it is waiting for."""
        late.set()
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the connection."""
        super().close()
        if self._line is not None:
            self._line.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened = _dialled(host, port, timeout)
        self._line = opened.dup()
        opened.settimeout(SEND_LIMIT.total_seconds())
        if self._server.scheme != "smtps":
            return opened
        return ssl.create_default_context().wrap_socket(opened, server_hostname=host)


def _dialled(host: str, port: int, seconds: float) -> socket.socket:
    """A connection to the first address that takes one, all of them tried in that time."""
    until = monotonic() + seconds
    fault = OSError("the name has no address")
    for place in _addresses(host, seconds):
        try:
            left = max(until - monotonic(), 0.001)
            return socket.create_connection((str(place), port), left)
        except OSError as refused:
            fault = refused
    raise fault


def _addresses(host: str, seconds: float) -> tuple[net.Address, ...]:
    try:
        return (ip_address(host),)
    except ValueError:
        return net.resolve_by_system(host, seconds)


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


def _log_in(connection: smtplib.SMTP, server: _Server) -> None:
    try:
        connection.login(server.user, server.password)
    except smtplib.SMTPServerDisconnected as fault:
        raise PassingFailure("The mail server hung up at the log-in.") from fault


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
    below = fault.__context__  # smtplib tells of any end of a line that it was closed
    if late or isinstance(fault, TimeoutError) or isinstance(below, TimeoutError):
        return "The mail server was too slow."
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return "The mail server offers no log-in."
    if isinstance(fault, smtplib.SMTPServerDisconnected | EOFError | ConnectionResetError):
        return "The mail server hung up."
    return "The mail server cannot be reached."
