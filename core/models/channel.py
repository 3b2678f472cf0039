"""Ways to reach editors, and the messages owed to them."""

from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Key
from core.models.case import Case, Event
from core.models.site import Site

REMINDERS = ("case.waiting", "case.escalated")  # what a case that waits too long is told by


def _host(context: DefaultExecutionContext) -> str:
    """The server that a new channel speaks to; empty for mail, which has one server for all."""
    values = cast("dict[str, object]", context.get_current_parameters())  # type: ignore[no-untyped-call]
    target = str(values["target"])
    return (urlsplit(target).hostname or "") if "://" in target else ""


class Channel(Base):
    """A way to reach editors of one site: an address, and how to speak to it.

    `sealed_secret` is encrypted with the installation's key (core/sealing.py); after a rotation
    `former_secret` signs beside it until `former_until`. `user_id` names the person whose own way
    it is: rules choose it, the site as a whole does not. `options` say when it wants to hear what
    (core/cadence.py) and what its kind needs besides.
    The last block is how it fares: nothing goes out before `free_at` (its own pace, or the other
    side asked for patience); who `is_slow` stands back behind the others; `failures` and
    `failing_since` count since the last success; a paused one is tried now and then.
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
    host: Mapped[str] = mapped_column(default=_host)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    former_secret: Mapped[str | None]
    former_until: Mapped[datetime | None]

    free_at: Mapped[datetime | None]
    is_slow: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_why: Mapped[str | None]

    site: Mapped[Site] = relationship()


class Delivery(Base):
    """One message owed to one channel about one event, or (no case) about the channels themselves.

    `rhythm` is `now`, `digest`, `weekly` or `edit`; rows of a channel's digest, of its weekly list
    and reminders of one type that are due together go as one message. `edit` changes the message
    whose `reference` (the platform's number of it) an earlier row holds. `about` are the facts of a
    message that has no case. `message_key` is shared by the rows that went together, so that every
    try carries the same Message-ID and the same rows. A claim counts the attempt and holds the row
    by `lease` until `leased_until`. `why` says why it comes to this channel, as was so when it came
    to be owed: `channel` (of the site), `fallback`, `rule NAME`, `duty`, `author`, `assigned`,
    `escalated` or `wished`; None where the type says it, and in rows from before.
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
        Index(
            "ix_delivery_leased_until",
            "leased_until",
            sqlite_where=text("leased_until IS NOT NULL"),
            postgresql_where=text("leased_until IS NOT NULL"),
        ),
        Index("ix_delivery_case_id", "case_id"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
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
    reference: Mapped[str | None]
    about: Mapped[dict[str, Any] | None]
    why: Mapped[str | None]
    created_at: Mapped[datetime]

    channel: Mapped[Channel] = relationship()
    case: Mapped[Case | None] = relationship()
    event: Mapped[Event | None] = relationship()
