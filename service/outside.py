"""The way from the web side to other people's servers: only where a person waits for the answer."""

from functools import partial
from importlib.metadata import version

from core.cms import Caller
from core.net import Outside, call, user_agent
from core.settings import Settings


def make_caller(settings: Settings) -> Caller:
    """What asks newsrooms' systems."""
    agent = user_agent(version("tuzet"), settings.base_url)
    return partial(
        call, outside=Outside(user_agent=agent, private_networks=settings.private_networks)
    )
