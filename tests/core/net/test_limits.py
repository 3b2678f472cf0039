"""Servers that send too much or too slowly. The limits are small here, the rules the same."""

from __future__ import annotations

import gzip
import socket
import zlib

import brotli
import pytest

from core.net import Code, Limits, NetError, Policy, Request, TooLarge, TooSlow, allow, fetch
from tests.core.net.foreign import ForeignServer, Heard, Internet, SteppingClock, head, reset

URL = "http://dala.example/news"
SMALL = Limits(total_seconds=20, body_bytes=100_000, decoded_bytes=1_000_000, header_bytes=16_384)
ZEROS = b"0" * 50_000_000


def ended(internet: Internet, limits: Limits = SMALL, **outside: object) -> NetError:
    policy = Policy(hosts=allow(["http://dala.example"]), limits=limits)
    with pytest.raises(NetError) as raised:
        fetch(Request(url=URL), policy, internet.outside(**outside))
    return raised.value


def unpacked(internet: Internet) -> str:
    policy = Policy(hosts=allow(["http://dala.example"]), limits=SMALL)
    return fetch(Request(url=URL), policy, internet.outside()).text


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"<p>page</p>")),
        ("x-gzip", gzip.compress(b"<p>page</p>")),
        ("deflate", zlib.compress(b"<p>page</p>")),
        ("deflate", zlib.compress(b"<p>page</p>")[2:-4]),
        ("br", brotli.compress(b"<p>page</p>")),
        ("identity", b"<p>page</p>"),
    ],
)
def test_packed_pages_are_read(
    server: ForeignServer, internet: Internet, coding: str, body: bytes
) -> None:
    server.page("/news", body, f"Content-Encoding: {coding}")
    assert unpacked(internet) == "<p>page</p>"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(ZEROS, 9)),
        ("deflate", zlib.compress(ZEROS, 9)),
        ("br", brotli.compress(ZEROS, quality=1)),
    ],
)
def test_a_bomb_ends_at_the_limit_of_what_is_unpacked(
    server: ForeignServer, internet: Internet, coding: str, body: bytes
) -> None:
    server.page("/news", body, f"Content-Encoding: {coding}")
    fault = ended(internet)
    assert isinstance(fault, TooLarge)
    assert fault.code == Code.DECODED_TOO_LARGE


