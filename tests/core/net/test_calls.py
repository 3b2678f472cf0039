from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta

import pytest

from core.net import (
    Call,
    Code,
    Limits,
    NetError,
    Refused,
    TooLarge,
    TooSlow,
    Unreachable,
    allow,
    call,
    post,
)
from core.net.retrying import retry_at
from tests.core.net.foreign import PUBLIC, ForeignServer, Heard, Internet, SteppingClock, head

URL = "http://dala.example/hook/SECRET?key=SECRET"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_webhook_is_posted_as_it_was_signed(server: ForeignServer, internet: Internet) -> None:
    server.answers("/hook/SECRET", b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok")
    answer = post(URL, '{"ә": 1}'.encode(), {"webhook-id": "msg_1"}, internet.outside())
    assert (answer.ok, answer.status, answer.text, answer.truncated) == (True, 202, "ok", False)
    heard = server.heard[0]
    assert (heard.method, heard.path) == ("POST", "/hook/SECRET?key=SECRET")
    assert heard.body == '{"ә": 1}'.encode()
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["webhook-id"] == "msg_1"
    assert heard.headers["host"] == "dala.example"
    assert heard.headers["user-agent"].startswith("Tuzet/")
    assert internet.dialled == [(PUBLIC, 80)]


def test_an_interface_is_read_with_the_given_headers(
    server: ForeignServer, internet: Internet
) -> None:
    server.page("/wp-json", "{}", "Content-Type: application/json")
    wanted = Call(
        url="http://dala.example:8443/wp-json",
        method="GET",
        headers={"Authorization": "Basic SECRET", "accept": "text/plain"},
    )
    assert call(wanted, internet.outside()).text == "{}"
    assert server.heard[0].headers["authorization"] == "Basic SECRET"
    assert server.heard[0].headers["accept"] == "text/plain"
    assert "content-type" not in server.heard[0].headers
    assert internet.dialled == [(PUBLIC, 8443)]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_not_an_acceptance(
    server: ForeignServer, internet: Internet, status: int
) -> None:
    server.redirect("/hook/SECRET", "http://dala.example/other", f"{status} X")
    answer = post(URL, b"{}", {}, internet.outside())
    assert (answer.status, answer.ok) == (status, False)
    assert len(server.heard) == 1


@pytest.mark.parametrize("target", ["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254"])
def test_a_private_target_is_refused(internet: Internet, target: str) -> None:
    with pytest.raises(Refused) as refusal:
        post(f"http://{target}:8080/", b"{}", {}, internet.outside())
    assert refusal.value.code == Code.ADDRESS
    assert internet.dialled == []


def test_a_private_target_is_reached_where_the_operator_allows(server: ForeignServer) -> None:
    from ipaddress import ip_network

    server.page("/hook", "ok")
    outside = Internet().outside(private_networks=(ip_network("127.0.0.0/8"),))
    assert post(f"http://127.0.0.1:{server.port}/hook", b"{}", {}, outside).ok
    assert server.heard[0].headers["host"] == f"127.0.0.1:{server.port}"


def test_hosts_may_be_limited(internet: Internet) -> None:
    wanted = Call(url=URL, hosts=allow(["https://api.example"]))
    with pytest.raises(Refused):
        call(wanted, internet.outside())


def test_an_answer_is_cut_where_enough_is_read(server: ForeignServer, internet: Internet) -> None:
    server.page("/hook/SECRET", b"x" * 1_000_000)
    answer = post(URL, b"{}", {}, internet.outside())
    assert (answer.ok, len(answer.body), answer.truncated) == (True, 65_536, True)


def test_an_answer_of_just_the_limit_is_whole(server: ForeignServer, internet: Internet) -> None:
    server.page("/hook/SECRET", b"x" * 65_536)
    assert not post(URL, b"{}", {}, internet.outside()).truncated


def test_what_was_taken_counts_as_taken_though_the_answer_drips(
    server: ForeignServer, internet: Internet
) -> None:
    def drip(connection: socket.socket, _heard: Heard) -> None:
        connection.sendall(head("200 OK", "Content-Length: 60000"))
        while not server.pause(0.001):
            connection.sendall(b"x")

    server.paths["/hook/SECRET"] = drip
    answer = post(URL, b"{}", {}, internet.outside(monotonic=SteppingClock(1).monotonic))
    assert (answer.ok, answer.truncated) == (True, True)


def test_a_target_that_never_answers_or_floods_headers_fails(
    server: ForeignServer, internet: Internet
) -> None:
    def silent(_connection: socket.socket, _heard: Heard) -> None:
        server.pause(30)

    server.paths["/hook/SECRET"] = silent
    with pytest.raises(TooSlow):
        call(Call(url=URL, limits=Limits(total_seconds=0.2)), internet.outside())
    server.answers("/hook/SECRET", head("200 OK", *(f"X-{n}: {'y' * 999}" for n in range(999))))
    with pytest.raises(TooLarge):
        call(Call(url=URL), internet.outside())


def test_a_target_that_does_not_read_ends_with_the_time(internet: Internet) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        internet.routes[PUBLIC] = deaf.getsockname()[1]
        wanted = Call(url=URL, body=b"x" * 20_000_000, limits=Limits(total_seconds=0.2))
        with pytest.raises(TooSlow):
            call(wanted, internet.outside())


@pytest.mark.parametrize(
    "headers",
    [
        {"X": "a\r\nEvil: 1"},
        {"X": "a\0"},
        {"X": "әлем"},
        {"X Y": "a"},
        {"X:": "a"},
        {"": "a"},
        {"Host": "evil.example"},
        {"content-length": "0"},
        {"Transfer-Encoding": "chunked"},
        {"User-Agent": "Mozilla"},
    ],
)
def test_headers_that_would_change_the_request_are_refused(
    internet: Internet, headers: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refusal:
        post(URL, b"{}", headers, internet.outside())
    assert refusal.value.code == Code.HEADER
    assert "Evil" not in str(refusal.value)
    assert internet.dialled == []


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "http://user:SECRET@dala.example/",
        "http://nowhere.example/SECRET",
        "http://127.0.0.1/SECRET",
        "http://SECRET SECRET/",
        "ftp://dala.example/SECRET",
        "http://dala.example:25/SECRET",
    ],
)
def test_no_message_gives_a_secret_away(
    server: ForeignServer, internet: Internet, url: str
) -> None:
    server.answers("/hook/SECRET", b"SECRET\r\n\r\n")
    wanted = Call(url=url, headers={"Authorization": "SECRET"}, body=b"SECRET")
    with pytest.raises(NetError) as raised:
        call(wanted, internet.outside())
    assert "SECRET" not in f"{raised.value} {raised.value!r} {raised.value.host} {wanted!r}"


def test_every_error_says_whether_trying_again_may_help(internet: Internet) -> None:
    internet.names.clear()
    with pytest.raises(Unreachable) as unreachable:
        post(URL, b"{}", {}, internet.outside())
    with pytest.raises(Refused) as refusal:
        post("file:///x", b"{}", {}, internet.outside())
    assert (unreachable.value.passing, refusal.value.passing) == (True, False)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 30 ", 30),
        ("99999999999999999999", 86_400),
        ("Mon, 01 Jun 2026 12:05:00 GMT", 300),
        ("Mon, 01 Jun 2026 12:05:00", 300),
        ("Mon, 01 Jun 2020 12:05:00 GMT", 0),
        ("Mon, 01 Jun 2099 12:05:00 GMT", 86_400),
    ],
)
def test_retry_after_names_a_moment_within_a_day(value: str, seconds: int) -> None:
    assert retry_at(value, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value", [None, "", "-5", "soon", "1.5", "Mon, 99 Jun 2026 12:05:00 GMT", "²"]
)
def test_a_retry_after_of_nonsense_is_none(value: str | None) -> None:
    assert retry_at(value, NOW) is None
