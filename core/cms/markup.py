"""HTML source as a reader sees it: every visible character, and where in the source it stands.

Pure. Not a parser of documents but of what stands in an editor's field: pieces of HTML, comments
that mark blocks (Gutenberg), shortcodes in square brackets, entities of every kind.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ENTITY = r"&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_TAG = r"<(?P<close>/?)(?P<name>[A-Za-z][^\s/>]*)(?:[^>\"']|\"[^\"]*\"|'[^']*'){0,4000}+>"
_TOKEN = re.compile(
    rf"(?P<comment><!--.*?(?:-->|\Z))|{_TAG}|(?P<other><[!?][^>]*>)|(?P<entity>{_ENTITY})",
    re.DOTALL,
)
_SHORTCODE = re.compile(r"\[/?[A-Za-z][\w-]*(?:\s[^\]\[<>]*)?/?\]", re.ASCII)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_HIDDEN = frozenset(
    "script style template noscript textarea select option iframe svg math object title xmp".split()
)
# Elements at whose edges a line ends, so that no white space need stand there.
_BREAKS = frozenset(
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul".split()
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that is read: a character, or an entity that stands for one.

    [start, end) is its place in the source, in code points. The place of a break, which markup
    makes and not a character, is empty.
    """

    text: str
    start: int
    end: int

    @property
    def is_break(self) -> bool:
        """Whether it is the edge of a paragraph or the like."""
        return self.start == self.end


def units(source: str, *, shortcodes: bool = False) -> list[Unit]:
    """All that is read of a piece of HTML, in order.

    With `shortcodes`, words in square brackets that look like WordPress's are not read.
    """
    found: list[Unit] = []
    at = 0
    while at < len(source):
        token = _TOKEN.search(source, at)
        until = token.start() if token else len(source)
        found.extend(_characters(source, at, until, shortcodes=shortcodes))
        if token is None:
            break
        at = _pass(source, token, found)
    return found


def skeleton(source: str, *, shortcodes: bool = False) -> str:
    """The source without anything that is read: its tags, comments and shortcodes."""
    return without(source, units(source, shortcodes=shortcodes))


def without(source: str, read: Iterable[Unit]) -> str:
    """The source without some of its units."""
    kept, at = [], 0
    for unit in read:
        kept.append(source[at : unit.start])
        at = unit.end
    return "".join(kept) + source[at:]


def tokens(source: str) -> Iterator[tuple[str, str]]:
    """A piece of source cut up for showing: ("text" | "markup", piece)."""
    at = 0
    for token in _TOKEN.finditer(source):
        if at < token.start():
            yield "text", source[at : token.start()]
        yield "markup", token[0]
        at = token.end()
    if at < len(source):
        yield "text", source[at:]


def escaped(text: str, *, shortcodes: bool = False) -> str:
    """Text as it is written into a source: nothing in it is markup, nor a shortcode."""
    safe = html.escape(text, quote=False)
    if shortcodes and _SHORTCODE.search(safe):
        safe = safe.replace("[", "&#91;")
    return safe


def shortcode_spans(source: str) -> list[tuple[int, int]]:
    """Where words stand that look like shortcodes."""
    return [match.span() for match in _SHORTCODE.finditer(source)]


def _characters(source: str, start: int, end: int, *, shortcodes: bool) -> Iterator[Unit]:
    """The characters of a stretch without markup. A blank line is a break, as in plain text."""
    blank = {match.start() for match in _BLANK_LINE.finditer(source, start, end)}
    skipped = _SHORTCODE.finditer(source, start, end) if shortcodes else iter(())
    code = next(skipped, None)
    at = start
    while at < end:
        if code is not None and at == code.start():
            at, code = code.end(), next(skipped, None)
            continue
        if at in blank:
            yield Unit("\n", at, at)
        yield Unit(source[at], at, at + 1)
        at += 1


def _pass(source: str, token: re.Match[str], found: list[Unit]) -> int:
    """Take in one tag, comment or entity; returns where to go on."""
    if token["entity"]:
        found.extend(_entity(token))
    name = (token["name"] or "").lower()
    if name in _BREAKS:
        found.append(Unit("\n", token.start(), token.start()))
    if name in _HIDDEN and not token["close"] and not token[0].endswith("/>"):
        closing = re.compile(rf"</{re.escape(name)}\b[^>]*>", re.IGNORECASE)
        closed = closing.search(source, token.end())
        return closed.end() if closed else len(source)
    return token.end()


def _entity(token: re.Match[str]) -> Iterator[Unit]:
    read = html.unescape(token[0])
    if read == token[0]:  # no entity that anybody knows: it is read as it stands
        yield from (
            Unit(char, token.start() + n, token.start() + n + 1) for n, char in enumerate(read)
        )
    elif read:
        yield Unit(read, *token.span())
