"""The figures themselves, and how each is reckoned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.queries import SiteIds

BACKLOG_EDGES = (
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=7),
    timedelta(days=14),
)


@dataclass(frozen=True)
class Span:
    """What the numbers are about: cases first reported in `[begin, end)`, on these sites.

    `zone` is whose days are meant; an empty `section` is every section.
    """

    site_ids: SiteIds
    begin: datetime
    end: datetime
    zone: str = "UTC"
    section: str = ""


@dataclass(frozen=True)
class Day:
    """One day: reports that came, cases that they opened."""

    day: date
    reports: int
    cases: int


@dataclass(frozen=True)
class Times:
    """How long something takes: half of `counted` within `median`, nine in ten within `p90`."""

    counted: int
    median: timedelta | None
    p90: timedelta | None

    @classmethod
    def of(cls, lengths: Iterable[timedelta]) -> "Times":
        """The times of these lengths, by nearest rank; below zero counts as nothing."""
        ordered = sorted(max(length, timedelta()) for length in lengths)
        return cls(len(ordered), _ranked(ordered, 0.5), _ranked(ordered, 0.9))


@dataclass(frozen=True)
class Share:
    """How many of the decided cases were accepted: not dismissed."""

    name: str
    decided: int
    accepted: int

    @property
    def rate(self) -> float | None:
        """From 0 to 1; None where nothing is decided."""
        return self.accepted / self.decided if self.decided else None


@dataclass(frozen=True)
class PageFigures:
    """What came about one page."""

    title: str
    link: str
    author: str | None
    language: str
    reports: int
    cases: int
    fixed: int
    to_fix: timedelta | None


@dataclass(frozen=True)
class Mistake:
    """The same words wrong on several pages."""

    exact: str
    suggestion: str
    language: str
    pages: int
    open: int


@dataclass(frozen=True)
class Numbers:
    """All figures of a span.

    `look`: from the first report to an editor's first act; `fix`: to the mark `fixed`; `verify`:
    to the page showing it. `backlog`: cases that are open now, by age, between BACKLOG_EDGES.
    `by`: accept rates under `site`, `section`, `author`, `kind` and `editor`, most decided first.
    """

    reports: int
    reports_before: int
    cases: int
    days: list[Day]
    look: Times
    fix: Times
    verify: Times
    accepted: Share
    fixed: int
    verified: int
    verified_alone: int
    backlog: list[int]
    by: dict[str, list[Share]]
    pages: list[PageFigures]
    mistakes: list[Mistake]


def _ranked(ordered: list[timedelta], share: float) -> timedelta | None:
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, max(0, -int(-len(ordered) * share // 1) - 1))]
