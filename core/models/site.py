"""A publication, and its documents."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from ada_url import URL
from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Key

_HOST_LABELS = ("www.", "m.", "amp.", "mobile.")


class Site(Base):
    """A publication: its public key, where it lives, who may post for it.

    `url` is the address of its home page; `origins` are the web origins whose pages may report
    (scheme, host and port, no path); `languages` come with the main one first.
    `widget` is what the site sets about its snippet, as core.widget keeps it; `privacy` what it
    tells readers about their data, by language; `edit_link` the address of the CMS's edit page with
    `{cms_id}` in it. Days after which a closed case's readers, and its words, are forgotten: None
    for never.
    """

    __tablename__ = "site"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    url: Mapped[str]
    origins: Mapped[list[str]]
    languages: Mapped[list[str]]
    timezone: Mapped[str] = mapped_column(default="Asia/Almaty")
    created_at: Mapped[datetime]
    widget: Mapped[dict[str, Any]] = mapped_column(default=dict)
    privacy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    edit_link: Mapped[str | None]
    forget_reader_days: Mapped[int | None]
    forget_words_days: Mapped[int | None]

    @property
    def language(self) -> str:
        """The language that the site speaks when nobody says otherwise."""
        return self.languages[0]

    def edit_address(self, cms_id: str | None) -> str | None:
        """Where the CMS lets an editor change a document; None if it cannot be said."""
        if not self.edit_link or not cms_id:
            return None
        return self.edit_link.replace("{cms_id}", quote(cms_id, safe=""))

    def covers(self, url: str) -> bool:
        """Whether an address lies on one of the site's hosts, mobile and AMP forms included."""
        return _bare_host(url) in {_bare_host(address) for address in (self.url, *self.origins)}


class Page(Base):
    """One document of one site, whatever addresses lead to it.

    `url` is its normalised address, unique within the site; `link` the address that a reader used.
    What a page says of itself (title, author, section) is what the last reader's browser saw.
    The last block is where reading the live page keeps its place: a reading is owed when
    `read_due_at` has come; `body_digest` and the validators tell whether anything has changed.
    Whoever reads it for its cases holds it by `check_lease` until `check_leased_until`.
    `needs_browser`: only a browser shows its words.
    """

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("site_id", "url"),
        Index("ix_page_author", "author", "id"),
        Index("ix_page_section", "section", "id"),
        Index(
            "ix_page_read_due_at",
            "read_due_at",
            sqlite_where=text("read_due_at IS NOT NULL"),
            postgresql_where=text("read_due_at IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    url: Mapped[str]
    link: Mapped[str]
    title: Mapped[str | None]
    author: Mapped[str | None]
    section: Mapped[str | None]
    published: Mapped[str | None]
    modified: Mapped[str | None]
    cms_id: Mapped[str | None]
    created_at: Mapped[datetime]

    read_at: Mapped[datetime | None]
    read_due_at: Mapped[datetime | None]
    read_attempts: Mapped[int] = mapped_column(default=0)
    read_fault: Mapped[str | None]
    body_digest: Mapped[str | None]
    validator_url: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    check_lease: Mapped[str | None]
    check_leased_until: Mapped[datetime | None]
    check_attempts: Mapped[int] = mapped_column(default=0)
    needs_browser: Mapped[bool] = mapped_column(default=False)

    site: Mapped[Site] = relationship()


class PageVersion(Base):
    """The main text of a page as it stood at one time. Versions count from 1, the newest is right.

    `first` and `last` are the reader's positions of its beginning and end (core.text.maintext).
    """

    __tablename__ = "page_version"
    __table_args__ = (UniqueConstraint("page_id", "number"),)

    id: Mapped[Key]
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    number: Mapped[int]
    digest: Mapped[str]
    text: Mapped[str]
    first: Mapped[int]
    last: Mapped[int]
    read_at: Mapped[datetime]


class PageAlias(Base):
    """An address by which a page is also known; each leads to one page of a site."""

    __tablename__ = "page_alias"
    __table_args__ = (UniqueConstraint("site_id", "url"),)

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), index=True)
    url: Mapped[str]


def _bare_host(address: str) -> str:
    """Host and port of an http(s) address without www., m. and the like; empty for all else."""
    try:
        parsed = URL(address)
    except ValueError:
        return ""
    if parsed.protocol not in {"http:", "https:"}:
        return ""
    host = parsed.host
    for label in _HOST_LABELS:
        if host.startswith(label) and "." in host.removeprefix(label):
            return host.removeprefix(label)
    return host
