"""The web side's bell: wakes the workers, and never lets a reader wait for a broker."""

import redis
from celery import Celery
from kombu.exceptions import KombuError
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.ringing import Ringer, Tally, prepare_folder, wire
from core.settings import Settings

_FAILURES = (KombuError, redis.RedisError, OSError)
_PING_S = 0.5


class BrokerBell:
    """Rings through the broker that the settings name. See core/ringing.py for the promise."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._app = Celery("tuzet", set_as_current=False)
        self._app.conf.update(wire(settings, listening=False))
        self._ringer = Ringer(self._publish, _FAILURES)

    def ring(self, signal: str) -> None:
        """Say "look now" for one of core.signals. Returns at once, raises nothing."""
        self._ringer.ring(signal)

    def drain(self, seconds: float) -> bool:
        """Before the process ends: wait, at most so long, until all is said."""
        return self._ringer.drain(seconds)

    def tally(self) -> Tally:
        """Counts for the metrics."""
        return self._ringer.tally()

    def fault(self) -> str | None:
        """Why the broker cannot be reached now; None if it can. Takes about a second at most."""
        return broker_fault(self._settings)

    def _publish(self, signal: str) -> None:
        prepare_folder(self._settings)
        self._app.send_task(signal)


def broker_fault(settings: Settings) -> str | None:
    """Why the broker of these settings cannot be reached; None if it can."""
    try:
        if settings.redis_url is None:
            _try_folder(settings)
        else:
            _ping(settings.redis_url)
    except _FAILURES as fault:
        return f"{type(fault).__name__}: {fault}"
    return None


def _try_folder(settings: Settings) -> None:
    prepare_folder(settings)
    probe = settings.broker_folder / "probe"
    probe.write_bytes(b"")
    probe.unlink(missing_ok=True)


def _ping(url: str) -> None:
    client = redis.Redis.from_url(
        url,
        socket_timeout=_PING_S,
        socket_connect_timeout=_PING_S,
        retry=Retry(NoBackoff(), 0),
    )
    with client:
        client.ping()
