"""Ways out to editors and to programs: one file a kind, one contract (contract.py)."""

from collections.abc import Callable
from datetime import datetime

from core.channels import email, webhook
from core.channels.contract import (
    Outgoing,
    OutgoingHook,
    OutgoingMail,
    PassingFailure,
    PermanentFailure,
)
from core.settings import Settings

__all__ = [
    "Outgoing",
    "OutgoingHook",
    "OutgoingMail",
    "PassingFailure",
    "PermanentFailure",
    "send",
]


def send(outgoing: Outgoing, settings: Settings, clock: Callable[[], datetime]) -> None:
    """Hand one message over. Raises PermanentFailure or PassingFailure if it was not taken."""
    if isinstance(outgoing, OutgoingMail):
        email.send(outgoing, settings, clock)
    else:
        webhook.send(outgoing, settings, clock)
