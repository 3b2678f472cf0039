"""Readers who gave an address: what they are still to hear, and how often they are written to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Key


class ReaderAddress(Base):
    """One reader of one site, known by a keyed digest of the address.

    The address itself stands only in the reader's reports, and goes with them. `confirmed_at`:
    the reader has asked for more out of a message; until then only one is ever sent. A message is
    owed when `due_at` has come. A claim counts the attempt and holds the row by `lease`.
    """

    __tablename__ = "reader_address"
    __table_args__ = (
        UniqueConstraint("site_id", "digest"),
        Index(
            "ix_reader_address_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(
            "ix_reader_address_leased_until",
            "leased_until",
            sqlite_where=text("leased_until IS NOT NULL"),
            postgresql_where=text("leased_until IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    digest: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    last_sent_at: Mapped[datetime | None]
    message_key: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]


class ReaderOutcome(Base):
    """What a reader is to hear about one report. `told` is the outcome that they have heard of.

    `message_key` names the message that said so, as long as it may still lie in a folder.
    """

    __tablename__ = "reader_outcome"

    report_id: Mapped[str] = mapped_column(ForeignKey("report.id"), primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("reader_address.id"), index=True)
    told: Mapped[str | None]
    told_at: Mapped[datetime | None]
    message_key: Mapped[str | None]


class ReaderWording(Base):
    """A sentence to readers that a site says in its own words."""

    __tablename__ = "reader_wording"
    __table_args__ = (UniqueConstraint("site_id", "language", "outcome"),)

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    language: Mapped[str]
    outcome: Mapped[str]
    text: Mapped[str]
