"""The main text of an HTML page: what the article says, not menus, not comments, not advertising.

The same text is what quotes are anchored in and what the verdict is read from, so the rule is
steady rather than clever: the element that holds the article, by what the page says of itself
first and by where the paragraphs stand last; inside it all that a reader sees, block by block.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

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
    r"popup|modal|hidden|sr-only|visually-hidden|screen-reader-text|toolbar|login|rating|"
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
_SPACES = re.compile(r"[ \t\r\n\f]+")


def main_text(html: str) -> str:
    """The main text of a page: blocks joined by a line feed, spaces collapsed, no-break spaces kept.

    Empty where the page has no text. Never raises: whatever a server sends is HTML of some kind.
    """
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    container = _container(body)
    lines = _lines(container)
    for headline in _headlines(body, container):
        if headline not in lines[:3]:
            lines.insert(0, headline)
    return "\n".join(lines)


def _container(body: LexborNode) -> LexborNode:
    """The element that holds the article: the smallest marked one with nearly all the paragraphs."""
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
    while total:
        heavy = [
            child
            for child in node.iter()
            if child.tag not in _AROUND and _weight(child) >= total * 0.7
        ]
        if not heavy or heavy[0].tag in ("p", "pre"):
            break
        node = heavy[0]
    return node


def _headlines(body: LexborNode, container: LexborNode) -> list[str]:
    """The page's h1, where it stands outside the container: headlines have errors too."""
    if container.css_first("h1") is not None:
        return []
    return [line for h1 in body.css("h1")[:1] for line in _lines(h1)]


def _lines(root: LexborNode) -> list[str]:
    """The lines of the text under a node, in the order of the document."""
    out: list[str] = []
    _gather(root, out, False, root)
    lines = (_SPACES.sub(" ", line).strip(" ") for line in "".join(out).split("\n"))
    return [line for line in lines if line.strip()]


def _gather(node: LexborNode, out: list[str], preformatted: bool, root: LexborNode) -> None:
    # an own stack would be longer; pages nested deeper than Python's limit are cut by the parser
    child = node.first_child
    while child is not None:
        tag = child.tag
        if tag == "-text":
            text = child.text_content or ""
            out.append(text if preformatted else _SPACES.sub(" ", text))
        elif tag == "br":
            out.append("\n")
        elif tag and not tag.startswith("-") and not _is_left_out(child, tag, root):
            edge = "\n" if tag in _BLOCKS else ""
            out.append(edge)
            _gather(child, out, preformatted or tag == "pre", root)
            out.append(edge)
        child = child.next


def _is_left_out(node: LexborNode, tag: str, root: LexborNode) -> bool:
    if tag in _UNSEEN or tag in _AROUND:
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
    return _weight(node) * 2 < max(_weight(root), 1)
