"""The way from the web side to other people's servers: only where a person waits for the answer."""

from functools import partial
from importlib.metadata import version

from core.net import Fetch, Outside, fetch, user_agent
from core.settings import Settings


def make_outside(settings: Settings) -> Outside:
    """The world as this installation may reach it."""
    agent = user_agent(version("tuzet"), settings.base_url)
    return Outside(user_agent=agent, private_networks=settings.private_networks)


def make_fetch(settings: Settings) -> Fetch:
    """What reads a page that a person wants looked at now."""
    return partial(fetch, outside=make_outside(settings))
