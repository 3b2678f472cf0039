"""The address is pinned, the name is what is asked for and what the certificate must carry."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.net import (
    Code,
    FetchResult,
    Limits,
    NetError,
    Policy,
    Request,
    TooSlow,
    Unreachable,
    allow,
    fetch,
    tls_context,
)
from tests.core.net.foreign import PUBLIC, ForeignServer, Heard, Internet, SteppingClock, head

URL = "https://dala.example/news"


class Authority:
    """A certificate authority that only the tests know."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
        own = self._certificate(self._name, self._key.public_key(), [], ca=True)
        self.file = folder / "ca.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def server_side(self, *names: str, common_name: str = "") -> ssl.SSLContext:
        """A server's context with a certificate for these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name or names[0])])
        alternatives = [_alternative(name) for name in names]
        signed = self._certificate(subject, key.public_key(), alternatives)
        file = self._folder / f"{subject.public_bytes().hex()}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _certificate(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        names: list[x509.GeneralName],
        *,
        ca: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def serving(context: ssl.SSLContext) -> Iterator[tuple[ForeignServer, Internet]]:
    server = ForeignServer(context)
    internet = Internet()
    internet.name("dala.example", [PUBLIC])
    internet.routes[PUBLIC] = server.port
    server.page("/news", "<p>тыныш</p>")
    try:
        yield server, internet
    finally:
        server.stop()


def read(internet: Internet, ca: Path | None, url: str = URL, **outside: object) -> FetchResult:
    policy = Policy(hosts=allow([url]), limits=Limits(total_seconds=10))
    context = tls_context(str(ca) if ca else None)
    return fetch(Request(url=url), policy, internet.outside(tls=context, **outside))


def failing(internet: Internet, ca: Path | None, url: str = URL, **outside: object) -> NetError:
    with pytest.raises(NetError) as raised:
        read(internet, ca, url, **outside)
    return raised.value


def test_the_name_is_kept_while_the_address_is_dialled(authority: Authority) -> None:
    with serving(authority.server_side("dala.example")) as (server, internet):
        assert read(internet, authority.file).text == "<p>тыныш</p>"
        assert internet.dialled == [(PUBLIC, 443)]
        assert server.server_names == ["dala.example"]
        assert server.heard[0].headers["host"] == "dala.example"


@pytest.mark.parametrize("names", [("evil.example",), (PUBLIC,), ("*.dala.example",)])
def test_a_certificate_of_another_name_is_not_trusted(
    authority: Authority, names: tuple[str, ...]
) -> None:
    with serving(authority.server_side(*names)) as (server, internet):
        assert failing(internet, authority.file).code == Code.CERTIFICATE
        assert server.heard == []


def test_a_common_name_is_not_enough(authority: Authority) -> None:
    context = authority.server_side("x.example", common_name="dala.example")
    with serving(context) as (_server, internet):
        assert failing(internet, authority.file).code == Code.CERTIFICATE


def test_an_unknown_authority_is_not_trusted(authority: Authority) -> None:
    with serving(authority.server_side("dala.example")) as (server, internet):
        fault = failing(internet, None)
        assert isinstance(fault, Unreachable)
        assert fault.code == Code.CERTIFICATE
        assert server.heard == []


def test_an_ip_address_may_have_a_certificate(authority: Authority) -> None:
    with serving(authority.server_side("127.0.0.1")) as (server, internet):
        url = f"https://127.0.0.1:{server.port}/news"
        networks = (ip_network("127.0.0.0/8"),)
        assert read(internet, authority.file, url, private_networks=networks).status == 200


def test_a_server_that_speaks_no_tls_is_unreachable(
    authority: Authority, server: ForeignServer, internet: Internet
) -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server._serve = answer  # type: ignore[method-assign]
    assert failing(internet, authority.file).code in {Code.TLS, Code.BROKEN_OFF}


def test_a_handshake_that_never_ends_ends_with_the_time(
    authority: Authority, internet: Internet
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        internet.routes[PUBLIC] = silent.getsockname()[1]
        policy = Policy(hosts=allow([URL]), limits=Limits(total_seconds=0.2))
        outside = internet.outside(tls=tls_context(str(authority.file)))
        with pytest.raises(TooSlow):
            fetch(Request(url=URL), policy, outside)


def test_drips_and_floods_end_within_tls_too(authority: Authority) -> None:
    with serving(authority.server_side("dala.example")) as (server, internet):

        def drip(connection: socket.socket, _heard: Heard) -> None:
            connection.sendall(head("200 OK", "Content-Length: 90000"))
            while not server.pause(0.001):
                connection.sendall(b"x")

        def flood(connection: socket.socket, _heard: Heard) -> None:
            connection.sendall(head("200 OK"))
            while True:  # until the other side has had enough and closes
                connection.sendall(b"x" * 65_536)

        server.paths["/news"] = drip
        clock = SteppingClock(1)
        fault = failing(internet, authority.file, monotonic=clock.monotonic)
        assert isinstance(fault, TooSlow)
        server.paths["/news"] = flood
        assert failing(internet, authority.file).code == Code.BODY_TOO_LARGE


def test_a_redirect_from_plain_to_secure_is_followed(
    authority: Authority, server: ForeignServer
) -> None:
    server.redirect("/news", "https://dala.example/news")
    with serving(authority.server_side("dala.example")) as (secure, internet):
        plain_port, secure_port = server.port, secure.port

        def dial(address: object, port: int, seconds: float) -> socket.socket:
            local = {80: plain_port, 443: secure_port}[port]
            return socket.create_connection(("127.0.0.1", local), seconds)

        policy = Policy(hosts=allow(["http://dala.example"]))
        outside = internet.outside(dial=dial, tls=tls_context(str(authority.file)))
        result = fetch(Request(url="http://dala.example/news"), policy, outside)
        assert result.final_url == URL
