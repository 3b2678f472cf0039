"""Ways to reach editors, for programs that administer a site."""

from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from core import accounts, delivery, sites, tending
from core.clock import utcnow
from core.errors import Forbidden
from core.models import Channel, Site
from core.representations import moment
from core.signals import DELIVER
from service.api import shapes
from service.api.callers import Caller
from service.api.narrowing import administered
from service.api.operations import operation
from service.context import service

blueprint = Blueprint("channels", __name__)


@operation(
    blueprint,
    "/channels",
    "List channels",
    shapes.ChannelList,
    query=shapes.ChannelsQuery,
    refusals=(403,),
)
def index(caller: Caller, query: shapes.ChannelsQuery) -> dict[str, Any]:
    """The channels of the sites that the caller administers, people's own among them."""
    with service().db.read() as session:
        allowed = administered_ids(session, caller, query.site)
        found = tending.channels_of(session, None, allowed)
        return {"items": _told(session, found), "next": None}


@operation(
    blueprint,
    "/channels",
    "Add a channel",
    shapes.ChannelMade,
    method="POST",
    body=shapes.ChannelIn,
    refusals=(403, 404, 409),
)
def add(caller: Caller, body: shapes.ChannelIn) -> dict[str, Any]:
    """A way to reach a site's editors; the secret of a webhook is told this once."""
    now = utcnow()
    with service().db.write() as session:
        site = administered(session, caller, body.site)
        channel, secret = sites.add_channel(
            session,
            site.key,
            body.kind,
            body.target,
            body.language,
            service().settings,
            now,
            body.secret,
        )
        if body.rhythm is not None:
            tending.set_rhythm(channel, body.rhythm.model_dump(exclude_unset=True))
        _note(session, caller, "channel added", channel)
        return {**_told(session, [channel])[0], "secret": secret}


@operation(
    blueprint,
    "/channels/<int:channel_id>",
    "Change a channel",
    shapes.ChannelOut,
    method="PATCH",
    body=shapes.ChannelPatch,
    refusals=(403, 404),
)
def change(caller: Caller, channel_id: int, body: shapes.ChannelPatch) -> dict[str, Any]:
    """Language, rhythm, and a pause by hand."""
    wanted = body.model_dump(exclude_unset=True)
    with service().db.write() as session:
        channel = _found(session, caller, channel_id)
        if "language" in wanted:
            tending.speak(channel, body.language)
        if "rhythm" in wanted:
            tending.set_rhythm(channel, wanted["rhythm"])
        if "paused" in wanted:
            delivery.pause(channel, "by hand", utcnow())
        _note(session, caller, "channel changed", channel)
        return _told(session, [channel])[0]


@operation(
    blueprint,
    "/channels/<int:channel_id>",
    "Remove a channel",
    shapes.Gone,
    method="DELETE",
    refusals=(403, 404),
)
def remove(caller: Caller, channel_id: int) -> dict[str, Any]:
    """Nothing goes there any more; what was sent stays in the list of deliveries."""
    with service().db.write() as session:
        channel = _found(session, caller, channel_id)
        tending.remove(session, channel)
        _note(session, caller, "channel removed", channel)
    return {"id": channel_id}


@operation(
    blueprint,
    "/channels/<int:channel_id>/test",
    "Send a test",
    shapes.ChannelTried,
    method="POST",
    refusals=(403, 404, 409),
)
def test(caller: Caller, channel_id: int) -> dict[str, Any]:
    """One message, now; it is not tried again. Whoever has unsubscribed gets none (409)."""
    with service().db.read() as session:
        _found(session, caller, channel_id)
    tried = delivery.try_channel(service().db, service().settings, channel_id, utcnow)
    return {"delivery": tried.delivery_id, "taken": tried.fault is None, "fault": tried.fault}


@operation(
    blueprint,
    "/channels/<int:channel_id>/rotate",
    "Give a webhook a new secret",
    shapes.ChannelMade,
    method="POST",
    refusals=(403, 404, 409),
)
def rotate(caller: Caller, channel_id: int) -> dict[str, Any]:
    """The new secret, told this once. For a day the one before it signs too."""
    with service().db.write() as session:
        channel = _found(session, caller, channel_id)
        secret = tending.rotate(channel, service().settings, utcnow())
        _note(session, caller, "channel rotated", channel)
        return {**_told(session, [channel])[0], "secret": secret}


@operation(
    blueprint,
    "/channels/<int:channel_id>/resume",
    "End a channel’s pause",
    shapes.ChannelOut,
    method="POST",
    refusals=(403, 404),
)
def resume(caller: Caller, channel_id: int) -> dict[str, Any]:
    """Send what waits, at once; also where somebody had unsubscribed."""
    with service().db.write() as session:
        channel = _found(session, caller, channel_id)
        delivery.resume(channel)
        _note(session, caller, "channel resumed", channel)
        answer = _told(session, [channel])[0]
    service().bell.ring(DELIVER)
    return answer


def administered_ids(session: Session, caller: Caller, key: str | None) -> frozenset[int] | None:
    """The sites that the caller administers, or the named one. Raises NotFound, Forbidden."""
    if key is not None:
        return frozenset({administered(session, caller, key).id})
    allowed = caller.rights.site_ids("admin")
    if allowed == frozenset():
        raise Forbidden("This needs the role admin.")
    return allowed


def _found(session: Session, caller: Caller, channel_id: int) -> Channel:
    channel = tending.find(session, channel_id, caller.rights.site_ids())
    caller.rights.demand("admin", channel.site_id)
    return channel


def _note(session: Session, caller: Caller, act: str, channel: Channel) -> None:
    subject = f"{channel.kind} {channel.target}"
    accounts.note_act(session, caller.user.email, act, subject, channel.site_id, utcnow())


def _told(session: Session, found: list[Channel]) -> list[dict[str, Any]]:
    successes = tending.last_successes(session, found)
    names = {channel.site_id: session.get_one(Site, channel.site_id).key for channel in found}
    return [
        {
            "id": channel.id,
            "site": names[channel.site_id],
            "kind": channel.kind,
            "target": channel.target,
            "language": channel.language,
            "person": channel.target if channel.user_id is not None else None,
            "state": tending.state_of(channel),
            "reason": channel.paused_why,
            "paused_at": moment(channel.paused_at),
            "last_success_at": moment(successes.get(channel.id)),
            "rhythm": tending.rhythm_of(channel.options),
        }
        for channel in found
    ]
