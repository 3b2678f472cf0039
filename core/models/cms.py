"""A site's own system, what was written there, and what the site says in public about errors."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Json, Key
from core.models.case import Case
from core.models.site import Page, Site


class CmsConnection(Base):
    """How a site's system is reached. One a site.

    `sealed_secret` lets us in, `sealed_hook_secret` proves calls of the system to us; both are
    encrypted with the installation's key (core/sealing.py).
    """

    __tablename__ = "cms_connection"

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), unique=True)
    kind: Mapped[str]
    url: Mapped[str]
    user: Mapped[str]
    sealed_secret: Mapped[str]
    sealed_hook_secret: Mapped[str]
    created_at: Mapped[datetime]

    site: Mapped[Site] = relationship()


class CmsChange(Base):
    """One correction that was written into a document of the system.

    `state` is the digest of the document as we left it, and `inverse` the edits that make `field`
    what it was: [[start, end, text], …]. `revision` is for people. `edit_url` opens the document.
    """

    __tablename__ = "cms_change"
    __table_args__ = (Index("ix_cms_change_case_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str]
    document_id: Mapped[str]
    field: Mapped[str]
    state: Mapped[str]
    revision: Mapped[str]
    edit_url: Mapped[str | None]
    inverse: Mapped[list[Any]] = mapped_column(Json)
    by: Mapped[str]
    at: Mapped[datetime]
    reverted_at: Mapped[datetime | None]


class CorrectionNotice(Base):
    """What a site says in public about an error of fact; or that an editor wanted nothing said.

    `state` is `published`, `declined` or `withdrawn`. The texts are the newsroom's own from the
    moment of publishing: what stood (`before` and the words around), what stands (`after`), and
    in a sentence what was wrong, if the editor wrote one.
    """

    __tablename__ = "correction_notice"
    __table_args__ = (
        Index("ix_correction_notice_site_id", "site_id", "published_at"),
        Index(
            "ix_correction_notice_page_id",
            "page_id",
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    state: Mapped[str]
    language: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    prefix: Mapped[str]
    suffix: Mapped[str]
    sentence: Mapped[str | None]
    by: Mapped[str]
    published_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    page: Mapped[Page] = relationship()
    site: Mapped[Site] = relationship()
    case: Mapped[Case] = relationship()


class ElsewhereSearch(Base):
    """A look through the rest of a site for the wrong form of a case. One a case, the newest.

    `form` is what is looked for; `progress` holds `pending` addresses, how many were `read` and
    `left` unread, and the places `found`: [{"url", "title", "before", "words", "after"}].
    The next page is read when `due_at` has come; None once there is nothing left to read.
    """

    __tablename__ = "elsewhere_search"
    __table_args__ = (
        Index(
            "ix_elsewhere_search_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    form: Mapped[str]
    progress: Mapped[dict[str, Any]]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
