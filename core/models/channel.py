"""Ways to reach editors, and the messages owed to them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Key
from core.models.case import Case, Event
from core.models.site import Site


class Channel(Base):
    """A way to reach editors of one site: an address, and how to speak to it.

    `sealed_secret` is encrypted with the installation's key (core/sealing.py).
    """

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("site_id", "kind", "target"),)

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str]
    target: Mapped[str]
    language: Mapped[str]
    sealed_secret: Mapped[str | None]
    created_at: Mapped[datetime]

    site: Mapped[Site] = relationship()


class Delivery(Base):
    """One message owed to one channel about one event.

    `rhythm` is `now` or `digest`; rows of a channel's digest that are due together go as one
    message. `message_key` never changes, so that every try carries the same Message-ID. A claim
    counts the attempt and holds the row by `lease` until `leased_until`.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("channel_id", "event_id"),
        Index(
            "uq_delivery_first_word",
            "channel_id",
            "case_id",
            unique=True,
            sqlite_where=text("event_type = 'case.created'"),
            postgresql_where=text("event_type = 'case.created'"),
        ),
        Index(
            "ix_delivery_pending",
            "due_at",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_delivery_case_id", "case_id"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    event_type: Mapped[str]
    rhythm: Mapped[str] = mapped_column(default="now")
    status: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    message_key: Mapped[str]
    created_at: Mapped[datetime]

    channel: Mapped[Channel] = relationship()
    case: Mapped[Case] = relationship()
    event: Mapped[Event] = relationship()
