"""What is said to editors and to programs: a delivery's rows become one message.

Read at the moment of sending, so that a message says what is so then: a reader who has erased
their report is not quoted, and a case that is settled has no buttons.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.channels import CHATS, Outgoing, PermanentFailure
from core.messages import chats, hooks, mails, occasions, words
from core.models import Delivery
from core.settings import Settings

__all__ = ["compose"]


def compose(
    session: Session, deliveries: Sequence[Delivery], settings: Settings, now: datetime
) -> Outgoing | None:
    """The message for one delivery, or for the rows of one channel that go together.

    None where there is nothing left to say: a chat message that was never sent needs no change,
    and all that somebody was to be reminded of may have been settled meanwhile.
    Raises PermanentFailure for a channel of a kind that cannot speak, PassingFailure while its
    secret cannot be read.
    """
    rows = sorted(deliveries, key=lambda delivery: delivery.id)
    channel = rows[0].channel
    if rows[0].about is not None and rows[0].rhythm != "edit":
        return words.compose(session, channel, rows[0], settings, now)
    if rows[0].rhythm != "edit" and not occasions.waiting_rows(rows):
        return None
    if channel.kind == "email":
        return mails.compose(session, channel, rows, settings, now)
    if channel.kind == "webhook":
        return hooks.compose(session, channel, rows[0], settings, now)
    if channel.kind in CHATS:
        return chats.compose(session, channel, rows, settings, now)
    raise PermanentFailure(f"Channels of the kind {channel.kind} cannot send yet.")