LONG = b"".join(b"<p>%d</p>" % number for number in range(40_000))


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(LONG)),
        ("deflate", zlib.compress(LONG)),
        ("deflate", zlib.compress(LONG)[2:-4]),
        ("br", brotli.compress(LONG, quality=3)),
    ],
)
def test_half_a_packed_page_is_not_taken_for_a_page(
    server: ForeignServer, internet: Internet, coding: str, body: bytes
) -> None:
    server.page("/news", body, f"Content-Encoding: {coding}")
    assert unpacked(internet).encode() == LONG
    for end in (len(body) // 2, len(body) - 1, 2):
        server.page("/news", body[:end], f"Content-Encoding: {coding}")
        assert ended(internet).code == Code.BROKEN_OFF


def test_gzip_in_several_members_is_read(server: ForeignServer, internet: Internet) -> None:
    halves = gzip.compress(LONG[:1000]) + gzip.compress(b"") + gzip.compress(LONG[1000:])
    server.page("/news", halves, "Content-Encoding: gzip")
    assert unpacked(internet).encode() == LONG


def test_rubbish_after_a_packed_page_is_overlooked(
    server: ForeignServer, internet: Internet
) -> None:
    server.page("/news", gzip.compress(b"page") + b"\0\0rubbish" * 9000, "Content-Encoding: gzip")
    assert unpacked(internet) == "page"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_an_empty_page_may_call_itself_packed(
    server: ForeignServer, internet: Internet, coding: str
) -> None:
    server.page("/news", b"", f"Content-Encoding: {coding}")
    assert unpacked(internet) == ""


@pytest.mark.parametrize("coding", ["gzip, gzip, gzip", "gzip,br", "zstd", "compress", "x\0"])
def test_layers_of_packing_and_unknown_ones_are_not_read(
    server: ForeignServer, internet: Internet, coding: str
) -> None:
    server.page("/news", b"x", f"Content-Encoding: {coding}")
    assert ended(internet).code == Code.ENCODING


def test_two_headers_of_packing_are_layers_too(server: ForeignServer, internet: Internet) -> None:
    server.page("/news", b"x", "Content-Encoding: gzip", "Content-Encoding: gzip")
    assert ended(internet).code == Code.ENCODING


def test_a_body_announced_as_too_large_is_not_begun(
    server: ForeignServer, internet: Internet
) -> None:
    server.answers("/news", head("200 OK", "Content-Length: 100000000"))
    assert ended(internet).code == Code.BODY_TOO_LARGE


def _without_end(connection: socket.socket, piece: bytes) -> None:
    while True:  # until the other side has had enough and closes
        connection.sendall(piece)


def test_a_body_without_an_end_ends_at_the_limit(server: ForeignServer, internet: Internet) -> None:
    def endless(connection: socket.socket, _heard: Heard) -> None:
        connection.sendall(head("200 OK", "Transfer-Encoding: chunked"))
        _without_end(connection, b"1000\r\n" + b"x" * 4096 + b"\r\n")

    server.paths["/news"] = endless
    assert ended(internet).code == Code.BODY_TOO_LARGE


def test_chunks_of_nothing_but_framing_count(server: ForeignServer, internet: Internet) -> None:
    def framing(connection: socket.socket, _heard: Heard) -> None:
        connection.sendall(head("200 OK", "Transfer-Encoding: chunked"))
        _without_end(connection, b"1;" + b"e" * 8000 + b"\r\nx\r\n")

    server.paths["/news"] = framing
    assert ended(internet).code == Code.BODY_TOO_LARGE


@pytest.mark.parametrize(
    "flood",
    [b"X-Filler: " + b"y" * 1000 + b"\r\n", b"z" * 4096, b"HTTP/1.1 100 Continue\r\n\r\n"],
    ids=["many", "one line", "interim answers"],
)
def test_headers_without_an_end_end(
    server: ForeignServer, internet: Internet, flood: bytes
) -> None:
    def endless(connection: socket.socket, _heard: Heard) -> None:
        if not flood.startswith(b"HTTP"):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
        _without_end(connection, flood)

    server.paths["/news"] = endless
    assert ended(internet).code == Code.HEADERS_TOO_LARGE


def test_a_byte_each_second_ends_with_the_time(server: ForeignServer, internet: Internet) -> None:
    def drip(connection: socket.socket, _heard: Heard) -> None:
        connection.sendall(head("200 OK", "Content-Length: 90000"))
        while not server.pause(0.001):
            connection.sendall(b"x")

    server.paths["/news"] = drip
    clock = SteppingClock(1)
    fault = ended(internet, monotonic=clock.monotonic)
    assert isinstance(fault, TooSlow)
    assert clock.now < 30


def test_slow_headers_end_with_the_time(server: ForeignServer, internet: Internet) -> None:
    def drip(connection: socket.socket, _heard: Heard) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not server.pause(0.001):
            connection.sendall(b"x")

    server.paths["/news"] = drip
    clock = SteppingClock(1)
    assert isinstance(ended(internet, monotonic=clock.monotonic), TooSlow)
    assert clock.now < 30


def test_slow_redirects_share_one_time(server: ForeignServer, internet: Internet) -> None:
    for number in range(5):
        server.redirect(f"/{number}" if number else "/news", f"/{number + 1}")
    server.page("/5", "x")
    clock = SteppingClock(2)
    assert isinstance(ended(internet, monotonic=clock.monotonic), TooSlow)


def test_a_server_that_never_answers_ends_with_the_time(
    server: ForeignServer, internet: Internet
) -> None:
    def silent(_connection: socket.socket, _heard: Heard) -> None:
        server.pause(30)

    server.paths["/news"] = silent
    assert isinstance(ended(internet, Limits(total_seconds=0.2)), TooSlow)


def test_a_name_server_that_is_slow_takes_from_the_same_time(internet: Internet) -> None:
    allowed: list[float] = []

    def slow(host: str, seconds: float) -> tuple[()]:
        allowed.append(seconds)
        raise TooSlow(Code.TOO_SLOW, "", host)

    assert isinstance(ended(internet, resolve=slow), TooSlow)
    assert 0 < allowed[0] <= SMALL.total_seconds


def test_a_connection_that_is_reset_is_an_error(server: ForeignServer, internet: Internet) -> None:
    def broken(connection: socket.socket, _heard: Heard) -> None:
        connection.sendall(head("200 OK", "Content-Length: 9000") + b"half")
        server.pause(0.05)
        reset(connection)

    server.paths["/news"] = broken
    assert ended(internet).code == Code.BROKEN_OFF
