"""Channels after they were made: found, listed, set to a rhythm, given a new secret."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import recipients
from core.cadence import read_options
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.i18n import LANGUAGES
from core.models import Channel, Delivery, OwnMail, RoutingPlan, RoutingRule, Site, User
from core.sealing import seal, signing_secret
from core.settings import Settings

OVERLAP = timedelta(days=1)
RHYTHM = ("new", "readers", "daily_at", "timezone")


def find(session: Session, channel_id: int, site_ids: frozenset[int] | None = None) -> Channel:
    """A channel by its number. Raises NotFound, also for one of a foreign site."""
    channel = session.get(Channel, channel_id)
    if channel is None or (site_ids is not None and channel.site_id not in site_ids):
        raise NotFound(f"There is no channel {channel_id}.")
    if channel.options.get("removed"):
        raise NotFound(f"There is no channel {channel_id} any more.")
    return channel


def channels_of(
    session: Session, site_key: str | None, site_ids: frozenset[int] | None = None
) -> list[Channel]:
    """The channels of one site, or of all (of those, where `site_ids` names them)."""
    query = select(Channel).join(Channel.site).order_by(Channel.id)
    if site_key is not None:
        query = query.where(Site.key == site_key)
    if site_ids is not None:
        query = query.where(Channel.site_id.in_(site_ids))
    return [found for found in session.scalars(query) if not found.options.get("removed")]


def state_of(channel: Channel) -> str:
    """How a channel fares, in one word: `working`, `slow`, `failing` (the last message was not
    taken), `paused`, or `stopped` (whoever gets its mails wants none any more)."""
    if channel.options.get("stopped"):
        return "stopped"
    if channel.paused_at is not None:
        return "paused"
    if channel.failures:
        return "failing"
    return "slow" if channel.is_slow else "working"


def last_successes(session: Session, channels: Sequence[Channel]) -> dict[int, datetime]:
    """When each of these channels last took a message; one that never did is left out."""
    query = (
        select(Delivery.channel_id, func.max(Delivery.sent_at))
        .where(Delivery.channel_id.in_([channel.id for channel in channels]))
        .where(Delivery.sent_at.is_not(None))
        .group_by(Delivery.channel_id)
    )
    return {channel_id: at for channel_id, at in session.execute(query) if at is not None}


def last_fault(session: Session, channel: Channel) -> str:
    """Why the last message that a failing channel has not taken did not get through."""
    if not channel.failures:
        return ""
    query = (
        select(Delivery.last_error)
        .where(Delivery.channel_id == channel.id, Delivery.last_error.is_not(None))
        .where(Delivery.status != "sent")
        .order_by(Delivery.id.desc())
    )
    return session.scalar(query.limit(1)) or ""


def remove(session: Session, channel: Channel) -> None:
    """Take a channel away: nothing is owed to it, no rule names it, its secret is forgotten.

    What it was sent stays in the log, under its number, which no other channel gets. A rule that
    led nowhere else stays and leads to the fallback.
    """
    was_stopped = bool(channel.options.get("stopped"))
    channel.options = {"stopped": True, "removed": True, "unsubscribed": was_stopped}
    channel.sealed_secret = channel.former_secret = channel.former_until = None
    session.execute(
        update(Delivery)
        .where(Delivery.channel_id == channel.id, Delivery.status == "pending")
        .values(status="dead", last_error="The channel was removed.", lease=None)
    )
    for rule in session.scalars(select(RoutingRule).where(RoutingRule.site_id == channel.site_id)):
        numbers = rule.then.get("channels", [])
        if channel.id in numbers:
            rule.then = {**rule.then, "channels": [n for n in numbers if n != channel.id]}
    plan = session.get(RoutingPlan, channel.site_id)
    if plan is not None and channel.id in plan.fallback:
        plan.fallback = [number for number in plan.fallback if number != channel.id]


def speak(channel: Channel, language: str) -> None:
    """In which language its messages are. Raises Invalid."""
    if language not in LANGUAGES:
        raise Invalid(FieldError("language", f"must be one of {', '.join(LANGUAGES)}"))
    channel.language = language


def rotate(channel: Channel, settings: Settings, now: datetime) -> str:
    """Give a webhook a new secret, shown this once. Both sign for a day, so nothing is refused
    while the other side changes over. Raises Conflict for a channel that has no secret of ours."""
    if channel.kind != "webhook":
        raise Conflict("Only a webhook has a secret that is made here.")
    secret = signing_secret()
    channel.former_secret, channel.former_until = channel.sealed_secret, now + OVERLAP
    channel.sealed_secret = seal(secret, settings.secret_key)
    return secret


def set_rhythm(channel: Channel, given: Mapping[str, str]) -> None:
    """When a channel wants to hear what; see core.cadence.read_options. What is not named stays.

    Raises Invalid. A webhook has no rhythm: programs hear everything at once.
    """
    if channel.kind == "webhook":
        raise Invalid(FieldError("channel", "is a webhook: programs hear everything at once"))
    channel.options = _merged(channel.options, given)


def _merged(before: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    options = read_options(given)
    kinds = {**before.get("kinds", {}), **options.pop("kinds", {})}
    kinds = {kind: word for kind, word in kinds.items() if word is not None}
    merged = {**before, **options, "kinds": kinds}
    return {name: value for name, value in merged.items() if value not in (None, {})}


def set_own_mail(
    session: Session, user: User, wishes: Mapping[str, bool], rhythm: Mapping[str, str]
) -> OwnMail:
    """What a person wants by mail: `mentions`, `articles`, `weekly`, `is_off`, and a rhythm as
    `set_rhythm` takes it. It holds for the person's own channels on all sites. Raises Invalid."""
    own = recipients.own_mail_of(session, user.id)
    own.rhythm = _merged(own.rhythm, rhythm)
    if "timezone" in rhythm:
        own.weekly_due_at = None
    for name in ("mentions", "articles", "weekly", "is_off"):
        if name in wishes:
            setattr(own, name, wishes[name])
    session.add(own)
    theirs = select(Channel).where(Channel.user_id == user.id, Channel.kind == "email")
    for channel in session.scalars(theirs):
        if not channel.options.get("removed"):
            channel.options = recipients.options_of(own)
    return own


def rhythm_of(options: Mapping[str, Any]) -> dict[str, str]:
    """When a channel of these options hears what, as `set_rhythm` takes it; what is not named is
    as usual."""
    told = {name: options[name] for name in RHYTHM if isinstance(options.get(name), str)}
    told |= options.get("kinds", {})
    if options.get("quiet"):
        told["quiet"] = "-".join(options["quiet"])
    return told
