"""What one reader sent, never changed afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base
from core.models.site import Page, Site


class Report(Base):
    """One reader's report. Its texts stay as sent until the reader erases them.

    `id` is the sender's UUID in canonical form; `fingerprint` the SHA-256 of the body as parsed,
    by which a repeat is told from another body under the same id. `receipt` is the reader's
    secret way back. The last block is where sorting keeps its place: a report is owed to sorting
    while `sorted_at` is empty, and next looked at when `sort_due_at` has come.
    `erased_at`: its texts are gone; `forgotten_at`: only what tells of its reader is.
    `match` says in codes and facts why the report stands in its case.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index(
            "ix_report_unsorted",
            "sort_due_at",
            sqlite_where=text("sorted_at IS NULL"),
            postgresql_where=text("sorted_at IS NULL"),
        ),
        Index("ix_report_case_id", "case_id"),
        Index("ix_report_page_id", "page_id"),
        Index("ix_report_received_at", "received_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    fingerprint: Mapped[str]
    receipt: Mapped[str] = mapped_column(unique=True)
    received_at: Mapped[datetime]

    url: Mapped[str]
    canonical_url: Mapped[str | None]
    title: Mapped[str | None]
    language: Mapped[str | None]
    exact: Mapped[str]
    prefix: Mapped[str]
    suffix: Mapped[str]
    position_start: Mapped[int | None] = mapped_column(BigInteger)
    position_end: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str | None]
    suggestion: Mapped[str | None]
    comment: Mapped[str | None]
    email: Mapped[str | None]
    page_metadata: Mapped[dict[str, Any] | None]
    erased_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]

    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    sorted_at: Mapped[datetime | None]
    sort_due_at: Mapped[datetime]
    sort_attempts: Mapped[int] = mapped_column(default=0)
    sort_error: Mapped[str | None]
    already_known: Mapped[bool] = mapped_column(default=False)
    already_fixed: Mapped[bool] = mapped_column(default=False)
    match: Mapped[dict[str, Any] | None]

    site: Mapped[Site] = relationship()
    page: Mapped[Page | None] = relationship()
