"""What readings of live pages said, and what we owe the servers that were asked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Key


class Verification(Base):
    """A run of readings that agreed about one case while its status stayed the same.

    `readings` of them, from `first_at` to `last_at`. `before` and `after` are the place as it was
    and as it is, out of the page's text; `reason` is a code. `as_suggested`: what stands there now
    is exactly what was suggested. `before`, `after`, `http_status`, `etag` and `final_url` are the
    last reading's.
    `source` is `page` for the live page, `cms` for what the newsroom's own system says.
    """

    __tablename__ = "verification"
    __table_args__ = (Index("ix_verification_case_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    case_status: Mapped[str]
    verdict: Mapped[str]
    reason: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    as_suggested: Mapped[bool] = mapped_column(default=False)
    http_status: Mapped[int | None]
    etag: Mapped[str | None]
    final_url: Mapped[str | None]
    source: Mapped[str] = mapped_column(default="page")
    readings: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class Host(Base):
    """A server that pages are read from: when it may be asked again.

    `free_at` is the next turn of all that ask; after `faults` failures in a row nothing is asked
    before `rests_until`. `robots` is its robots.txt, kept until `robots_until`; only a host that
    the site does not name as its own is asked for one.
    """

    __tablename__ = "host"

    name: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]
    faults: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None]
    robots: Mapped[str | None]
    robots_until: Mapped[datetime | None]


class ReadingBudget(Base):
    """How many pages of a site were read since `since`; a new day begins at zero."""

    __tablename__ = "reading_budget"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    since: Mapped[datetime]
    spent: Mapped[int] = mapped_column(default=0)
