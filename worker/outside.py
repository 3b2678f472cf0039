"""The way from the workers to other people's servers: one a process, with its politeness."""

from functools import partial
from importlib.metadata import version

from core.clock import utcnow
from core.db import Database
from core.looking import Looker
from core.net import Browser, Fetch, Gate, HostGate, Outside, Render, fetch, user_agent
from core.politeness import DatabaseGate
from core.settings import Settings

_BETWEEN_REQUESTS_S = 3.0


def make_looker(settings: Settings) -> Looker:
    """What looks at pages for this process; asks no host more than once in three seconds."""
    return Looker(_through(settings, HostGate(_BETWEEN_REQUESTS_S / settings.time_scale)))


def make_reader(settings: Settings, db: Database) -> Fetch:
    """What reads pages for their cases, in turns that all processes share.

    Looks have turns of their own: a reader's report shall not wait for the nightly round.
    """
    return _through(settings, DatabaseGate(db, settings, utcnow))


def make_renderer(settings: Settings) -> Render | None:
    """The browser for pages that show their words to nobody else, if the operator names one."""
    if settings.browser is None:
        return None
    return Browser(settings.browser, _outside(settings, None)).render


def _through(settings: Settings, gate: Gate) -> Fetch:
    return partial(fetch, outside=_outside(settings, gate))


def _outside(settings: Settings, gate: Gate | None) -> Outside:
    return Outside(
        user_agent=user_agent(version("tuzet"), settings.base_url),
        private_networks=settings.private_networks,
        gate=gate,
    )
