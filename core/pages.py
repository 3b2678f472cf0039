"""Which document a report is about: pages, and the addresses that lead to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Page, PageAlias, Report, Site
from core.text.urls import PageKeys, host_of, page_keys

_FROM_METADATA = ("author", "section", "published", "modified", "cms_id")


def place_reports(session: Session, reports: Sequence[Report], now: datetime) -> None:
    """Give each report its page; make pages and aliases that are new.

    Two reports are about one page if they share the canonical address that the site itself names,
    or the address at hand. Whatever makes a page or an alias is serialised per site: two workers
    that meet one new document by two addresses would otherwise make two pages of it.
    """
    for site_id in sorted({report.site_id for report in reports}):
        site = session.get_one(Site, site_id)
        placed = [(r, _addresses(r, site)) for r in reports if r.site_id == site_id]
        wanted = {address for _, addresses in placed for address in addresses}
        known = _known(session, site, wanted)
        if wanted - known.keys():
            _lock(session, site)
            known = _known(session, site, wanted)
        for report, addresses in placed:
            page = next((known[each] for each in addresses if each in known), None)
            if page is None:
                page = _make(session, report, addresses[0], now)
            _lead_to(session, page, addresses, known)
            _learn(page, report)
            report.page_id = page.id


def _addresses(report: Report, site: Site) -> list[str]:
    """The normalised addresses of a report's page, the most trusted first."""
    hosts = [host for host in map(host_of, (site.url, *site.origins)) if host]
    keys: PageKeys = page_keys(report.url, report.canonical_url, hosts)
    return list(dict.fromkeys(key for key in (keys.canonical, keys.own) if key is not None))


def _known(session: Session, site: Site, addresses: Iterable[str]) -> dict[str, Page]:
    query = (
        select(PageAlias.url, Page)
        .join(Page, Page.id == PageAlias.page_id)
        .where(PageAlias.site_id == site.id, PageAlias.url.in_(addresses))
    )
    return {url: page for url, page in session.execute(query)}  # noqa: C416 (dict() loses types)


def _lock(session: Session, site: Site) -> None:
    session.execute(select(Site.id).where(Site.id == site.id).with_for_update(key_share=True))


def _make(session: Session, report: Report, url: str, now: datetime) -> Page:
    page = Page(site_id=report.site_id, url=url, link=report.url, created_at=now)
    session.add(page)
    session.flush()
    return page


def _lead_to(
    session: Session, page: Page, addresses: Iterable[str], known: dict[str, Page]
) -> None:
    for address in addresses:
        if address not in known:
            session.add(PageAlias(site_id=page.site_id, page_id=page.id, url=address))
            known[address] = page


def _learn(page: Page, report: Report) -> None:
    """Keep what the newest reader's browser saw of the page's own description."""
    if report.title:
        page.title = report.title
    for name in _FROM_METADATA:
        value = (report.page_metadata or {}).get(name)
        if value:
            setattr(page, name, value)
