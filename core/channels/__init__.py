"""Ways out to editors and to programs: one file a kind, one contract (contract.py)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from core.channels import (
    apprise,
    discord,
    email,
    mattermost,
    msteams,
    plain,
    slack,
    telegram,
    webhook,
)
from core.channels.contract import (
    Button,
    Card,
    Choice,
    Outgoing,
    OutgoingChat,
    OutgoingHook,
    OutgoingMail,
    PassingFailure,
    PermanentFailure,
    Taken,
    Way,
)
from core.settings import Settings

__all__ = [
    "CHATS",
    "EDITED",
    "PRESSED",
    "Button",
    "Card",
    "Choice",
    "Outgoing",
    "OutgoingChat",
    "OutgoingHook",
    "OutgoingMail",
    "PassingFailure",
    "PermanentFailure",
    "Taken",
    "Way",
    "pace_of",
    "send",
]

CHATS = {
    "apprise": apprise.send,
    "discord": discord.send,
    "mattermost": mattermost.send,
    "msteams": msteams.send,
    "slack": slack.send,
    "telegram": telegram.send,
}
EDITED = ("discord", "slack", "telegram")  # a message is changed when its case moves
PRESSED = ("slack", "telegram")  # the platform proves who presses a button

# What the platforms ask for: 20 messages a minute to a Telegram group, one a second to a Slack
# channel, 30 a minute to a Discord webhook, 4 a second to a workflow.
_PACES = {"telegram": 3.0, "slack": 1.0, "discord": 2.0, "msteams": 0.3, "apprise": 2.0}


def pace_of(kind: str) -> timedelta:
    """How long after one message to a channel of a kind the next one may follow."""
    return timedelta(seconds=_PACES.get(kind, 0.0))


def send(outgoing: Outgoing, settings: Settings, clock: Callable[[], datetime]) -> Taken:
    """Hand one message over. Raises PermanentFailure or PassingFailure if it was not taken."""
    if isinstance(outgoing, OutgoingMail):
        return email.send(outgoing, settings, clock)
    if isinstance(outgoing, OutgoingHook):
        return webhook.send(outgoing, settings, clock)
    return CHATS[outgoing.kind](plain.harmless(outgoing), settings, clock)
