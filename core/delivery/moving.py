"""A chat that has got another number: a Telegram group that has become a supergroup."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Channel


def follow(session: Session, channel: Channel, target: str) -> None:
    """Speak to a chat under its new number from now on.

    Where the site has a channel there already the old one stays as it is, and the platform leads it
    on with each message: two channels to one chat are for an administrator to see and to remove.
    """
    there = select(Channel.id).where(
        Channel.site_id == channel.site_id,
        Channel.kind == channel.kind,
        Channel.target == target,
    )
    if session.scalar(there) is None:
        channel.target = target
