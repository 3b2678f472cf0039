from __future__ import annotations

import socket
import threading
from ipaddress import ip_address

import pytest

from core.net import Code, TooSlow, Unreachable, resolve_by_system, special_range, user_agent

Row = tuple[int, int, int, str, tuple[str, int]]


def rows(*addresses: str) -> list[Row]:
    return [(0, 0, 0, "", (address, 0)) for address in addresses]


def test_this_machine_is_known_by_name() -> None:
    assert any(address.is_loopback for address in resolve_by_system("localhost", 5))


def test_addresses_keep_their_order_and_come_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = rows("2606:4700::1", "1.1.1.1", "1.1.1.1")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: answer)
    assert resolve_by_system("a.example", 5) == (ip_address("2606:4700::1"), ip_address("1.1.1.1"))


def test_a_zone_in_an_answer_is_kept_so_that_it_can_be_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: rows("2606::1%eth0"))
    assert special_range(resolve_by_system("a.example", 5)[0])


def test_an_unknown_name_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_named: object) -> list[Row]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable) as raised:
        resolve_by_system("nowhere.example", 5)
    assert raised.value.code == Code.NAME_NOT_FOUND


@pytest.mark.parametrize("host", ["a..example", "x" * 300, "қаз.kz", ""])
def test_a_name_that_is_none_is_unreachable(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    def strict(name: bytes, *_args: object, **_named: object) -> list[Row]:
        raise UnicodeError("label empty or too long")

    monkeypatch.setattr(socket, "getaddrinfo", strict)
    with pytest.raises(Unreachable):
        resolve_by_system(host, 5)


def test_a_name_server_that_does_not_answer_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = threading.Event()

    def slow(*_args: object, **_named: object) -> list[Row]:
        over.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    try:
        with pytest.raises(TooSlow):
            resolve_by_system("slow.example", 0.1)
    finally:
        over.set()


def test_we_say_who_we_are() -> None:
    assert user_agent("1.2", "https://tuzet.example") == "Tuzet/1.2 (+https://tuzet.example)"
    assert user_agent("1", "https://x\r\nEvil: 1") == "Tuzet/1 (+https://xEvil: 1)"
