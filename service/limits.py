"""How many reports one reader, one page and one site may send; never holds a request up.

Counts live in Redis where there is one, so that several web processes share them. A Redis that is
away or hung costs one request a tenth of a second; then it is left alone for some seconds while
each process counts for itself.
"""

import hashlib
import hmac
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv6Address, ip_network

import structlog
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from core.errors import Throttled
from core.incoming import NewReport
from core.settings import Settings
from core.text.urls import normalise
from service.proxies import read_address

PER_READER = "30/minute; 200/hour"
PER_PAGE = "120/minute; 1000/hour"
PER_SITE = "1200/minute; 20000/hour"

_PATIENCE_S = 0.1  # of a socket; a request meets at most a connect and a read
_LEAVE_ALONE_S = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Rule:
    """The limits of one kind of subject."""

    subject: str
    limits: tuple[RateLimitItem, ...]
    message: str


_READER = _Rule("reader", tuple(parse_many(PER_READER)), "Too many reports from one reader.")
_PAGE = _Rule("page", tuple(parse_many(PER_PAGE)), "Too many reports about one page.")
_SITE = _Rule("site", tuple(parse_many(PER_SITE)), "Too many reports for one site.")


class ReportLimits:
    """Counts reports. `clock` gives seconds that only go forward."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._on = settings.rate_limits
        self._secret = settings.secret_key.encode()
        self._clock = clock
        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._shared = _in_redis(settings.redis_url) if settings.redis_url else None
        self._try_shared_at: float | None = None

    def count(self, new: NewReport, address: str, today: date) -> None:
        """Count one report. Raises Throttled with the seconds to wait if it is one too many.

        What one reader sends too much does not count against the page or the site, so that
        nobody can use up what belongs to all.
        """
        if not self._on:
            return
        for rule, name in (
            (_READER, reader_network(address)),
            (_PAGE, normalise(new.url)),
            (_SITE, new.site),
        ):
            self._hit(rule, self._pseudonym(name, today))

    def _pseudonym(self, name: str, today: date) -> str:
        """A name that nobody can turn back, and that is another one every day."""
        salted = f"{today.isoformat()} {name}".encode()
        return hmac.new(self._secret, salted, hashlib.sha256).hexdigest()[:32]

    def _hit(self, rule: _Rule, name: str) -> None:
        limiter = self._limiter()
        try:
            _hit(limiter, rule, name)
        except RedisError as fault:
            self._try_shared_at = self._clock() + _LEAVE_ALONE_S
            log.warning("reports counted without redis", fault=type(fault).__name__)
            _hit(self._here, rule, name)
        else:
            if limiter is self._shared:
                self._try_shared_at = None

    def _limiter(self) -> FixedWindowRateLimiter:
        """The shared counts, unless Redis has failed lately; then one request at a time tries."""
        if self._shared is None or self._try_shared_at is None:
            return self._shared or self._here
        now = self._clock()
        if now < self._try_shared_at:
            return self._here
        self._try_shared_at = now + _LEAVE_ALONE_S
        return self._shared


def reader_network(address: str) -> str:
    """What counts as one reader: an IPv4 address, or the /64 that one household gets in IPv6."""
    read = read_address(address)
    if read is None:
        return "unknown"
    return str(ip_network(f"{read}/64", strict=False) if isinstance(read, IPv6Address) else read)


def _hit(limiter: FixedWindowRateLimiter, rule: _Rule, name: str) -> None:
    for limit in rule.limits:
        if not limiter.hit(limit, rule.subject, name):
            reset_at = limiter.get_window_stats(limit, rule.subject, name).reset_time
            wait = math.ceil(reset_at - time.time())
            raise Throttled(rule.message, max(1, min(wait, limit.get_expiry())))


def _in_redis(url: str) -> FixedWindowRateLimiter:
    options: dict[str, object] = {
        "socket_timeout": _PATIENCE_S,
        "socket_connect_timeout": _PATIENCE_S,
        "retry": Retry(NoBackoff(), 0),
        "key_prefix": "tuzet.limits",
    }
    return FixedWindowRateLimiter(RedisStorage(url, **options))  # type: ignore[arg-type]
