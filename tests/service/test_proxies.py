"""Who is really asking, when proxies stand in between."""

from pathlib import Path

import pytest
from flask import Flask, request

from service.app import create_app
from service.proxies import named_by_proxies, read_address
from tests import factories
from tests.service.conftest import RememberingBell


def _asking(folder: Path, count: int, forwarded: str | None, scheme: str = "") -> tuple[str, str]:
    """The address and scheme that the application sees behind so many proxies."""
    settings = factories.make_settings(folder, f"sqlite:///{folder}/x", trusted_proxies=count)
    app: Flask = create_app(settings, bell=RememberingBell())
    app.add_url_rule("/who", view_func=lambda: [request.remote_addr or "", request.scheme])
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    if scheme:
        headers["X-Forwarded-Proto"] = scheme
    answer = app.test_client().get(
        "/who", headers=headers, environ_base={"REMOTE_ADDR": "192.0.2.1"}
    )
    address, seen = answer.get_json()
    return address, seen


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (0, "203.0.113.7", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "203.0.113.7:5123", "203.0.113.7"),
        (1, "[2001:db8::1]:5123", "2001:db8::1"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
        (1, ", ,", "192.0.2.1"),
    ],
)
def test_only_the_entries_of_trusted_proxies_are_believed(
    tmp_path: Path, count: int, forwarded: str | None, address: str
) -> None:
    assert _asking(tmp_path, count, forwarded)[0] == address


@pytest.mark.parametrize(
    ("count", "said", "scheme"),
    [(0, "https", "http"), (1, "https", "https"), (1, "gopher", "http"), (2, "https", "http")],
)
def test_so_is_the_scheme(tmp_path: Path, count: int, said: str, scheme: str) -> None:
    assert _asking(tmp_path, count, "203.0.113.7", said)[1] == scheme


@pytest.mark.parametrize(
    "text", ["", "a", "1.2.3", "1.2.3.4.5", "[", "[]", "::g", "٣.1.1.1", "x" * 9000]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert read_address(text) is None
    assert named_by_proxies(text, 1) is None
