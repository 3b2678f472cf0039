"""Who hears of what: a site's rules, its plan, who is on duty, and people's names in chats."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, BigId, Key


class RoutingRule(Base):
    """Which new cases go where. `when` and `then` are read by core/routing.py.

    Rules are tried by `position`.
    """

    __tablename__ = "routing_rule"
    __table_args__ = (Index("ix_routing_rule_site_id_position", "site_id", "position"),)

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    position: Mapped[int]
    name: Mapped[str]
    when: Mapped[dict[str, Any]]
    then: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class RoutingPlan(Base):
    """What a site has settled about its messages as a whole; read by core/routing.py."""

    __tablename__ = "routing_plan"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    match: Mapped[str] = mapped_column(default="all")
    fallback: Mapped[list[int]] = mapped_column(default=list)
    thresholds: Mapped[list[int]] = mapped_column(default=list)
    remind_hours: Mapped[int | None]
    escalate_hours: Mapped[int | None]
    escalate_to: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    weekly_at: Mapped[str | None]
    weekly_due_at: Mapped[datetime | None]
    summary_at: Mapped[str | None]
    summary_due_at: Mapped[datetime | None]


class OwnMail(Base):
    """What a person has settled about their own mail, on all their sites.

    `rhythm` are options as core/cadence.py reads them. `mentions`: a mail when a colleague's note
    names this person; `articles`: about errors in their own articles, whatever the rules say;
    `weekly`: the newsroom's numbers once a week, next at `weekly_due_at`. `is_off`: none of all
    that.
    """

    __tablename__ = "own_mail"

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id"), primary_key=True, autoincrement=False
    )
    is_off: Mapped[bool] = mapped_column(default=False)
    mentions: Mapped[bool] = mapped_column(default=False)
    articles: Mapped[bool] = mapped_column(default=False)
    weekly: Mapped[bool] = mapped_column(default=False)
    rhythm: Mapped[dict[str, Any]] = mapped_column(default=dict)
    weekly_due_at: Mapped[datetime | None]


class Duty(Base):
    """A person's turn on a site's duty roster, from one moment to another."""

    __tablename__ = "duty"
    __table_args__ = (Index("ix_duty_site_id_begins_at", "site_id", "begins_at"),)

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class ChatPerson(Base):
    """Under which name of a chat platform a person presses buttons.

    `place` is the platform's workspace, server or bot; `name` the person's number there.
    """

    __tablename__ = "chat_person"
    __table_args__ = (UniqueConstraint("kind", "place", "name"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str]
    place: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]
