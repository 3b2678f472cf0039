"""Readers come in here: a report is checked against its site and kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from core.errors import Conflict, Forbidden, NotFound
from core.incoming import NewReport
from core.models import Report, Site


@dataclass(frozen=True)
class Received:
    """A report that is kept (once the session is committed). `repeated`: it had been before."""

    report: Report
    site: Site
    repeated: bool


def receive(session: Session, new: NewReport, origin: str | None, now: datetime) -> Received:
    """Keep a reader's report; sorting follows later.

    The same id with the same body is the same report, however often it comes: a phone on a bad
    network may repeat itself. `origin` is the web origin that sent it, None outside browsers.
    Raises NotFound (no such site), Forbidden (the origin is not on the site's list, or the page
    is not on the site), Conflict (the id has been used with another body).
    """
    site = session.scalar(select(Site).where(Site.key == new.site))
    if site is None:
        raise NotFound("There is no site with this key. Check data-site in the script tag.")
    if origin is not None and origin not in site.origins:
        raise Forbidden(f"The origin is not on the list of the site {site.name}.")
    if not site.covers(new.url):
        raise Forbidden(f"The page is not on the site {site.name}.")
    inserted = _insert_once(session, _row(new, site, now))
    report = session.get_one(Report, new.id)
    if report.fingerprint != new.fingerprint or report.site_id != site.id:
        raise Conflict("This id has been used for another report. Make a new UUID for each.")
    return Received(report, site, repeated=not inserted)


def _insert_once(session: Session, row: dict[str, object]) -> bool:
    """Insert a report unless its id is there. Of several at once exactly one is told True."""
    if session.get_bind().dialect.name == "postgresql":
        on_postgresql = (
            postgresql_insert(Report).values(row).on_conflict_do_nothing(index_elements=["id"])
        )
        return session.scalar(on_postgresql.returning(Report.id)) is not None
    on_sqlite = sqlite_insert(Report).values(row).on_conflict_do_nothing(index_elements=["id"])
    return session.scalar(on_sqlite.returning(Report.id)) is not None


def _row(new: NewReport, site: Site, now: datetime) -> dict[str, object]:
    return {
        "id": new.id,
        "site_id": site.id,
        "fingerprint": new.fingerprint,
        "receipt": secrets.token_urlsafe(24),
        "received_at": now,
        "url": new.url,
        "canonical_url": new.canonical_url,
        "title": new.title,
        "language": new.language,
        "exact": new.exact,
        "prefix": new.prefix,
        "suffix": new.suffix,
        "position_start": new.position_start,
        "position_end": new.position_end,
        "kind": new.kind,
        "suggestion": new.suggestion,
        "comment": new.comment,
        "email": new.email,
        "page_metadata": new.metadata,
        "sort_due_at": now,
    }
