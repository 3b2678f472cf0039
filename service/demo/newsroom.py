"""What the newsroom has published: a file in the demo's folder that its own small CMS edits."""

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from core.errors import NotFound
from service.demo.articles import originals, published

_LONGEST = 20_000


@dataclass(frozen=True)
class Published:
    """An article as it stands on its page. Times are ISO 8601 in UTC."""

    slug: str
    language: str
    title: str
    section: str
    author: str
    lead: str
    paragraphs: tuple[str, ...]
    published: str
    modified: str

    @property
    def path(self) -> str:
        """Its address within the newsroom."""
        return f"/demo/{self.language}/{self.slug}"


class Newsroom:
    """The published articles; safe between the threads of one process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "newsroom.json"
        self._lock = Lock()

    def open(self, mended: Collection[str], now: datetime) -> None:
        """Publish all articles for the first time, those slips put right."""
        self._write(
            [
                Published(
                    slug=article.slug,
                    language=article.language,
                    title=article.title,
                    section=article.section,
                    author=article.author,
                    lead=article.lead,
                    paragraphs=tuple(published(article, mended)),
                    published=(now - timedelta(days=article.days)).isoformat(timespec="seconds"),
                    modified=(now - timedelta(days=article.days)).isoformat(timespec="seconds"),
                )
                for article in originals().values()
            ]
        )

    def all(self, language: str | None = None) -> list[Published]:
        """The articles (of one language), newest first."""
        stored = json.loads(self._path.read_text(encoding="utf-8"))
        articles = [Published(**{**it, "paragraphs": tuple(it["paragraphs"])}) for it in stored]
        chosen = [it for it in articles if language in (None, it.language)]
        return sorted(chosen, key=lambda it: it.published, reverse=True)

    def one(self, language: str, slug: str) -> Published:
        """One article. Raises NotFound."""
        for article in self.all(language):
            if article.slug == slug:
                return article
        raise NotFound("There is no such article.")

    def correct(
        self, language: str, slug: str, lead: str, paragraphs: Sequence[str], now: datetime
    ) -> Published:
        """Publish an article anew. What is too long is cut."""
        with self._lock:
            changed = replace(
                self.one(language, slug),
                lead=lead[:_LONGEST],
                paragraphs=tuple(paragraph[:_LONGEST] for paragraph in paragraphs),
                modified=now.isoformat(timespec="seconds"),
            )
            others = [it for it in self.all() if it.path != changed.path]
            self._write([*others, changed])
        return changed

    def _write(self, articles: Sequence[Published]) -> None:
        draft = self._path.with_name(f".newsroom.{os.getpid()}")
        text = json.dumps([asdict(it) for it in articles], ensure_ascii=False, indent=1)
        draft.write_text(text, encoding="utf-8")
        draft.replace(self._path)
