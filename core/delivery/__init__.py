"""The postman: sends what is owed, tries again what failed, and gives up visibly."""

from core.crowding import LEASE, SENDS_PER_HOST
from core.delivery.health import pause, resume, unsubscribe
from core.delivery.moving import follow
from core.delivery.rounds import Delivered, deliver_due, retry
from core.delivery.testing import Tried, try_channel
from core.delivery.waits import HOOK_WAITS, LONGEST_RETRY_AFTER, MOST_TRIES, WAITS, waits_of

__all__ = [
    "HOOK_WAITS",
    "LEASE",
    "LONGEST_RETRY_AFTER",
    "MOST_TRIES",
    "SENDS_PER_HOST",
    "WAITS",
    "Delivered",
    "Tried",
    "deliver_due",
    "follow",
    "pause",
    "resume",
    "retry",
    "try_channel",
    "unsubscribe",
    "waits_of",
]
