"""The newsroom's articles as they were written, with the slips that readers find in them.

In a source file `{k2:wrong→right}` is a slip that some readers have reported (stories.json),
`{wrong→right}` one that nobody has noticed yet, `[text](address)` a link.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "articles"
_SLIP = re.compile(r"\{(?:(?P<id>\w+):)?(?P<wrong>[^{}→]*)→(?P<right>[^{}→]*)\}")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True)
class Article:
    """One article. `paragraphs` still hold the marks of slips and links; `days` is its age."""

    slug: str
    language: str
    title: str
    section: str
    author: str
    days: float
    lead: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Slip:
    """An error in an article: what a reader would quote, what should stand there, and where.

    `before` and `after` are the article's plain text around it, as it reads with the slips that
    are not mended.
    """

    id: str
    article: Article
    wrong: str
    right: str
    before: str
    after: str


@cache
def originals() -> dict[str, Article]:
    """All articles by their slug, in the order of their files."""
    return {path.stem: _read(path) for path in sorted(_FOLDER.glob("*.md"))}


def published(article: Article, mended: Collection[str]) -> list[str]:
    """The paragraphs as the page shows them: slips of those ids are put right, others stand."""
    return [
        _SLIP.sub(lambda slip: slip["right" if slip["id"] in mended else "wrong"], paragraph)
        for paragraph in article.paragraphs
    ]


def slips(article: Article, mended: Collection[str]) -> list[Slip]:
    """The reported slips of an article, mended or not."""
    found = []
    for index, paragraph in enumerate(article.paragraphs):
        for match in _SLIP.finditer(paragraph):
            if match["id"]:
                around = _around(article, mended, index, match)
                sides = plain(match["wrong"]), plain(match["right"])
                found.append(Slip(match["id"], article, *sides, *around))
    return found


def plain(paragraph: str) -> str:
    """A paragraph without the addresses of its links."""
    return _LINK.sub(r"\1", paragraph)


def _around(
    article: Article, mended: Collection[str], index: int, match: re.Match[str]
) -> tuple[str, str]:
    """The plain text before and after a slip, across paragraphs, white space collapsed."""
    whole = [plain(paragraph) for paragraph in published(article, mended)]
    side = "right" if match["id"] in mended else "wrong"
    head = _SLIP.sub(
        lambda slip: slip["right" if slip["id"] in mended else "wrong"],
        article.paragraphs[index][: match.start()],
    )
    start = len(plain(head))
    end = start + len(plain(match[side]))
    before = " ".join([article.title, article.lead, *whole[:index], whole[index][:start]])
    after = " ".join([whole[index][end:], *whole[index + 1 :]])
    return before, after


def _read(path: Path) -> Article:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    return Article(
        slug=path.stem.partition("-")[2],
        language=path.stem.partition("-")[0],
        title=facts["title"],
        section=facts["section"],
        author=facts["author"],
        days=float(facts["days"]),
        lead=facts["lead"],
        paragraphs=tuple(body.strip().split("\n\n")),
    )
