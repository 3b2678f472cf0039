"""The way from the workers to other people's servers: one a process, with its politeness."""

from functools import partial
from importlib.metadata import version

from core.looking import Looker
from core.net import HostGate, Outside, fetch, user_agent
from core.settings import Settings

_BETWEEN_REQUESTS_S = 3.0


def make_looker(settings: Settings) -> Looker:
    """What looks at pages for this process; asks no host more than once in three seconds."""
    outside = Outside(
        user_agent=user_agent(version("tuzet"), settings.base_url),
        private_networks=settings.private_networks,
        gate=HostGate(_BETWEEN_REQUESTS_S / settings.time_scale),
    )
    return Looker(partial(fetch, outside=outside))
