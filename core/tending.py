"""Channels after they were made: found, listed, set to a rhythm, given a new secret."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.cadence import read_options
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.models import Channel, Site
from core.sealing import seal
from core.settings import Settings

OVERLAP = timedelta(days=1)
_SECRET_BYTES = 32


def find(session: Session, channel_id: int, site_ids: frozenset[int] | None = None) -> Channel:
    """A channel by its number. Raises NotFound, also for one of a foreign site."""
    channel = session.get(Channel, channel_id)
    if channel is None or (site_ids is not None and channel.site_id not in site_ids):
        raise NotFound(f"There is no channel {channel_id}.")
    return channel


def channels_of(session: Session, site_key: str | None) -> list[Channel]:
    """The channels of one site, or of all."""
    query = select(Channel).join(Channel.site).order_by(Channel.id)
    return list(session.scalars(query if site_key is None else query.where(Site.key == site_key)))


def rotate(channel: Channel, settings: Settings, now: datetime) -> str:
    """Give a webhook a new secret, shown this once. Both sign for a day, so nothing is refused
    while the other side changes over. Raises Conflict for a channel that has no secret of ours."""
    if channel.kind != "webhook":
        raise Conflict("Only a webhook has a secret that is made here.")
    secret = new_secret()
    channel.former_secret, channel.former_until = channel.sealed_secret, now + OVERLAP
    channel.sealed_secret = seal(secret, settings.secret_key)
    return secret


def new_secret() -> str:
    """As Standard Webhooks wants it: base64 behind a prefix by which leaked ones are found."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def set_rhythm(channel: Channel, given: Mapping[str, str]) -> None:
    """When a channel wants to hear what; see core.cadence.read_options. What is not named stays.

    Raises Invalid. A webhook has no rhythm: programs hear everything at once.
    """
    if channel.kind == "webhook":
        raise Invalid(FieldError("channel", "is a webhook: programs hear everything at once"))
    options = read_options(given)
    kinds = {**channel.options.get("kinds", {}), **options.pop("kinds", {})}
    channel.options = {**channel.options, **options, **({"kinds": kinds} if kinds else {})}
