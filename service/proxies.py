"""Who is really asking, when proxies stand in between."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxies:
    """Sets REMOTE_ADDR and the scheme to what the trusted proxies say; believes nobody else.

    Each proxy appends the address that it was called from to X-Forwarded-For. So with `count`
    proxies of our own the last `count` entries are theirs, the first of these names the reader,
    and whatever stands before it was written by the reader. With fewer entries than proxies, or
    with one that is no address, somebody went around them: the socket's address stands.
    """

    def __init__(self, application: "WSGIApplication", count: int) -> None:
        self.application = application
        self.count = count

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if self.count:
            said = named_by_proxies(environ.get("HTTP_X_FORWARDED_FOR", ""), self.count)
            if said is not None:
                environ["REMOTE_ADDR"] = str(said)
            schemes = environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")
            if len(schemes) >= self.count and schemes[-self.count].strip() in {"http", "https"}:
                environ["wsgi.url_scheme"] = schemes[-self.count].strip()
        return self.application(environ, start_response)


def named_by_proxies(forwarded_for: str, count: int) -> IPv4Address | IPv6Address | None:
    """The address that the outermost of `count` trusted proxies was called from."""
    entries = forwarded_for.split(",")
    return read_address(entries[-count]) if len(entries) >= count else None


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies and sockets write it: with or without port, brackets and zone.

    An IPv4 address in IPv6 clothes (::ffff:192.0.2.1) comes out as IPv4.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
