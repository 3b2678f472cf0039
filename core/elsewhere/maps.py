"""Addresses out of sitemaps and feeds: read with patterns, not parsed, for XML can be a bomb."""

import html
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

_LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\s\]]{1,2048})", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:url|sitemap)[\s>]", re.IGNORECASE)
_CHANGED = re.compile(r"<lastmod>\s*([0-9T:+.Z-]{4,40})", re.IGNORECASE)
_ITEM = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)
_LINK = re.compile(r"<link[^>]*>\s*(?:<!\[CDATA\[)?\s*(https?://[^<\s\]]{1,2048})", re.IGNORECASE)
_HREF = re.compile(r"<link\b[^>]*\bhref=[\"'](https?://[^\"']{1,2048})[\"']", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^\s*sitemap:\s*(\S{1,2048})\s*$", re.IGNORECASE | re.MULTILINE)
_FEEDS = ("application/rss+xml", "application/atom+xml")


@dataclass(frozen=True, slots=True)
class Listed:
    """An address, and when it was changed as the list says ("" where it says nothing)."""

    url: str
    changed: str


def is_index(text: str) -> bool:
    """Whether a sitemap lists other sitemaps."""
    return "<sitemapindex" in text[:2_000].lower()


def addresses_of(text: str) -> list[Listed]:
    """What a sitemap lists, the newest first."""
    found = []
    for entry in _ENTRY.split(text)[1:]:
        location, changed = _LOCATION.search(entry), _CHANGED.search(entry)
        if location:
            found.append(Listed(html.unescape(location[1]), changed[1] if changed else ""))
    return sorted(found, key=lambda listed: listed.changed, reverse=True)


def items_of(text: str) -> list[str]:
    """The articles that an RSS or Atom feed names, in its order."""
    found = []
    for item in _ITEM.split(text)[1:]:
        link = _LINK.search(item) or _HREF.search(item)
        if link:
            found.append(html.unescape(link[1]))
    return found


def sitemaps_in_robots(text: str) -> list[str]:
    """The sitemaps that a robots.txt names."""
    return _SITEMAP_LINE.findall(text)


def feeds_in_page(text: str) -> list[str]:
    """The feeds that a home page names, as they are written there."""
    return [
        link.attributes.get("href") or ""
        for link in LexborHTMLParser(text).css("link[rel~=alternate][href]")
        if (link.attributes.get("type") or "").lower() in _FEEDS
    ]
