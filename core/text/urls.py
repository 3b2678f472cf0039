"""Page identity from addresses: what makes two addresses the same document.

A *page key* is a short form of an address in which everything that does not choose the document
is gone: scheme, www./m./amp. host labels, default port, trackers, print and amp forms, index
files, the order of parameters, the fragment. Two different documents must never share one, so
whatever is not known to be noise is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from ada_url import URL

# Parameters that say where a reader came from or how the page is shown, never which page it is.
_NOISE = frozenset(
    [
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "yclid",
        "ymclid",
        "ysclid",
        "msclkid",
        "twclid",
        "ttclid",
        "li_fat_id",
        "igshid",
        "igsh",
        "mc_cid",
        "mc_eid",
        "_ga",
        "_gl",
        "_openstat",
        "_hsenc",
        "_hsmi",
        "mkt_tok",
        "vero_id",
        "wickedid",
        "rb_clickid",
        "s_cid",
        "cmpid",
        "campaign_id",
        "ncid",
        "ref",
        "ref_src",
        "ref_url",
        "referer",
        "referrer",
        "erid",
        "frommail",
        "ga_source",
        "spm",
        "share",
        "phpsessid",
        "jsessionid",
        "_",
        "nocache",
        "cachebuster",
        "text_fragment",
    ]
)
_NOISE_PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "hsa_", "itm_", "fb_")
# Noise with the values that are usual for it; with any other value they may choose a document
# (?s= is a search, ?from=20 a page of a list).
_FORM_VALUE = re.compile(r"(?:0|1|true|yes|y|on|html|amp|full)?", re.IGNORECASE)
_NOISE_BY_VALUE = {
    **dict.fromkeys(
        ["amp", "print", "printable", "mobile", "nomobile", "is_mobile", "print_version", "rss"],
        _FORM_VALUE,
    ),
    "from": re.compile(r"[^\d]*"),
    "s": re.compile(r"\d\d"),
    "outputtype": re.compile(r"amp"),
    "output": re.compile(r"amp"),
}
_REMEMBERED = 4_096  # addresses of late, which come again with every step of a report
_HOST_LABELS = ("www.", "m.", "amp.", "mobile.", "wap.", "print.", "touch.")
_INDEX = re.compile(
    r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp|shtml|xhtml|cfm)$", re.IGNORECASE
)
_FORM_TAIL = re.compile(r"(?<=[^/])/(?:amp|print|printable|print-version)$", re.IGNORECASE)
_FORM_HEAD = re.compile(r"^/(?:amp|print)(?=/.)", re.IGNORECASE)
_FORM_SUFFIX = re.compile(r"\.(?:amp|print)(?=\.html?$|$)", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Front servers that append their port to a Host header that has one already make ":443:443".
_DOUBLED_PORT = re.compile(r"^(https?://[^/?#:@]+:(\d+))(?::\2)+(?=[/?#]|$)", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageKeys:
    """The keys of a report's page: that of its canonical link, if believed, and its own."""

    canonical: str | None
    own: str

    @property
    def key(self) -> str:
        """The key that names the page: the canonical one where there is one."""
        return self.canonical or self.own


@lru_cache(maxsize=_REMEMBERED)
def host_of(url: str) -> str | None:
    """The host of an absolute http(s) address, in lower case and Punycode; else None."""
    parsed = _parse(url)
    return parsed.hostname if parsed else None


@lru_cache(maxsize=_REMEMBERED)
def normalise(url: str, keep: frozenset[str] = frozenset()) -> str:
    """The page key of an absolute http(s) address: `host/path?query`.

    `keep`: names of parameters that choose the document on this site although they count as noise
    elsewhere. Raises ValueError for what is not an absolute http(s) address.
    """
    parsed = _parse(url)
    if parsed is None:
        raise ValueError("not an absolute http or https address")
    port = f":{parsed.port}" if parsed.port not in ("", "80", "443") else ""
    path, query = _path(parsed.pathname), _query(parsed.search, keep)
    return f"{_host(parsed.hostname)}{port}{path}{'?' if query else ''}{query}"


def page_keys(
    url: str, canonical: str | None, hosts: Iterable[str], keep: frozenset[str] = frozenset()
) -> PageKeys:
    """The page keys of a report.

    A canonical link is believed unless it is on a host that is not one of the site's `hosts`, is
    not an address at all, or is the home page while the address itself is deep (broken templates
    do that): such a link is ignored, it is never a reason to refuse the report. Host labels such
    as www. and m. are looked through on both sides.
    """
    own = normalise(url, keep)
    if canonical is None or (parsed := _parse(canonical)) is None:
        return PageKeys(None, own)
    if _host(parsed.hostname) not in {_host(host.lower()) for host in hosts}:
        return PageKeys(None, own)
    key = normalise(canonical, keep)
    if is_home(key) and not is_home(own):
        return PageKeys(None, own)
    return PageKeys(key, own)


def is_home(key: str) -> bool:
    """Whether a page key is the home page of its host (a bare language folder counts too)."""
    path = key[key.index("/") :] if "/" in key else ""
    return path in ("", "/") or bool(re.fullmatch(r"/[a-z]{2}", path))


def _parse(url: str) -> URL | None:
    try:
        parsed = URL(_DOUBLED_PORT.sub(r"\1", url.strip()))
    except ValueError:
        return None
    return parsed if parsed.protocol in ("http:", "https:") and parsed.hostname else None


@lru_cache(maxsize=_REMEMBERED)
def _host(host: str) -> str:
    host = host.rstrip(".")
    for label in _HOST_LABELS:
        # "m.kz" is a host of its own; "m.example.kz" is a form of example.kz
        if host.startswith(label) and "." in host[len(label) :]:
            return _host(host[len(label) :])
    return host


def _path(path: str) -> str:
    path = _ESCAPE.sub(_one_spelling, _SESSION.sub("", path))
    path = re.sub(r"/{2,}", "/", path)
    path = _FORM_HEAD.sub("", _FORM_TAIL.sub("", _INDEX.sub("/", path).rstrip("/")))
    path = _INDEX.sub("/", path).rstrip("/")
    return _FORM_SUFFIX.sub("", path).rstrip("/") or "/"


def _one_spelling(escape: re.Match[str]) -> str:
    """One of the several spellings of a percent-escape; a slash that was escaped stays escaped."""
    char = chr(int(escape[1], 16))
    return char if char in _UNRESERVED else escape[0].upper()


def _query(search: str, keep: frozenset[str]) -> str:
    pairs = parse_qsl(search.lstrip("?"), keep_blank_values=True, errors="surrogateescape")
    kept = sorted({pair for pair in pairs if pair[0] in keep or not _is_noise(*pair)})
    return urlencode(kept, errors="surrogateescape")


def _is_noise(name: str, value: str) -> bool:
    name = name.lower()
    if name in _NOISE or name.startswith(_NOISE_PREFIXES):
        return True
    usual = _NOISE_BY_VALUE.get(name)
    return usual is not None and usual.fullmatch(value) is not None
