"""A channel's secrets, opened at the moment of sending."""

from datetime import datetime

from core.channels import PassingFailure
from core.errors import Conflict
from core.models import Channel
from core.sealing import unseal
from core.settings import Settings


def secret_of(channel: Channel, settings: Settings) -> str:
    """The secret that is valid now; empty for a channel that has none.

    Raises PassingFailure while it cannot be read, for an operator can put that right.
    """
    return _opened(channel.sealed_secret, settings) or ""


def former_secret_of(channel: Channel, settings: Settings, now: datetime) -> str | None:
    """The one before it, while a rotation lasts."""
    if channel.former_until is None or now >= channel.former_until:
        return None
    return _opened(channel.former_secret, settings)


def _opened(sealed: str | None, settings: Settings) -> str | None:
    if sealed is None:
        return None
    try:
        return unseal(sealed, settings.secret_key)
    except Conflict as fault:
        raise PassingFailure(str(fault)) from fault
