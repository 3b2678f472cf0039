"""The mail server: what its answers mean, and how long we wait for them."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.channels import PassingFailure, PermanentFailure, smtp
from tests.servers.mail import MailSink
from tests.servers.processes import free_port

SENDER, RECIPIENT = "tuzet@dala.example.kz", "desk@dala.example.kz"
CONTENT = b"Subject: x\r\n\r\nbody\r\n"


def _send(url: str) -> None:
    smtp.hand_over(url, SENDER, RECIPIENT, lambda: CONTENT)


def test_a_mail_goes_to_its_one_recipient(smtp_sink: MailSink) -> None:
    _send(smtp_sink.url)
    assert smtp_sink.recipients == [[RECIPIENT]]
    assert smtp_sink.messages[0].get_content().strip() == "body"


def test_a_refusal_for_good_is_permanent(smtp_sink: MailSink) -> None:
    smtp_sink.mode = "550"
    with pytest.raises(PermanentFailure, match=r"refused the recipient \(550 5\.1\.1\)"):
        _send(smtp_sink.url)


def test_a_refusal_for_now_is_passing(smtp_sink: MailSink) -> None:
    smtp_sink.mode = "451"
    with pytest.raises(PassingFailure, match=r"put the message off \(451 4\.3\.0\)"):
        _send(smtp_sink.url)


def test_a_server_that_is_away_is_passing(smtp_sink: MailSink) -> None:
    smtp_sink.mode = "down"
    with pytest.raises(PassingFailure, match="cannot be reached"):
        _send(smtp_sink.url)


def test_a_name_that_leads_nowhere_is_passing() -> None:
    with pytest.raises(PassingFailure, match="cannot be reached"):
        _send("smtp://mail.invalid")


@contextmanager
def _speaking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server of one connection that says what `talk` says."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer() -> None:
            opened, _ = server.accept()
            with opened:
                talk(opened)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{port}"
        thread.join(5)


def _say(opened: socket.socket, *lines: str) -> None:
    for line in lines:
        opened.sendall(f"{line}\r\n".encode())
        opened.recv(65536)


def test_a_server_that_hangs_up_after_the_text_is_passing() -> None:
    def talk(opened: socket.socket) -> None:
        _say(opened, "220 hello", "250 sink", "250 sender", "250 recipient", "354 go on")

    with _speaking(talk) as url, pytest.raises(PassingFailure, match="hung up"):
        _send(url)


def test_a_server_that_dribbles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "SEND_LIMIT", timedelta(seconds=0.4))
    gone = threading.Event()

    def talk(opened: socket.socket) -> None:
        try:
            while not gone.wait(0.05):
                opened.sendall(b"220-still greeting\r\n")
        except OSError:
            gone.set()

    try:
        with _speaking(talk) as url, pytest.raises(PassingFailure, match="too slow"):
            _send(url)
    finally:
        gone.set()


def _slow_to_take(gone: threading.Event, seconds: float) -> Callable[[socket.socket], None]:
    def talk(opened: socket.socket) -> None:
        _say(opened, "220 hello", "250 sink", "250 sender", "250 recipient", "354 go on")
        if not gone.wait(seconds):
            _say(opened, "250 taken", "221 bye")

    return talk


def test_a_server_may_look_at_a_mail_for_longer_than_connecting_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "CONNECT_LIMIT", timedelta(seconds=0.3))
    with _speaking(_slow_to_take(threading.Event(), 0.6)) as url:
        _send(url)


@pytest.mark.parametrize("is_cut", [True, False])
def test_a_server_that_needs_longer_than_a_whole_send_is_too_slow(
    monkeypatch: pytest.MonkeyPatch, is_cut: bool
) -> None:
    """Whether the line is cut when the time is over, or the last read ends by itself before."""
    monkeypatch.setattr(smtp, "CONNECT_LIMIT", timedelta(seconds=0.3))
    monkeypatch.setattr(smtp, "SEND_LIMIT", timedelta(seconds=0.6))
    if not is_cut:
        monkeypatch.setattr(smtp, "Timer", lambda _seconds, *rest: threading.Timer(20, *rest))
    gone = threading.Event()
    with _speaking(_slow_to_take(gone, 20)) as url:
        with pytest.raises(PassingFailure, match="too slow"):
            _send(url)
        gone.set()


def test_what_a_server_says_is_not_repeated() -> None:
    def talk(opened: socket.socket) -> None:
        _say(opened, "220 hello", "250 sink", "550 5.7.1 <desk@dala.example.kz> балаларга secret")

    with _speaking(talk) as url, pytest.raises(PermanentFailure) as failure:
        _send(url)
    assert failure.value.reason == "The mail server refused the sender (550 5.7.1)."


@contextmanager
def _server(**options: Any) -> Iterator[Controller]:
    class Sink:
        received = 0

        async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
            self, _server: Any, _session: Any, _envelope: Any
        ) -> str:
            Sink.received += 1
            return "250 OK"

    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop(no_assert=True)


def _log_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = data.login == b"tuzet" and data.password == b"p@ss/word"
    return AuthResult(success=right, handled=False)  # the answer is the server's own


def test_a_password_goes_to_this_machine_in_the_clear() -> None:
    with _server(authenticator=_log_in, auth_require_tls=False) as server:
        _send(f"smtp://tuzet:p%40ss%2Fword@127.0.0.1:{server.port}")
        assert server.handler.received == 1


def test_a_wrong_password_is_passing_and_not_told() -> None:
    with _server(authenticator=_log_in, auth_require_tls=False) as server:
        with pytest.raises(PassingFailure, match=r"does not take the log-in \(535") as failure:
            _send(f"smtp://tuzet:wrong@127.0.0.1:{server.port}")
        assert "wrong" not in failure.value.reason


def test_a_password_never_goes_to_another_machine_in_the_clear(
    monkeypatch: pytest.MonkeyPatch, smtp_sink: MailSink
) -> None:
    monkeypatch.setattr(smtp, "_addresses", lambda *_: (ip_address("127.0.0.1"),))
    with pytest.raises(PassingFailure, match="no encryption"):
        _send(f"smtp://tuzet:secret@mail.example.kz:{smtp_sink.port}")
    with pytest.raises(PassingFailure, match="no encryption"):
        _send(f"smtp+starttls://mail.example.kz:{smtp_sink.port}")
    assert smtp_sink.attempts == 0


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_encryption_is_used_where_it_is_offered(certificate: Path) -> None:
    with _server(tls_context=_context(certificate), require_starttls=True) as server:
        _send(f"smtp://127.0.0.1:{server.port}")
        assert server.handler.received == 1


def test_where_it_is_demanded_a_false_certificate_is_refused(certificate: Path) -> None:
    with _server(tls_context=_context(certificate)) as server:
        with pytest.raises(PassingFailure, match="certificate"):
            _send(f"smtp+starttls://127.0.0.1:{server.port}")
        assert server.handler.received == 0


def test_smtps_is_encrypted_from_the_first_byte(certificate: Path) -> None:
    with (
        _server(ssl_context=_context(certificate)) as server,
        pytest.raises(PassingFailure, match="certificate"),
    ):
        _send(f"smtps://127.0.0.1:{server.port}")
