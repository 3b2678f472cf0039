"""The way out to newsrooms' systems."""

from functools import partial
from importlib.metadata import version

from core.cms.contract import Caller
from core.net import Outside, call, user_agent
from core.settings import Settings


def make_caller(settings: Settings) -> Caller:
    """What asks newsrooms' systems, for the web side and for workers."""
    agent = user_agent(version("tuzet"), settings.base_url)
    outside = Outside(user_agent=agent, private_networks=settings.private_networks)
    return partial(call, outside=outside)
