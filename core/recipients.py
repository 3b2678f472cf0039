"""A person as one to whom messages go: the way of their own that they have on a site."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Channel, OwnMail, User


def personal_channel(session: Session, site_id: int, user: User, now: datetime) -> Channel:
    """A person's mail channel on a site, made when it is first wanted.

    A channel that the site already has for the same address is that person's too: nobody gets a
    thing twice. The site as a whole does not choose personal channels; rules and settings do.
    """
    known = session.scalar(
        select(Channel).where(
            Channel.site_id == site_id, Channel.kind == "email", Channel.target == user.email
        )
    )
    if known is not None and known.options.get("removed"):  # the site's no more, the person's own
        stopped = {"stopped": True} if known.options.get("unsubscribed") else {}
        known.options = {**options_of(own_mail_of(session, user.id)), **stopped}
        known.user_id, known.language = user.id, user.language
    if known is not None:
        return known
    channel = Channel(
        site_id=site_id,
        kind="email",
        target=user.email,
        language=user.language,
        user_id=user.id,
        options=options_of(own_mail_of(session, user.id)),
        created_at=now,
    )
    session.add(channel)
    session.flush()
    return channel


def own_mail_of(session: Session, user_id: int) -> OwnMail:
    """What a person has settled about their own mail; as usual, and not kept, if nothing yet."""
    known = session.get(OwnMail, user_id)
    if known is not None:
        return known
    return OwnMail(
        user_id=user_id, is_off=False, mentions=False, articles=False, weekly=False, rhythm={}
    )


def options_of(own: OwnMail) -> dict[str, Any]:
    """The options of a person's own channel."""
    return {**own.rhythm, **({"stopped": True} if own.is_off else {})}
