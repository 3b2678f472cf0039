"""The articles of a mail with their cases: the first in full, further ones in a line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from sqlalchemy.orm import Session

from core import queries
from core.i18n.words import status_word
from core.messages.backlog import queue_address
from core.messages.fitting import MOST_LINES, Share
from core.messages.items import About, Item, item_of
from core.messages.occasions import WAITING, case_of, occasion_of
from core.messages.texts import cut, title_of, words_of
from core.models import Delivery, Report

_TITLE_LENGTH = 200


@dataclass(frozen=True)
class Line:
    """A case in one line."""

    language: str
    words: str
    status: str
    desk: str


@dataclass(frozen=True)
class Article:
    """One page with the cases on it that a mail is about; `more` are those it only counts."""

    title: str
    language: str
    url: str | None
    byline: str
    queue: str
    items: tuple[Item, ...]
    lines: tuple[Line, ...]
    more: int


class Told:
    """The cases of a mail in the order in which it tells them: article by article, each once; of
    what waits the article with the oldest case first."""

    def __init__(self, session: Session, rows: Sequence[Delivery], about: About) -> None:
        self._session, self._about = session, about
        self.rows = _in_order(list({row.case_id: row for row in rows}.values()))
        self._items: dict[int, Item] = {}

    @property
    def count(self) -> int:
        """How many cases there are."""
        return len(self.rows)

    def articles(self, share: Share) -> tuple[Article, ...]:
        """The articles that a share reaches. What it does not reach is left to the desk."""
        of_pages = groupby(enumerate(self.rows), key=lambda each: case_of(each[1]).page_id)
        found = (self._article(tuple(of_page), share) for _, of_page in of_pages)
        return tuple(article for article in found if article.items or article.lines)

    def _article(self, rows: Sequence[tuple[int, Delivery]], share: Share) -> Article:
        case = case_of(rows[0][1])
        page, about = case.page, self._about
        shown = share.full + share.lines
        byline = [about.channel.site.name, page.section, page.author]
        return Article(
            title=cut(title_of(page), _TITLE_LENGTH),
            language=case.language,
            url=page.link if page.link.startswith(("http://", "https://")) else None,
            byline=", ".join(part for part in byline if part),
            queue=queue_address(about.settings, case.site, title_of(page)),
            items=tuple(self._item(place, row) for place, row in rows if place < share.full),
            lines=tuple(self._lines[at] for at, _ in rows if share.full <= at < shown),
            more=sum(place >= shown for place, _ in rows),
        )

    @cached_property
    def _lines(self) -> list[Line]:
        return [self._line(row) for row in self.rows[: 2 * MOST_LINES]]

    def _line(self, row: Delivery) -> Line:
        case, t = case_of(row), self._about.t
        return Line(
            language=case.language,
            words=words_of(case, t) or t.gettext("The reader has erased what they had sent."),
            status=status_word(t, "regressed" if case.regressed else case.status),
            desk=f"{self._about.settings.base_url}/cases/{case.id}",
        )

    def _item(self, place: int, row: Delivery) -> Item:
        if place not in self._items:
            case = case_of(row)
            reports = [
                report
                for report in queries.case_reports(self._session, case.id)
                if report.erased_at is None
            ]
            new = _new_readers(row, reports)
            self._items[place] = item_of(case, reports, new, self._about)
        return self._items[place]


def _in_order(rows: Sequence[Delivery]) -> list[Delivery]:
    if occasion_of(rows) not in WAITING:
        return sorted(rows, key=lambda row: (case_of(row).page_id, row.id))
    ages = {row.id: (case_of(row).first_reported_at, row.case_id or 0) for row in rows}
    pages: dict[int, tuple[datetime, int]] = {}
    for row in rows:
        page_id = case_of(row).page_id
        pages[page_id] = min(ages[row.id], pages.get(page_id, ages[row.id]))
    return sorted(rows, key=lambda row: (pages[case_of(row).page_id], ages[row.id]))


def _new_readers(row: Delivery, reports: Sequence[Report]) -> int:
    """How many came since a digest's row was written; its first one was sorted at that moment."""
    if row.rhythm != "digest" or row.event_type != "case.updated":
        return 0
    return sum(
        report.sorted_at is not None and report.sorted_at >= row.created_at for report in reports
    )
