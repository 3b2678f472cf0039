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
    known = next(iter(channels_at(session, site_id, user.email)), None)
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


def folded(address: str) -> str:
    """A mailbox as it is compared: servers know no capitals, whatever somebody types."""
    return address.strip().casefold()


def channels_at(session: Session, site_id: int, address: str) -> list[Channel]:
    """A site's mail channels to one mailbox: what it still has before what was removed, and its
    own before a person's. There is more than one only from before capitals were seen through."""
    query = select(Channel).where(Channel.site_id == site_id, Channel.kind == "email")
    wanted = folded(address)
    found = [each for each in session.scalars(query) if folded(each.target) == wanted]
    return sorted(
        found,
        key=lambda each: (bool(each.options.get("removed")), each.user_id is not None, each.id),
    )


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
