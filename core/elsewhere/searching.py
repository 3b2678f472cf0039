"""A look through the rest of a site: its sitemap and feeds say which pages there are.

Politely: one page at a time, in the turns that all readings of the site share, out of the same
daily budget, and no more than MOST_READ pages for one question. What is still to be read is in the
row, so that a worker that dies loses at most the page at hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ada_url import URL
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import moves, politeness
from core.db import Database
from core.elsewhere import maps
from core.elsewhere.forms import form_of, places_of
from core.errors import Conflict
from core.history import Actor
from core.models import Case, ElsewhereSearch, Page, Site
from core.net import Fetch, NetError, NotYet, Policy, Request, allow
from core.settings import Settings
from core.text.maintext import main_text
from core.text.urls import normalise

MOST_READ = 100
MOST_KEPT = 400  # addresses that one search remembers
MOST_FOUND = 50
_MOST_MAPS = 12
_LEASE = timedelta(minutes=2)
_OK = 200
_MAP, _FEED, _HOME, _ROBOTS, _PAGE = "map", "feed", "home", "robots", "page"


@dataclass
class Progress:
    """How far a search has come; kept in the row as it stands."""

    pending: list[list[str]] = field(default_factory=list)  # [what it is, address], in order
    seen: list[str] = field(default_factory=list)  # addresses that were taken up
    found: list[dict[str, str]] = field(default_factory=list)
    read: int = 0
    left: int = 0  # addresses for which there was no room

    def add(self, kind: str, addresses: Iterable[str], *, first: bool = False) -> None:
        """Take up addresses that are new."""
        fresh = []
        for address in dict.fromkeys(addresses):
            if address in self.seen:
                continue
            if len(self.seen) >= MOST_KEPT:
                self.left += 1
                continue
            self.seen.append(address)
            fresh.append([kind, address])
        self.pending = [*fresh, *self.pending] if first else [*self.pending, *fresh]


@dataclass(frozen=True)
class _Turn:
    """One address that is ours to read, with what is needed for it."""

    search_id: int
    kind: str
    url: str
    form: str
    addresses: tuple[str, ...]
    own: frozenset[str]


def begin(session: Session, case_id: int, by: Actor, now: datetime) -> ElsewhereSearch:
    """Start looking, anew if there was a search before. Raises Conflict if no words are left."""
    case = moves.locked(session, case_id)
    form = form_of(case.exact, case.prefix, case.suffix)
    if not form:
        raise Conflict("There are no words to look for.")
    search = search_of(session, case_id)
    if search is None:
        search = ElsewhereSearch(case_id=case_id)
        session.add(search)
    progress = Progress()
    progress.add(_ROBOTS, [URL("/robots.txt", case.site.url).href])
    progress.add(_HOME, [case.site.url])
    search.form, search.progress = form, vars(progress)
    search.asked_by, search.asked_at, search.due_at = by.name, now, now
    session.flush()
    return search


def search_of(session: Session, case_id: int) -> ElsewhereSearch | None:
    """The search for a case, if anybody has asked for one."""
    return session.scalar(select(ElsewhereSearch).where(ElsewhereSearch.case_id == case_id))


def is_due(session: Session, now: datetime) -> bool:
    """Whether any search waits for its next page."""
    query = select(ElsewhereSearch.id).where(ElsewhereSearch.due_at <= now)
    return session.scalar(query.limit(1)) is not None


def look_due(
    db: Database,
    settings: Settings,
    fetch: Fetch,
    clock: Callable[[], datetime],
    most: int = 5,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Read the next pages of searches that are due; returns how many addresses were read."""
    done = 0
    while done < most and not stopping():
        with db.write() as session:
            turn = _take(session, clock(), settings)
        if turn is None:
            return done
        try:
            text, wait = _read(fetch, turn), timedelta()
        except NotYet as busy:
            text, wait = None, timedelta(seconds=busy.seconds)
        except NetError:
            text, wait = "", timedelta()
        with db.write() as session:
            _keep(session, turn, text, clock() + wait)
        done += 1
    return done


