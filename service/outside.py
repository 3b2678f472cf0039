"""The way from the web side to other people's servers: only where a person waits for the answer."""

from functools import partial
from importlib.metadata import version

from core.cms import Caller
from core.net import Fetch, Outside, call, fetch, user_agent
from core.settings import Settings


def make_caller(settings: Settings) -> Caller:
    """What asks newsrooms' systems."""
    return partial(call, outside=_outside(settings))


def make_fetch(settings: Settings) -> Fetch:
    """What reads a page that a person wants looked at now."""
    return partial(fetch, outside=_outside(settings))


def _outside(settings: Settings) -> Outside:
    agent = user_agent(version("tuzet"), settings.base_url)
    return Outside(user_agent=agent, private_networks=settings.private_networks)
