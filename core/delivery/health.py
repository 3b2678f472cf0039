"""How a channel fares: what it answers, when it is left alone, and who is told."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core import recipients
from core.models import Channel, Delivery, Membership, User
from core.settings import Settings

LASTING = timedelta(days=1)
MANY = 5
PROBE = timedelta(hours=1)
SLOW = timedelta(seconds=5)
_FOREVER = timedelta(days=36_500)
_MOST_ADMINISTRATORS = 5


def note_success(session: Session, channel: Channel, took: timedelta, now: datetime) -> None:
    """It has taken a message: what was wrong is over, and a paused channel goes on by itself.

    Not one that somebody has paused by hand meanwhile: who does that ends it by hand.
    """
    is_slow = took >= SLOW
    if channel.failures or channel.is_slow != is_slow:
        channel.failures, channel.failing_since, channel.is_slow = 0, None, is_slow
    if channel.paused_at is not None and not is_paused_by_hand(channel):
        channel.paused_at = channel.paused_why = channel.free_at = None
        _tell(session, channel, "channel.back", None, now)


def note_failure(
    session: Session,
    channel: Channel,
    reason: str,
    took: timedelta,
    now: datetime,
    settings: Settings,
) -> None:
    """It has not taken a message. After a day without one success, and five tries, it is paused.

    A paused channel keeps what it is owed and is tried with one message an hour; an administrator
    hears of it through another channel.
    """
    channel.failures += 1
    channel.failing_since = channel.failing_since or now
    channel.is_slow = took >= SLOW
    if is_paused_by_hand(channel):
        return
    if channel.paused_at is not None:
        channel.free_at = now + settings.scaled(PROBE)
    elif channel.failures >= MANY and now - channel.failing_since >= settings.scaled(LASTING):
        channel.paused_at, channel.paused_why = now, reason
        channel.free_at = now + settings.scaled(PROBE)
        _tell(session, channel, "channel.paused", reason, now)


def pause(channel: Channel, why: str, now: datetime) -> None:
    """By hand: send nothing until somebody resumes it. What it is owed waits."""
    channel.paused_at, channel.paused_why = now, why
    channel.free_at = now + _FOREVER


def is_paused_by_hand(channel: Channel) -> bool:
    """Whether somebody has paused it, so that nobody but somebody ends that."""
    paused_at, free_at = channel.paused_at, channel.free_at
    return paused_at is not None and free_at is not None and free_at - paused_at > _FOREVER / 2


def resume(channel: Channel) -> None:
    """Send again, at once, what waits; and owe it what happens from now on, if it was stopped."""
    channel.options = {name: set_ for name, set_ in channel.options.items() if name != "stopped"}
    channel.paused_at = channel.paused_why = channel.free_at = None
    channel.failures, channel.failing_since, channel.is_slow = 0, None, False


def unsubscribe(session: Session, channel: Channel, now: datetime) -> None:
    """Somebody who gets its mails wants none any more: nothing is owed to it from now on.

    What waits for it is given up, and an administrator hears of it.
    """
    if channel.options.get("stopped"):
        return
    channel.options = {**channel.options, "stopped": True}
    session.execute(
        update(Delivery)
        .where(Delivery.channel_id == channel.id, Delivery.status == "pending")
        .values(status="dead", last_error="The channel was unsubscribed.", lease=None)
    )
    _tell(session, channel, "channel.stopped", None, now)


def _tell(session: Session, about: Channel, kind: str, reason: str | None, now: datetime) -> None:
    """Owe the site's administrators a word, by mail and, if mail is what fails, in a chat too."""
    ways = [
        recipients.personal_channel(session, about.site_id, user, now)
        for user in _administrators(session, about.site_id)
    ]
    if about.kind == "email":
        ways += _chats(session, about.site_id)
    ways = [way for way in ways if way.id != about.id and not way.options.get("stopped")]
    for way in {way.id: way for way in ways}.values():
        facts = {"channel": about.id, "kind": about.kind, "target": about.target, "reason": reason}
        session.add(
            Delivery(
                channel_id=way.id,
                event_type=kind,
                rhythm="now",
                due_at=now,
                message_key=secrets.token_hex(16),
                about=facts,
                created_at=now,
            )
        )


def _administrators(session: Session, site_id: int) -> list[User]:
    query = (
        select(User)
        .join(Membership)
        .where(
            Membership.role == "admin",
            or_(Membership.site_id.is_(None), Membership.site_id == site_id),
        )
        .order_by(User.id)
        .distinct()
        .limit(_MOST_ADMINISTRATORS)
    )
    return list(session.scalars(query))


def _chats(session: Session, site_id: int) -> list[Channel]:
    query = select(Channel).where(
        Channel.site_id == site_id,
        Channel.kind.not_in(("email", "webhook")),
        Channel.paused_at.is_(None),
    )
    return list(session.scalars(query.order_by(Channel.id).limit(1)))
