"""Which document a report is about: pages, and the addresses that lead to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.cms.contract import Sought
from core.models import Case, CaseKey, Page, PageAlias, PageVersion, Report, Site
from core.readings import Reading
from core.text.urls import host_of, normalise, page_keys

_FROM_METADATA = ("author", "section", "published", "modified", "cms_id")


def place_reports(session: Session, reports: Sequence[Report], now: datetime) -> None:
    """Give each report its page; make pages and aliases that are new.

    Two reports are about one page if they share the canonical address that the site itself names,
    or the address at hand; a report whose two addresses lead to two pages shows that these are one.
    Whatever makes a page, an alias or a union is serialised per site: two workers that meet one
    new document by two addresses would otherwise make two pages of it.
    """
    for site_id in sorted({report.site_id for report in reports}):
        site = session.get_one(Site, site_id)
        placed = [(r, _addresses(r, site)) for r in reports if r.site_id == site_id]
        wanted = {address for _, addresses in placed for address in addresses}
        known = _known(session, site, wanted)
        if wanted - known.keys() or any(_differ(known, addresses) for _, addresses in placed):
            _lock(session, site)
            known = _known(session, site, wanted)
        for report, addresses in placed:
            page = _page_at(session, report, addresses, known, now)
            _learn(page, report)
            report.page_id = page.id


def learn_addresses(session: Session, reading: Reading) -> None:
    """Lead the addresses that a page gives for itself to it, unless they lead elsewhere already.

    A canonical link on a foreign host, or to the home page, is not believed. Not to be called
    with a page's lock held: sites are locked before pages.
    """
    page = session.get_one(Page, reading.page_id)
    site = session.get_one(Site, page.site_id)
    final = reading.final_url or page.link
    found = {
        key
        for address in (final, *reading.also_at)
        if site.covers(address)
        for key in _trusted(address, reading.canonical if address == final else None, site)
    }
    fresh = found - _known(session, site, found).keys()
    if fresh:
        _lock(session, site)
        for address in sorted(fresh - _known(session, site, fresh).keys()):
            session.add(PageAlias(site_id=site.id, page_id=page.id, url=address))


def pages_at(session: Session, site: Site, url: str) -> list[Page]:
    """The pages to which an address leads; none where nobody has reported anything."""
    known = _known(session, site, _trusted(url, None, site)).values()
    return list({page.id: page for page in known}.values())


def sought_of(session: Session, page: Page) -> Sought:
    """What the site's system is asked for to find the document of a page."""
    aliases = session.scalars(select(PageAlias.url).where(PageAlias.page_id == page.id))
    site = session.get_one(Site, page.site_id)
    return Sought(
        link=page.link,
        cms_id=page.cms_id,
        aliases=frozenset({page.url, *aliases}),
        hosts=frozenset(
            normalise(address).partition("/")[0] for address in (site.url, *site.origins)
        ),
    )


def _differ(known: dict[str, Page], addresses: Sequence[str]) -> bool:
    return len({known[each].id for each in addresses if each in known}) > 1


def _page_at(
    session: Session,
    report: Report,
    addresses: Sequence[str],
    known: dict[str, Page],
    now: datetime,
) -> Page:
    page = next((known[each] for each in addresses if each in known), None)
    if page is None:
        page = _make(session, report, addresses[0], now)
    for address in addresses:
        if address not in known:
            session.add(PageAlias(site_id=page.site_id, page_id=page.id, url=address))
        elif known[address].id != page.id:
            _unite(session, page, known[address])
            known.update({url: page for url, at in known.items() if at.id == known[address].id})
        known[address] = page
    return page


def _unite(session: Session, page: Page, other: Page) -> None:
    """Make one page of two: what stood on the other stands on this one from now on.

    The other's row stays, without addresses; its versions of the text are dropped, since places
    in them mean nothing here.
    """
    both = select(Page.id).where(Page.id.in_([page.id, other.id])).order_by(Page.id)
    session.execute(both.with_for_update(key_share=True))
    moved = {"page_id": page.id}
    for table in (PageAlias, Report, CaseKey):
        session.execute(update(table).where(table.page_id == other.id).values(moved))
    homeless = {**moved, "span_start": None, "span_end": None, "seen_version": None}
    session.execute(update(Case).where(Case.page_id == other.id).values(homeless))
    session.execute(delete(PageVersion).where(PageVersion.page_id == other.id))
    other.read_due_at = None


def _addresses(report: Report, site: Site) -> list[str]:
    """The normalised addresses of a report's page, the most trusted first."""
    return _trusted(report.url, report.canonical_url, site)


def _trusted(url: str, canonical: str | None, site: Site) -> list[str]:
    hosts = [host for host in map(host_of, (site.url, *site.origins)) if host]
    keys = page_keys(url, canonical, hosts)
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
    page = Page(site_id=report.site_id, url=url, link=report.url, created_at=now, read_due_at=now)
    session.add(page)
    session.flush()
    return page


def _learn(page: Page, report: Report) -> None:
    """Keep what the newest reader's browser saw of the page's own description."""
    if report.title:
        page.title = report.title
    for name in _FROM_METADATA:
        value = (report.page_metadata or {}).get(name)
        if value:
            setattr(page, name, value)
