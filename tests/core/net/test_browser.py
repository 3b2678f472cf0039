"""A real Chromium, kept to the hosts that it may ask."""

import os
import shutil
from contextlib import suppress
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from core.net import Address, Browser, Code, NetError, Network, Outside, Unreachable, allow
from tests import browsers
from tests.core.net.foreign import ForeignServer, canary

pytestmark = pytest.mark.browser

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def browser_path() -> Path:
    named = os.environ.get(browsers.VARIABLE)
    found = named or next(filter(None, map(shutil.which, browsers._NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine; {browsers.VARIABLE} may name one")
    return Path(found)


def _browser(path: Path, *names: str, open_to: tuple[Network, ...] = LOOPBACK) -> Browser:
    """A browser for which these names lead to this machine."""

    def resolve(host: str, seconds: float) -> tuple[Address, ...]:
        if host not in names:
            raise Unreachable(Code.NAME_NOT_FOUND, f"There is no host {host}.", host)
        return (ip_address("127.0.0.1"),)

    return Browser(path, Outside(user_agent="Tuzet/1.0", private_networks=open_to, resolve=resolve))


def _page(script: str) -> str:
    return f"<html><body><p id=a>Бос</p><script>{script}</script></body></html>"


def test_what_scripts_write_is_read(server: ForeignServer, browser_path: Path) -> None:
    server.page("/a", _page("document.getElementById('a').textContent = 'Түзетілді'"))
    home = f"http://dala.example:{server.port}"
    html = _browser(browser_path, "dala.example").render(f"{home}/a", allow([home]))
    assert "Түзетілді" in html
    assert server.heard[0].headers["user-agent"] == "Tuzet/1.0"


def test_a_page_leads_the_browser_nowhere_else(server: ForeignServer, browser_path: Path) -> None:
    with canary() as listener:
        places = [
            f"http://{host}:{listener.port}/"
            for host in (
                "127.0.0.1", "localhost", "dala.example", "other.example", "[::ffff:127.0.0.1]",
                "0x7f.1", "2130706433", "[::1]",
            )
        ]  # fmt: skip
        server.page(
            "/a",
            _page(
                f"for (const u of {places!r}) {{ fetch(u, {{mode: 'no-cors'}}).catch(() => 0);"
                "new Image().src = u; const f = document.createElement('iframe'); f.src = u;"
                "document.body.append(f); try { new WebSocket(u.replace('http', 'ws')) }"
                "catch (e) {} }"
            ),
        )
        server.redirect("/b", f"http://127.0.0.1:{listener.port}/")
        server.page(
            "/c", f"<meta http-equiv=refresh content='0;url=http://127.0.0.1:{listener.port}/'>"
        )
        home = f"http://dala.example:{server.port}"
        chromium = _browser(browser_path, "dala.example", "other.example")
        assert "Бос" in chromium.render(f"{home}/a", allow([home]))
        for path in ("/b", "/c"):
            with suppress(NetError):
                chromium.render(home + path, allow([home]))


def test_a_host_that_is_not_the_sites_is_refused(browser_path: Path) -> None:
    with pytest.raises(NetError) as raised:
        _browser(browser_path).render("http://other.example/", allow(["http://dala.example"]))
    assert raised.value.code == Code.HOST


def test_a_private_address_is_asked_for_nothing(browser_path: Path) -> None:
    with canary() as listener:
        home = f"http://dala.example:{listener.port}"
        chromium = _browser(browser_path, "dala.example", open_to=())
        with pytest.raises(NetError) as raised:
            chromium.render(f"{home}/a", allow([home]))
    assert raised.value.code == Code.ADDRESS


def test_the_browsers_own_words_are_no_page(browser_path: Path) -> None:
    with canary() as listener:
        port = listener.port
        listener.stop()
        home = f"http://dala.example:{port}"
        with pytest.raises(NetError) as raised:
            _browser(browser_path, "dala.example").render(f"{home}/a", allow([home]))
    assert raised.value.code in (Code.NO_CONNECTION, Code.MALFORMED)  # versions differ
