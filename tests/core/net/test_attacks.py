"""Hostile addresses, each tried twice: as a page of a site, and as a webhook's target.

Nothing is dialled but loopback: the resolver and the way to public addresses are pretended, and a
canary on the real 127.0.0.1 hears whatever gets through.
"""

from __future__ import annotations

import gzip
import json
import socket
import zlib
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import brotli
import pytest

from core.net import (
    Call,
    FetchResult,
    Limits,
    NetError,
    Policy,
    Refused,
    Request,
    allow,
    call,
    fetch,
    special_range,
)
from tests.core.net.foreign import (
    PUBLIC,
    Behaviour,
    ForeignServer,
    Heard,
    Internet,
    canary,
    head,
    reset,
)

SITE = "dala.example"
OTHER_PUBLIC = "1.1.1.1"
NAMES = {
    "localhost": ["::1", "127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "ip6-loopback": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "kubernetes.default.svc": ["10.96.0.1"],
    "host.docker.internal": ["192.168.65.2"],
    "redis": ["172.18.0.2"],
    "db": ["172.18.0.3"],
    "127.0.0.1.nip.io": ["127.0.0.1"],
    "localtest.me": ["127.0.0.1"],
    "evil.example": [OTHER_PUBLIC],
    f"{SITE}.evil.example": [OTHER_PUBLIC],
    f"evil-{SITE}": [OTHER_PUBLIC],
    "mixed.example": [OTHER_PUBLIC, "127.0.0.1"],
}
# {PORT} is the canary's port on loopback.
OWN = [
    "http://127.0.0.1:{PORT}/",
    "http://localhost:{PORT}/",
    "http://LocalHost.:{PORT}/",
    "http://127.1:{PORT}/",
    "http://0x7f000001:{PORT}/",
    "http://017700000001:{PORT}/",
    "http://①②⑦.⓪.⓪.①:{PORT}/",
    "http://%6c%6fcalhost:{PORT}/",
    "http:\\\\127.0.0.1:{PORT}\\",
    "\thttp://127.0.0.1:{PORT}/",
    "http://127.0.0\n.1:{PORT}/",
    "http://[::1]:{PORT}/",
    "http://[::ffff:127.0.0.1]:{PORT}/",
    "http://[::ffff:0:127.0.0.1]:{PORT}/",
    "http://[64:ff9b::127.0.0.1]:{PORT}/",
    "http://[2002:7f00:1::1]:{PORT}/",
    "http://dala.example@127.0.0.1:{PORT}/",
    "http://127.0.0.1:{PORT}\\@dala.example/",
    "http://mixed.example:{PORT}/",
    "http://localtest.me:{PORT}/",
    "ftp://127.0.0.1:{PORT}/",
]


@dataclass(frozen=True)
class Attempt:
    """What became of one address, and who was dialled."""

    error: NetError | None
    result: FetchResult | None
    dialled: list[tuple[str, int]]


def as_page(internet: Internet, url: str, limits: Limits) -> Attempt:
    policy = Policy(hosts=allow([f"http://{SITE}"]), limits=limits)
    internet.dialled.clear()
    try:
        result = fetch(Request(url=url), policy, internet.outside())
    except NetError as error:
        return Attempt(error, None, list(internet.dialled))
    return Attempt(None, result, list(internet.dialled))


def as_webhook(internet: Internet, url: str) -> Attempt:
    internet.dialled.clear()
    try:
        call(Call(url=url, body=b"{}", limits=Limits(total_seconds=0.3)), internet.outside())
    except NetError as error:
        return Attempt(error, None, list(internet.dialled))
    return Attempt(None, None, list(internet.dialled))


@pytest.fixture
def hostile(server: ForeignServer, internet: Internet) -> Internet:
    for name, addresses in NAMES.items():
        internet.name(name, addresses)
    internet.name("rebind.test", [OTHER_PUBLIC], ["127.0.0.1"])
    misbehave(server)
    return internet


@pytest.mark.parametrize("template", OWN)
def test_an_address_of_loopback_is_refused_in_every_disguise(
    hostile: Internet, template: str
) -> None:
    with canary() as listener:
        url = template.replace("{PORT}", str(listener.port))
        for attempt in (as_page(hostile, url, Limits()), as_webhook(hostile, url)):
            assert isinstance(attempt.error, Refused)
            assert attempt.dialled == []


def test_every_recorded_hostile_address_is_refused_or_bounded(
    hostile: Internet, shared_data: Path
) -> None:
    items = json.loads((shared_data / "attack" / "ssrf_urls.json").read_text())["items"]
    assert len(items) > 100
    with canary() as listener:
        faults = [
            f"{item['id']} {item['url']}: {fault}"
            for item in items
            if (fault := _fault(hostile, item, str(listener.port)))
        ]
    assert faults == []


def _fault(internet: Internet, item: dict[str, str], port: str) -> str | None:
    """What is wrong with how an item ended; None if nothing."""
    url = item["url"].replace("{PORT}", port).replace("{ALLOWED}", SITE)
    slow = any(path in url for path in ("/slow", "/never"))
    page = as_page(internet, url, Limits(total_seconds=0.4 if slow else 20.0))
    hook = as_webhook(internet, url)
    if any(special_range(ip_address(address)) for address, _ in (*page.dialled, *hook.dialled)):
        return "a special address was dialled"
    if any(address != PUBLIC for address, _ in page.dialled):
        return "somebody else than the site was dialled"
    if item["expect"] == "allowed":
        return None if page.result and page.result.status == 200 else f"{page.error}"
    if item["expect"] == "blocked" and page.result is not None:
        # Harmless by construction: the site itself answered, and nobody else was asked.
        return None if page.result.final_url.startswith(f"http://{SITE}/") else "it was read"
    if page.result is not None and len(page.result.body) > Limits().decoded_bytes:
        return "it had no bounds"
    return None


def misbehave(server: ForeignServer) -> None:
    """The paths that the recorded addresses ask for."""
    server.paths |= {
        "/redir": redirect_to_query("302 Found"),
        "/redir307": redirect_to_query("307 Temporary Redirect"),
        "/big/100000000": big,
        "/slow": dripping(server, head("200 OK", "Content-Length: 90000")),
        "/slowheaders": dripping(server, b"HTTP/1.1 200 OK\r\nX-Slow: "),
        "/never": dripping(server, b"", silent=True),
        "/rst": broken,
    }
    server.redirect("/loop", "/loop")
    for number in range(50, 0, -1):
        server.redirect(f"/chain/{number}", f"/chain/{number - 1}")
    for path in ("/refresh", "/canonical"):
        server.page(path, '<meta http-equiv=refresh content="0;url=http://127.0.0.1/">')
    server.page("/gzipbomb", gzip_bomb(10_000), "Content-Encoding: gzip")
    server.page("/brbomb", brotli.compress(b"0" * 50_000_000, quality=1), "Content-Encoding: br")
    layers = gzip.compress(gzip.compress(gzip.compress(b"0" * 1_000_000)))
    server.page("/deepgzip", layers, "Content-Encoding: gzip, gzip, gzip")
    server.answers("/hugeheaders", head("200 OK", *(f"X-{n}: {'y' * 1000}" for n in range(1000))))
    server.answers("/badlen", head("200 OK", "Content-Length: 9000"), b"half")
    server.answers("/dupclen", head("200 OK", "Content-Length: 1", "Content-Length: 2"), b"ab")
    server.page("/binary", b"\x89PNG", "Content-Type: image/png")
    server.page("/utf16", "<p>түзет</p>".encode("utf-16"))
    server.page("/latin1", "<p>Привет</p>".encode("cp1251"), "Content-Type: text/html")
    server.page("/deepdom", "<div>" * 100_000)
    server.page("/bigattr", f'<p title="{"x" * 5_000_000}">')
    server.page("/nulbytes", b"<p>a\0b</p>")
    server.page("/ok", "<p>An article.</p>")


def redirect_to_query(status: str) -> Behaviour:
    def send(connection: socket.socket, heard: Heard) -> None:
        to = heard.path.partition("to=")[2]
        connection.sendall(head(status, f"Location: {to}", "Content-Length: 0"))

    return send


def dripping(server: ForeignServer, start: bytes, *, silent: bool = False) -> Behaviour:
    def send(connection: socket.socket, _heard: Heard) -> None:
        connection.sendall(start)
        while not server.pause(0.05):
            connection.sendall(b"" if silent else b"x")

    return send


def big(connection: socket.socket, _heard: Heard) -> None:
    connection.sendall(head("200 OK", "Transfer-Encoding: chunked"))
    for _ in range(100_000_000 // 65_536):
        connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def broken(connection: socket.socket, _heard: Heard) -> None:
    connection.sendall(head("200 OK", "Content-Length: 9000") + b"half")
    reset(connection)


def gzip_bomb(megabytes: int) -> bytes:
    """A gzip stream that unpacks to so many megabytes, made of one block over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(b"0" * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * megabytes
