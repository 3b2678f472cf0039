"""May we read here? The site's own hosts have invited us; others are asked for their robots.txt."""

from collections.abc import Callable
from datetime import datetime, timedelta

from ada_url import URL

from core import politeness
from core.db import Database
from core.net import Fetch, Limits, NetError, Policy, Request, allow, parse
from core.settings import Settings
from core.text import robots

AGENT = "tuzet"
_KEPT = timedelta(days=1)
_TRIED_AGAIN = timedelta(hours=1)
_LIMITS = Limits(total_seconds=5.0, connect_seconds=3.0, body_bytes=512 * 1024)
_NOTHING = "User-agent: *\nDisallow: /"
_SERVER_FAILS = 500


class Robots:
    """What hosts that a site does not name as its own say of programs that read.

    `permits` is for `core.net.Policy`. A robots.txt is kept for a day; a host that cannot give
    one now is not read for an hour, one that has none is free to read (RFC 9309).
    """

    def __init__(
        self,
        db: Database,
        fetch: Fetch,
        settings: Settings,
        clock: Callable[[], datetime],
        own: tuple[str, ...],
    ) -> None:
        self._db = db
        self._fetch = fetch
        self._settings = settings
        self._clock = clock
        self._own = {URL(address).hostname for address in own}

    def permits(self, url: str) -> bool:
        """Whether the address may be read."""
        target = parse(url)
        if target.host in self._own:
            return True
        now = self._clock()
        with self._db.read() as session:
            known = politeness.robots_of(session, target.host, now)
        if known is None:
            known = self._ask(url, now)
        return robots.allows(known, AGENT, target.path)

    def _ask(self, url: str, now: datetime) -> str:
        address = URL("/robots.txt", url).href
        policy = Policy(hosts=allow([url]), content_types=frozenset(), limits=_LIMITS)
        try:
            answer = self._fetch(Request(url=address), policy)
        except NetError:
            text, wait = _NOTHING, _TRIED_AGAIN
        else:
            failed = answer.status >= _SERVER_FAILS
            text, wait = (_NOTHING, _TRIED_AGAIN) if failed else (answer.text, _KEPT)
        with self._db.write() as session:
            until = now + self._settings.scaled(wait)
            host = parse(url).host
            politeness.keep_robots(session, host, text.replace("\0", ""), until, now)
        return text
