"""Pages that only a browser renders: a headless Chromium, kept to the hosts that a site names.

An extra (`TUZET_BROWSER`). The browser runs the page's own scripts, so it is the one part here
that executes what others wrote: a process and a profile of its own for every page, killed when
its time is up. It resolves no name itself: the hosts that are allowed are mapped to addresses
that were checked like any other, each with its ports, and everything else leads nowhere, literal
addresses too.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Protocol

from core.net.addresses import Address, dialable
from core.net.errors import Code, NetError, TooLarge, TooSlow, Unreachable
from core.net.exchange import Outside
from core.net.targets import AllowedHost, admit, parse

_SECONDS = 20.0
_LOOKUP_SECONDS = 5.0
_SETTLES_MS = 5_000  # virtual time for scripts and what they load
_MOST = 10 * 1024 * 1024
_ITS_OWN = 'id="main-frame-error"'
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--mute-audio",
    "--blink-settings=imagesEnabled=false",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-features=DnsOverHttps,AsyncDns,OptimizationHints,MediaRouter",
)


class Render(Protocol):
    """How use cases render pages: `Browser.render`, or pages that a test has stored."""

    def __call__(self, url: str, hosts: tuple[AllowedHost, ...]) -> str:
        """The document as it stands once its scripts have run, as HTML. Raises NetError."""
        ...


@dataclass(frozen=True)
class Browser:
    """A Chromium of this machine. `executable` is its path."""

    executable: Path
    outside: Outside

    def render(self, url: str, hosts: tuple[AllowedHost, ...]) -> str:
        """See `Render`. Raises Refused, TooLarge, TooSlow, Unreachable."""
        target = parse(url)
        admit(target, hosts)
        self._address(target.host)  # raises where there is no way to the page itself
        rules = ", ".join([*self._rules(hosts), "MAP * ~NOTFOUND"])
        with tempfile.TemporaryDirectory(prefix="tuzet-browser-") as folder:
            output = Path(folder) / "page.html"
            self._run(target.url, rules, Path(folder) / "profile", output, target.host)
            if output.stat().st_size > _MOST:
                raise TooLarge(Code.DECODED_TOO_LARGE, f"{target.host} sent more.", target.host)
            html = output.read_text(encoding="utf-8", errors="replace")
        if _ITS_OWN in html:  # what Chromium shows instead of a page is no page
            raise Unreachable(
                Code.NO_CONNECTION, f"{target.host} takes no connection.", target.host
            )
        return html

    def _rules(self, hosts: tuple[AllowedHost, ...]) -> Iterator[str]:
        """Which host and port leads to which checked address; a host that has none is left out."""
        for allowed in hosts:
            with suppress(NetError):
                address = _written(self._address(allowed.host))
                for port in sorted(allowed.ports):
                    yield f"MAP {allowed.host}:{port} {address}:{port}"

    def _address(self, host: str) -> Address:
        try:
            known: tuple[Address, ...] = (ip_address(host),)
        except ValueError:
            known = self.outside.resolve(host, _LOOKUP_SECONDS)
        return dialable(host, known, self.outside.private_networks)[0]

    def _run(self, url: str, rules: str, profile: Path, output: Path, host: str) -> None:
        command = [
            str(self.executable),
            *_FLAGS,
            *(("--no-sandbox",) if os.geteuid() == 0 else ()),  # it has none for root
            f"--user-agent={self.outside.user_agent}",
            f"--user-data-dir={profile}",
            f"--host-resolver-rules={rules}",
            f"--timeout={int(_SECONDS * 1_000 / 2)}",
            f"--virtual-time-budget={_SETTLES_MS}",
            "--dump-dom",
            url,
        ]
        with output.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603 (the operator's own path; no shell)
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                code = process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                raise TooSlow(
                    Code.TOO_SLOW, f"{host} was not rendered within {_SECONDS:g} s.", host
                ) from None
            finally:
                _end(process)
        if code != 0 or output.stat().st_size == 0:
            raise Unreachable(Code.MALFORMED, f"The browser could not render {host}.", host)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The browser with all its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _written(address: Address) -> str:
    return f"[{address}]" if isinstance(address, IPv6Address) else str(address)
