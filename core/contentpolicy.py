"""Content security policies, as far as a script of another origin must know them (CSP level 3)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

_HOST = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>[^/:]+)(?::(?P<port>\d+|\*))?(?P<path>/.*)?"
)
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_UPGRADES = {"http": ("http", "https"), "ws": ("ws", "wss")}


@dataclass(frozen=True)
class Policy:
    """One policy: its directives, each with its sources in the order in which they stand."""

    directives: dict[str, tuple[str, ...]]

    def refuses_script(self, address: str, nonce: str, page: str) -> str | None:
        """The directive that forbids a page to load a script from an address, if one does."""
        name, sources = self._governing("script-src-elem", "script-src", "default-src")
        if name is None or (nonce and f"'nonce-{nonce}'" in sources):
            return None
        if "'strict-dynamic'" in sources:  # then only nonces and hashes count
            return name
        return None if _allows(sources, address, page) else name

    def refuses_connection(self, address: str, page: str) -> str | None:
        """The directive that forbids a page to send to an address, if one does."""
        name, sources = self._governing("connect-src", "default-src")
        return name if name and not _allows(sources, address, page) else None

    def sandboxes_scripts(self) -> bool:
        """Whether no script runs at all."""
        flags = self.directives.get("sandbox")
        return flags is not None and "allow-scripts" not in flags

    def _governing(self, *names: str) -> tuple[str | None, tuple[str, ...]]:
        for name in names:
            if name in self.directives:
                return name, self.directives[name]
        return None, ()


def read_policies(headers: Iterable[tuple[str, str]], document: LexborHTMLParser) -> list[Policy]:
    """Every policy that holds for a page: of its headers and of its meta elements."""
    texts = [
        policy
        for name, value in headers
        if name.lower() == "content-security-policy"
        for policy in value.split(",")
    ]
    texts += [
        meta.attributes.get("content") or ""
        for meta in document.css("meta[http-equiv][content]")
        if (meta.attributes.get("http-equiv") or "").lower() == "content-security-policy"
    ]
    return [policy for text in texts if (policy := _parse(text)).directives]


def _parse(text: str) -> Policy:
    directives: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        name, *sources = part.split() or [""]
        if name:  # of two of a name the first counts
            directives.setdefault(name.lower(), tuple(sources))
    return Policy(directives)


def _allows(sources: Iterable[str], address: str, page: str) -> bool:
    return any(_matches(source, address, page) for source in sources)


def _matches(source: str, address: str, page: str) -> bool:
    wanted, own = urlsplit(address), urlsplit(page)
    lower = source.lower()
    if lower == "'self'":
        return (
            wanted.hostname == own.hostname
            and _port(wanted.scheme, wanted.port) == _port(own.scheme, own.port)
            and _scheme_matches(own.scheme, wanted.scheme)
        )
    if lower == "*":
        return wanted.scheme in _PORTS
    if lower.startswith("'"):
        return False
    if lower.endswith(":"):
        return _scheme_matches(lower[:-1], wanted.scheme)
    found = _HOST.fullmatch(lower)
    if found is None or not _host_matches(found["host"], wanted.hostname or ""):
        return False
    return (
        _scheme_matches(found["scheme"] or own.scheme, wanted.scheme)
        and _port_matches(found["port"], wanted.scheme, wanted.port)
        and _path_matches(_HOST.fullmatch(source), wanted.path)
    )


def _scheme_matches(allowed: str, wanted: str) -> bool:
    return wanted in _UPGRADES.get(allowed, (allowed,))


def _host_matches(pattern: str, host: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _port(scheme: str, port: int | None) -> int | None:
    return port or _PORTS.get(scheme)


def _port_matches(allowed: str | None, scheme: str, port: int | None) -> bool:
    if allowed == "*":
        return True
    return _port(scheme, port) == (int(allowed) if allowed else _PORTS.get(scheme))


def _path_matches(source: re.Match[str] | None, path: str) -> bool:
    """Exactly, or as a folder if it ends in a slash; paths alone heed capitals."""
    allowed = (source["path"] if source else None) or ""
    if not allowed or allowed == "/":
        return True
    return path.startswith(allowed) if allowed.endswith("/") else path == allowed
