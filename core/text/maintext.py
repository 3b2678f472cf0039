"""The main text of an HTML page: what the article says, not menus, not comments, not advertising.

The same text is what quotes are anchored in and what the verdict is read from, so the rule is
steady rather than clever: the element that holds the article, by what the page says of itself
first and by where the paragraphs stand last; inside it all that a reader sees, block by block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from core.text.units import utf16_units

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav "
    "ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul".split()
)
_UNSEEN = frozenset(
    "script style noscript template head title meta link base svg math iframe object embed audio "
    "video canvas map select option textarea input button datalist dialog".split()
)
_AROUND = frozenset("nav aside footer".split())
_NOT_THE_ARTICLE = re.compile(
    r"(?:^|[-_\s])(?:comments?(?:-?list|-?area|-?section)?|disqus|replies|related|recommend(?:ed|ations)?|"
    r"read-?(?:also|more)|also-?read|more-?news|latest-?news|popular|trending|most-?read|share|sharing|"
    r"social|socials|subscribe|subscription|newsletter|breadcrumbs?|pagination|pager|sidebar|widget|menu|"
    r"navbar|navigation|cookies?|consent|banners?|ads?|adv|advert(?:isement|s|ising)?|adsense|promo|"
    r"popup|modal|sr-only|visually-hidden|screen-reader-text|toolbar|login|rating|"
    r"tags?-?list|similar|yashare|ya-share2|mistape|orphus|tuzet)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_CONTAINERS = (
    "[itemprop='articleBody']",
    "article",
    "main",
    "[role='main']",
    "[itemtype*='Article']",
)
_ENOUGH = 140  # characters of a container below which it is a teaser, not the article
_DEEPEST = 40  # levels that are searched for the article in a page that marks none
_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class MainText:
    """The main text of a page: blocks joined by a line feed, spaces collapsed, no-break ones kept.

    `first`, `last`: where it begins and ends in the reader's count of positions (UTF-16 units over
    the text nodes of the body, without script, style, noscript, template and form fields).
    """

    text: str
    first: int
    last: int


def main_text(html: str) -> MainText:
    """The main text of a page; empty where it has none. Never raises: all that is sent is HTML."""
    body = LexborHTMLParser(html).body
    if body is None:
        return MainText("", 0, 0)
    container = _container(body)
    walk = _Walk(container)
    walk.through(body)
    lines = _lines(walk.kept)
    for headline in _lines(_Walk.of_headline(body, container)):
        if headline not in lines[:3]:
            lines.insert(0, headline)
    return MainText("\n".join(lines), walk.first or 0, walk.last)


def _container(body: LexborNode) -> LexborNode:
    """The element that holds the article: a marked one with most of the paragraphs' text."""
    total = _weight(body)
    for selector in _CONTAINERS:
        marked = [(node, _weight(node)) for node in body.css(selector)]
        if not marked:
            continue
        node, weight = max(marked, key=lambda pair: pair[1])
        if weight >= max(_ENOUGH, total / 3) and weight >= sum(w for _, w in marked) / 2:
            return node
    return _densest(body, total)


def _weight(node: LexborNode) -> int:
    """How much text stands in paragraphs (and what is like one) under a node."""
    return sum(
        len(p.text(deep=True)) for p in node.css("p, blockquote > :not(p), pre, li > :not(a)")
    )


def _densest(body: LexborNode, total: int) -> LexborNode:
    """Without a marked container: go down while one child holds most of the paragraphs' text."""
    node = body
    for _ in range(_DEEPEST if total else 0):
        heavy = [
            child
            for child in node.iter()
            if child.tag not in _AROUND and _weight(child) >= total * 0.7
        ]
        if not heavy or heavy[0].tag in ("p", "pre"):
            break
        node = heavy[0]
    return node


def _lines(pieces: list[str]) -> list[str]:
    lines = (_SPACES.sub(" ", line).strip(" ") for line in "".join(pieces).split("\n"))
    return [line for line in lines if line.strip()]


class _Walk:
    """One walk through a document in its order, without recursion: pages may nest without limit."""

    def __init__(self, container: LexborNode) -> None:
        self.container = container
        self.weight = max(_weight(container), 1)
        self.kept: list[str] = []
        self.first: int | None = None
        self.last = 0
        self._count = 0

    @classmethod
    def of_headline(cls, body: LexborNode, container: LexborNode) -> list[str]:
        """The page's h1 where it stands outside the container: headlines have errors too."""
        headline = body.css_first("h1")
        if headline is None or container.css_first("h1") is not None:
            return []
        walk = cls(headline)
        walk.through(headline)
        return walk.kept

    def through(self, root: LexborNode) -> None:
        """Gather the text under `root` that is in the container, and count all of it."""
        pending = [(root, _State(kept=False, preformatted=False), False)]
        while pending:
            node, state, leaving = pending.pop()
            if leaving:
                self._leave(node)
                continue
            inner = self._enter(node, state)
            if inner is None:
                continue
            pending.append((node, state, True))
            children = [(child, inner, False) for child in node.iter(include_text=True)]
            pending.extend(reversed(children))

    def _enter(self, node: LexborNode, state: _State) -> _State | None:
        """Take in a node; the state for its children, None where nobody sees them."""
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "", state)
            return None
        if tag in _UNSEEN or tag.startswith("-"):
            return None
        kept = state.kept or node.mem_id == self.container.mem_id
        if kept and node.mem_id != self.container.mem_id and self._is_left_out(node, tag):
            kept = False
        if kept and (tag in _BLOCKS or tag == "br"):
            self.kept.append("\n")
        return _State(kept, state.preformatted or tag == "pre")

    def _leave(self, node: LexborNode) -> None:
        if node.tag in _BLOCKS:
            self.kept.append("\n")

    def _text(self, text: str, state: _State) -> None:
        if state.kept:
            if self.first is None and text.strip():
                self.first = self._count
            self.kept.append(text if state.preformatted else _SPACES.sub(" ", text))
        self._count += utf16_units(text, len(text))
        if state.kept and text.strip():
            self.last = self._count

    def _is_left_out(self, node: LexborNode, tag: str) -> bool:
        if tag in _AROUND:
            return True
        attributes = node.attributes
        if not attributes:
            return False
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if not named.strip() or not _NOT_THE_ARTICLE.search(named):
            return False
        # a theme may call the article's own wrapper "social-post": what holds most of it stays
        return _weight(node) * 2 < self.weight


@dataclass(frozen=True, slots=True)
class _State:
    """What is true for the children of a node: whether their text is kept, preformatted."""

    kept: bool
    preformatted: bool