def _take(session: Session, now: datetime, settings: Settings) -> _Turn | None:
    """The next address of a search that is due, held for a while. Past the budget: tomorrow."""
    query = (
        select(ElsewhereSearch)
        .where(ElsewhereSearch.due_at <= now)
        .options(joinedload(ElsewhereSearch.case).joinedload(Case.site))
        .order_by(ElsewhereSearch.due_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=ElsewhereSearch)
    )
    search = session.scalar(query)
    if search is None:
        return None
    progress = Progress(**search.progress)
    if not progress.pending or progress.read >= MOST_READ:
        search.due_at = None
        return _take(session, now, settings)
    site = search.case.site
    if not politeness.spend(session, site.id, False, now, settings):
        search.due_at = now + settings.scaled(timedelta(hours=6))
        return None
    search.due_at = now + _LEASE
    kind, url = progress.pending[0]
    own = select(Page.link, Page.url).where(Page.id == search.case.page_id)
    addresses = {address for row in session.execute(own) for address in row}
    return _Turn(search.id, kind, url, search.form, (site.url, *site.origins), frozenset(addresses))


def _read(fetch: Fetch, turn: _Turn) -> str:
    """The text behind an address; empty for anything but a good answer. Raises NetError."""
    kinds = frozenset[str]() if turn.kind != _PAGE else frozenset({"text/html"})
    policy = Policy(hosts=allow(turn.addresses), content_types=kinds)
    answer = fetch(Request(url=turn.url), policy)
    return answer.text if answer.status == _OK else ""


def _keep(session: Session, turn: _Turn, text: str | None, due_at: datetime) -> None:
    """Write down what was read. `text` None: it was not our turn, so the address stays."""
    search = session.scalar(
        select(ElsewhereSearch)
        .where(ElsewhereSearch.id == turn.search_id, ElsewhereSearch.form == turn.form)
        .options(joinedload(ElsewhereSearch.case).joinedload(Case.site))
        .with_for_update(of=ElsewhereSearch)
    )
    if search is None:
        return
    progress = Progress(**search.progress)
    if text is not None and progress.pending[:1] == [[turn.kind, turn.url]]:
        progress.pending = progress.pending[1:]
        _learn(search.case.site, turn, text, progress)
    search.progress = dict(vars(progress))
    done = not progress.pending or progress.read >= MOST_READ
    search.due_at = None if done else due_at


def _learn(site: Site, turn: _Turn, text: str, progress: Progress) -> None:
    """What one address says: more addresses, or whether the form stands there."""

    def ours(addresses: Iterable[str]) -> list[str]:
        return [url for url in addresses if site.covers(url) and url not in turn.own]

    if turn.kind == _ROBOTS:
        named = ours(maps.sitemaps_in_robots(text))
        usual = [URL(path, site.url).href for path in ("/sitemap.xml", "/wp-sitemap.xml")]
        progress.add(_MAP, named or usual)
    elif turn.kind == _HOME:
        feeds = [_absolute(href, turn.url) for href in maps.feeds_in_page(text)]
        progress.add(_FEED, ours(filter(None, feeds))[:2], first=True)
    elif turn.kind == _FEED:
        progress.add(_PAGE, ours(maps.items_of(text)), first=True)
    elif turn.kind == _MAP:
        listed = ours(each.url for each in maps.addresses_of(text))
        if maps.is_index(text):
            progress.add(_MAP, listed[:_MOST_MAPS], first=True)
        else:
            progress.add(_PAGE, listed)
    else:
        progress.read += 1
        _look(turn, text, progress)


def _look(turn: _Turn, text: str, progress: Progress) -> None:
    if not text or len(progress.found) >= MOST_FOUND or normalise(turn.url) in turn.own:
        return
    read = main_text(text)
    for place in places_of(turn.form, read.text):
        facts = {"before": place.before, "words": place.words, "after": place.after}
        progress.found.append({"url": turn.url, "title": _title(text), **facts})


def _title(text: str) -> str:
    start = text.lower().find("<title")
    end = text.lower().find("</title>", start)
    opened = text.find(">", start)
    return " ".join(text[opened + 1 : end].split())[:200] if 0 <= start < opened < end else ""


def _absolute(href: str, base: str) -> str | None:
    try:
        return str(URL(href, base).href)
    except ValueError:
        return None


def as_progress(search: ElsewhereSearch) -> Progress:
    """How far a search has come."""
    stored: dict[str, Any] = search.progress
    return Progress(**stored)
