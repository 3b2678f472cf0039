"""One error on one page, and the history of what was done about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, BigId, Key
from core.models.report import Report
from core.models.site import Page, Site
from core.models.user import User

# All that the queue's filters ask of a case, so that counting reads an index alone.
_NARROWING = (
    *("status", "kind", "language", "assignee_id", "page_id", "site_id"),
    *("first_reported_at", "snoozed_until", "wake_at_readers", "readers"),
)


class Case(Base):
    """One error on one page, with all its reports.

    `exact`, `prefix`, `suffix` are its claim: the narrowest words that its readers meant, and the
    text around. `claim_right` (what should stand instead of exactly these words), `claim_certain`,
    `claim_position` and the span in the page's text are what core.matching keeps of it.
    `version` counts what editors (or the verifier) change, not what readers add.
    `readers` counts the reports. `merged_into_id` names the case that an editor merged this one
    into: whatever would join this one joins that one. `regressed` is set when the error came
    back, until someone acts.
    A snooze ends at `snoozed_until`, and before that when `readers` reach `wake_at_readers`.
    `check_since` is when the status was last set, and its readings are counted from there;
    `check_due_at` when the page is read next for this case, None for never. `seen_version` and its
    span tell where the error stood in a kept version of the page's text. `verification_id` names
    the newest run of agreeing readings.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_site_id_status_last", "site_id", "status", "last_reported_at"),
        Index("ix_case_site_id_priority", "site_id", "priority"),
        Index("ix_case_last", "last_reported_at", "id"),
        Index("ix_case_first", "first_reported_at", "id"),
        Index("ix_case_priority", "priority", "id"),
        Index("ix_case_readers", "readers", "id"),
        Index("ix_case_status_last", "status", "last_reported_at", "id"),
        Index("ix_case_assignee_id_status", "assignee_id", "status", "priority", "id"),
        Index("ix_case_counted", *_NARROWING),
        Index(
            "ix_case_asleep",
            "snoozed_until",
            sqlite_where=text("snoozed_until IS NOT NULL"),
            postgresql_where=text("snoozed_until IS NOT NULL"),
        ),
        Index("ix_case_page_id_span_start", "page_id", "span_start"),
        Index(
            "ix_case_check_due_at",
            "check_due_at",
            sqlite_where=text("check_due_at IS NOT NULL"),
            postgresql_where=text("check_due_at IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    exact: Mapped[str]
    prefix: Mapped[str]
    suffix: Mapped[str]
    claim_right: Mapped[str | None]
    claim_certain: Mapped[bool] = mapped_column(default=False)
    claim_position: Mapped[int | None] = mapped_column(BigInteger)
    span_start: Mapped[int | None]
    span_end: Mapped[int | None]
    language: Mapped[str]
    suggestion: Mapped[str | None]
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(default="new")
    resolution: Mapped[str | None]
    regressed: Mapped[bool] = mapped_column(default=False)
    readers: Mapped[int] = mapped_column(default=1)
    priority: Mapped[int] = mapped_column(default=0)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    snoozed_until: Mapped[datetime | None]
    wake_at_readers: Mapped[int | None]
    merged_into_id: Mapped[int | None] = mapped_column(BigId, index=True)
    version: Mapped[int] = mapped_column(default=1)
    first_reported_at: Mapped[datetime]
    last_reported_at: Mapped[datetime]
    fixed_at: Mapped[datetime | None]
    verdict: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    evidence: Mapped[dict[str, Any] | None]
    check_since: Mapped[datetime | None]
    check_due_at: Mapped[datetime | None]
    seen_version: Mapped[int | None]
    seen_start: Mapped[int | None]
    seen_end: Mapped[int | None]
    verification_id: Mapped[int | None] = mapped_column(BigId)

    def sleeps(self, now: datetime) -> bool:
        """Whether it is snoozed at this moment."""
        if self.snoozed_until is None or self.snoozed_until <= now:
            return False
        return not self.was_woken

    @property
    def was_woken(self) -> bool:
        """Whether so many readers have reported it that its snooze has ended before its time."""
        return self.wake_at_readers is not None and self.readers >= self.wake_at_readers

    @property
    def seen_verdict(self) -> str | None:
        """What is known of the page: the newest verdict, but of a verified case the correction.

        `evidence` belongs to it; where the newest reading said something else, its `latest` does.
        """
        kept = self.status == "verified" and "latest" in (self.evidence or {})
        return "fixed" if kept else self.verdict

    site: Mapped[Site] = relationship()
    page: Mapped[Page] = relationship()
    assignee: Mapped[User | None] = relationship()
    reports: Mapped[list[Report]] = relationship(order_by=Report.received_at, viewonly=True)


class CaseKey(Base):
    """Grams of the text around a case, by which a report finds the few cases it may belong to."""

    __tablename__ = "case_key"

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True, index=True)


class Presence(Base):
    """A person who has a case before them, as of `seen_at`."""

    __tablename__ = "presence"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    seen_at: Mapped[datetime]


class Event(Base):
    """One line of a case's history: what happened, who did it, by which way.

    `actor` is an e-mail address, or `reader`, `verifier`, `scheduler`; `via` is `snippet`, `desk`,
    `api`, `mail` or `clock`. `data` holds `before` and `after` of what changed, and facts.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_case_id", "case_id", "id"),
        Index(
            "uq_event_created",
            "case_id",
            unique=True,
            sqlite_where=text("type = 'created'"),
            postgresql_where=text("type = 'created'"),
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    type: Mapped[str]
    actor: Mapped[str]
    via: Mapped[str]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]

    case: Mapped[Case] = relationship()
