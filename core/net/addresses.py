"""Which IP addresses may be dialled.

An explicit table, because the standard library's properties are not a guard: `is_global` is True
for multicast and for the NAT64 and 6to4 forms of loopback, `is_private` is False for the shared
space of carriers. The ranges are facts of the IANA registries of special-purpose addresses
(IPv4 and IPv6), of multicast and of the deprecated forms that operating systems still understand.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from core.net.errors import Code, Refused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SPECIAL_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by carriers"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's host agent"),  # public by number, answers only inside
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "multicast tunnels"),
        ("192.88.99.0/24", "6to4 relays"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarks"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_SPECIAL_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("100:0:0:1::/64", "dummy"),
        ("2001::/32", "Teredo"),
        ("2001:2::/48", "benchmarks"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)

# The only part of IPv6 that is handed out to the public. What IANA opens later is refused until
# somebody has looked at it.
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def special_range(address: Address) -> str | None:
    """The name of the special range an address lies in; None for one of the public internet."""
    if isinstance(address, IPv4Address):
        return next((name for network, name in _SPECIAL_V4 if address in network), None)
    if address.scope_id is not None:
        return "with a zone"
    named = next((name for network, name in _SPECIAL_V6 if address in network), None)
    return named or (None if address in _GLOBAL_UNICAST else "not public")


def dialable(
    host: str, addresses: Iterable[Address], exceptions: Iterable[Network]
) -> tuple[Address, ...]:
    """The addresses of a host that may be dialled, in the order given.

    A name that points to a special range is refused as a whole, even if it also has a public
    address: such mixtures are made to get past a guard. Only where the operator has excepted one
    of its addresses (`TUZET_PRIVATE_NETWORKS`) are the others merely left out, as with `localhost`,
    which is 127.0.0.1 and ::1. An exception is taken by its letter: 10.0.0.0/8 does not open
    ::ffff:10.0.0.1.

    Raises Refused.
    """
    known = tuple(addresses)
    excepted = {address for address in known if _within(address, tuple(exceptions))}
    special = {address: special_range(address) for address in known if address not in excepted}
    faults = [name for name in special.values() if name]
    if faults and not excepted:
        raise Refused(
            Code.ADDRESS,
            f"{host} has an address that is not public ({faults[0]}). If it is meant to be "
            "reached, add its network to TUZET_PRIVATE_NETWORKS.",
            host,
        )
    return tuple(address for address in known if not special.get(address))


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return False
    return any(address in network for network in networks)
