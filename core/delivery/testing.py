"""Trying a channel out: one message now, and what came of it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import sleep

from core import channels, chatlinks, crowding, messages
from core.channels import OutgoingChat, PassingFailure, PermanentFailure, telegram
from core.crowding import LEASE
from core.db import Database
from core.delivery.barring import demand_open
from core.models import Channel, Delivery
from core.settings import Settings

_LOOKS = 50
_BETWEEN_LOOKS = 0.2


@dataclass(frozen=True)
class Tried:
    """What a test came to: taken, or refused for a reason. It stands in the log of deliveries."""

    delivery_id: int
    fault: str | None


def try_channel(
    db: Database,
    settings: Settings,
    channel_id: int,
    clock: Callable[[], datetime],
    pause: Callable[[float], object] = sleep,
) -> Tried:
    """Send a test through a channel, at once and once. It is not tried again.

    Where its server is being spoken to as often as it may be, it goes as soon as one of those sends
    has ended, before all that is due, and is given up after ten seconds; `pause` lets so many
    seconds pass.
    Raises Conflict for a channel to which nothing goes any more (removed, unsubscribed).
    """
    now = clock()
    with db.write() as session:
        channel = session.get_one(Channel, channel_id)
        demand_open(session, channel)
        row = Delivery(
            channel_id=channel.id,
            event_type="channel.test",
            rhythm="now",
            status="dead",  # until it is taken: no postman may send it a second time
            attempts=0,  # it waits for its turn
            due_at=now,
            lease=secrets.token_hex(16),
            leased_until=now + LEASE,
            message_key=secrets.token_hex(16),
            about={"channel": channel.id, "kind": channel.kind, "target": channel.target},
            created_at=now,
        )
        session.add(row)
        session.flush()
        outgoing = messages.compose(session, [row], settings, now)
    fault: str | None = None
    try:
        _await_turn(db, row.id, clock, pause)
        if isinstance(outgoing, OutgoingChat) and outgoing.kind == "telegram" and settings.https:
            _listen(outgoing, settings, clock)
        if outgoing is not None:
            channels.send(outgoing, settings, clock)
    except (PermanentFailure, PassingFailure) as failure:
        fault = failure.reason
    with db.write() as session:
        done = session.get_one(Delivery, row.id)
        done.last_error, done.lease, done.leased_until = fault, None, None
        if fault is None:
            done.status, done.sent_at = "sent", clock()
    return Tried(row.id, fault)


def _await_turn(
    db: Database, row_id: int, clock: Callable[[], datetime], pause: Callable[[float], object]
) -> None:
    """Wait until the server of a test has room for it, and take the place."""
    for look in range(_LOOKS):
        if look:
            pause(_BETWEEN_LOOKS)
        with db.write() as session:
            crowding.one_at_a_time(session)
            row = session.get_one(Delivery, row_id)
            now = clock()
            if row.channel.host not in crowding.busy_hosts(session, now, waiting=False):
                row.attempts, row.leased_until = 1, now + LEASE
                return
    raise PassingFailure("Other messages to this server are still under way. Try again soon.")


def _listen(chat: OutgoingChat, settings: Settings, clock: Callable[[], datetime]) -> None:
    """Telegram must know where to tell us of presses; over plain http it tells nobody."""
    bot = str(chat.options.get("bot"))
    url = f"{settings.base_url}/chat/telegram/{bot}"
    telegram.listen(chat, url, chatlinks.telegram_proof(settings, bot), settings, clock)
