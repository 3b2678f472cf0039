"""Addresses of web pages: read as browsers read them, and held against what a site allows.

There is one parser (WHATWG, ada) and everything that follows, the check and the dialling alike,
uses only what it returned. So `http:/\\127.1`, `http://①②⑦.⓪.⓪.①` and `http://a@b` have one
meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address

from ada_url import URL, HostType

from core.net.addresses import Address, Network, dialable
from core.net.errors import Code, Refused

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST = 8192
_LOOPBACK = (ip_address("127.0.0.1"), ip_address("::1"))

# Ports of other protocols that a well-aimed HTTP request could speak to: the list of the Fetch
# standard ("bad ports"). Refused even where a site names them as its own.
# fmt: off
_FOREIGN_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95,
    101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161,
    179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563,
    587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
    6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Target:
    """One http or https address, taken apart. What is checked is this, what is dialled is this."""

    url: str = field(repr=False)  # as a browser would write it, without the fragment
    scheme: str
    host: str  # lower case, punycode; an IP address without brackets
    port: int
    authority: str  # the Host header: host with the port unless it is the scheme's own
    path: str = field(repr=False)  # with the query
    address: Address | None  # where the host is an IP address itself


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """A host that may be asked, on which ports, and whether its subdomains may be too."""

    host: str
    ports: frozenset[int]
    subdomains: bool = False

    def covers(self, host: str) -> bool:
        """Whether a host name is this one or, if the site wishes so, lies below it."""
        return host == self.host or (self.subdomains and host.endswith("." + self.host))


def allow(addresses: Iterable[str], *, subdomains: bool = False) -> tuple[AllowedHost, ...]:
    """The hosts of a site, from its own addresses (its URL and origins).

    Ports are 80 and 443, and another one only where an address of the site names it.
    Raises Refused for what is not a web address.
    """
    targets = [parse(address) for address in addresses]
    return tuple(
        AllowedHost(
            target.host,
            frozenset({80, 443, target.port}),
            subdomains=subdomains and target.address is None,
        )
        for target in targets
    )


def parse(url: str, base: str | None = None) -> Target:
    """Read an address, if need be relative to the one it was found on.

    Raises Refused: not an address at all, another scheme than http and https, a user name or
    password in it, too long, or a port that belongs to another protocol.
    """
    try:
        seen = URL(url, base)
    except ValueError:  # also text that is no Unicode
        raise Refused(Code.NOT_A_URL, "This is not a web address.") from None
    scheme = seen.protocol.removesuffix(":")
    if scheme not in _DEFAULT_PORTS:
        raise Refused(Code.SCHEME, "Only http and https addresses can be read.")
    if seen.username or seen.password:
        raise Refused(Code.CREDENTIALS, "The address contains a user name or password.")
    seen.hash = ""
    if len(seen.href) > _LONGEST:
        raise Refused(Code.NOT_A_URL, f"The address is longer than {_LONGEST} characters.")
    host = seen.hostname.removeprefix("[").removesuffix("]")
    port = int(seen.port) if seen.port else _DEFAULT_PORTS[scheme]
    if port in _FOREIGN_PORTS:
        raise Refused(Code.PORT, f"Port {port} of {host} is not a port of web servers.", host)
    return Target(
        url=seen.href,
        scheme=scheme,
        host=host,
        port=port,
        authority=seen.host,
        path=seen.pathname + seen.search,
        address=None if seen.host_type == HostType.DEFAULT else ip_address(host),
    )


def demand_dialable(url: str, exceptions: Iterable[Network]) -> None:
    """Refuse now what a call would refuse later, as far as the address itself tells: one that is
    written as a number, or this machine's own name. What other names lead to is asked at the call.

    Raises Refused.
    """
    target = parse(url)
    if target.address is not None:
        dialable(target.host, (target.address,), exceptions)
    elif target.host == "localhost" or target.host.endswith(".localhost"):
        dialable(target.host, _LOOPBACK, exceptions)


def admit(target: Target, allowed: Iterable[AllowedHost]) -> None:
    """Raise Refused unless the host and the port are on the list."""
    covering = [entry for entry in allowed if entry.covers(target.host)]
    if not covering:
        raise Refused(
            Code.HOST, f"{target.host} is not one of the hosts of this site.", target.host
        )
    if not any(target.port in entry.ports for entry in covering):
        raise Refused(
            Code.PORT, f"Port {target.port} of {target.host} is not allowed.", target.host
        )


def with_parameter(target: Target, name: str, value: str) -> Target:
    """The target with one more query parameter; the rest of its address is left as it is."""
    separator = "&" if "?" in target.url else "?"
    return parse(f"{target.url}{separator}{name}={value}")


def without_parameter(url: str, name: str, value: str) -> str:
    """An address without a parameter that `with_parameter` had put there."""
    pair = re.escape(f"{name}={value}")
    shortened = re.sub(rf"(?<=[?&]){pair}(?:&|(?=#)|$)", "", url)
    return re.sub(r"[?&](?=#|$)", "", shortened) if shortened != url else url
