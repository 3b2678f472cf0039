"""Ways to reach a site's editors: how they fare, a new one, a test, a rhythm, another secret."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import accounts, delivery, sites, tending
from core.accounts import WrongPassword
from core.clock import utcnow
from core.errors import Conflict, Invalid, Throttled
from core.models import Channel, Site
from core.signals import DELIVER
from service.context import service
from service.dashboard.access import needs, spoken, visit
from service.dashboard.asking import demand_password
from service.dashboard.settings.frame import settings_page, site_of
from service.dashboard.settings.meanwhile import Overtaken, check_seen, mark_of
from service.dashboard.settings.rhythm import (
    WORDS,
    retyped_rhythm,
    shown_rhythm,
    typed_rhythm,
    word_of,
)

KINDS = ("email", "telegram", "slack", "discord", "mattermost", "msteams", "webhook", "apprise")
_STATUSES = {Conflict: 409, WrongPassword: 403, Throttled: 429}


def register(blueprint: Blueprint) -> None:
    """The list of channels, and what can be done with each."""
    at = "/settings/<int:site_id>/channels"
    one = f"{at}/<int:channel_id>"
    blueprint.get(at)(channels)
    blueprint.post(at)(add_channel)
    blueprint.get(one)(channel)
    blueprint.post(one)(set_channel)
    blueprint.post(f"{one}/test")(test_channel)
    blueprint.post(f"{one}/rotate")(rotate_channel)
    blueprint.post(f"{one}/pause")(pause_channel)
    blueprint.post(f"{one}/resume")(resume_channel)
    blueprint.post(f"{one}/remove")(remove_channel)


@needs("admin")
def channels(site_id: int) -> Response:
    """The channels of a site, and a form for a new one."""
    return _list(site_id, 200)


@needs("admin")
def add_channel(site_id: int) -> Response:
    """A new channel; the secret of a webhook is shown this once."""
    now, form = utcnow(), request.form
    typed = {name: form.get(name, "").replace("\0", "") for name in ("kind", "target", "language")}
    try:
        with service().db.read() as session:
            site_of(session, site_id)
        demand_password(now)
        with service().db.write() as session:
            site = site_of(session, site_id)
            made, secret = sites.add_channel(
                session,
                site.key,
                typed["kind"],
                typed["target"],
                typed["language"] or None,
                service().settings,
                now,
                form.get("secret", "").replace("\0", "") or None,
            )
            _note(session, made, "channel added")
    except (Invalid, Conflict, WrongPassword, Throttled) as refused:
        return _list(site_id, _status(refused), faults=_faults(refused), typed=typed)
    if secret is not None:
        return _one(site_id, made.id, 201, secret=secret)
    return redirect(_address(site_id, made.id, "added"), 303)


@needs("admin")
def channel(site_id: int, channel_id: int) -> Response:
    """One channel."""
    return _one(site_id, channel_id, 200)


@needs("admin")
def set_channel(site_id: int, channel_id: int) -> Response:
    """When it hears what, and in which language."""
    given = typed_rhythm(request.form)

    def change(channel: Channel) -> None:
        check_seen(_standing(channel))
        tending.speak(channel, request.form.get("language", channel.language))
        if channel.kind != "webhook":
            tending.set_rhythm(channel, given)

    try:
        return _change(site_id, channel_id, "channel changed", "saved", change)
    except Overtaken as other:
        typed = retyped_rhythm(request.form, given)
        return _one(site_id, channel_id, 409, rhythm=typed, **other.shown)
    except Invalid as wrong:
        typed = retyped_rhythm(request.form, given)
        return _one(site_id, channel_id, 422, faults=_faults(wrong), rhythm=typed)


@needs("admin")
def test_channel(site_id: int, channel_id: int) -> Response:
    """One message, now, and what came of it."""
    with service().db.read() as session:
        _found(session, site_id, channel_id)
    try:
        tried = delivery.try_channel(service().db, service().settings, channel_id, utcnow)
    except Conflict as refused:
        return _one(site_id, channel_id, 409, tried=delivery.Tried(0, str(refused)))
    return _one(site_id, channel_id, 200, tried=tried)


@needs("admin")
def rotate_channel(site_id: int, channel_id: int) -> Response:
    """Another secret for a webhook, shown this once."""
    now = utcnow()
    with service().db.read() as session:
        _found(session, site_id, channel_id)
    try:
        demand_password(now)
        with service().db.write() as session:
            found = _found(session, site_id, channel_id)
            secret = tending.rotate(found, service().settings, now)
            _note(session, found, "channel rotated")
    except (Invalid, Conflict, WrongPassword, Throttled) as refused:
        return _one(site_id, channel_id, _status(refused), faults=_faults(refused))
    return _one(site_id, channel_id, 201, secret=secret)


@needs("admin")
def pause_channel(site_id: int, channel_id: int) -> Response:
    """Nothing goes there until it is resumed."""
    return _change(
        site_id,
        channel_id,
        "channel paused",
        "paused",
        lambda found: delivery.pause(found, "by hand", utcnow()),
    )


@needs("admin")
def resume_channel(site_id: int, channel_id: int) -> Response:
    """What waits goes out."""
    answer = _change(site_id, channel_id, "channel resumed", "resumed", delivery.resume)
    service().bell.ring(DELIVER)
    return answer


@needs("admin")
def remove_channel(site_id: int, channel_id: int) -> Response:
    """Take a channel away; its log stays."""
    now = utcnow()
    with service().db.read() as session:
        _found(session, site_id, channel_id)
    try:
        demand_password(now)
        with service().db.write() as session:
            found = _found(session, site_id, channel_id)
            tending.remove(session, found)
            _note(session, found, "channel removed")
    except (Invalid, WrongPassword, Throttled) as refused:
        return _one(site_id, channel_id, _status(refused), faults=_faults(refused))
    return redirect(url_for("desk.channels", site_id=site_id, done="removed"), 303)


def _change(
    site_id: int, channel_id: int, act: str, done: str, change: Callable[[Channel], None]
) -> Response:
    with service().db.write() as session:
        found = _found(session, site_id, channel_id)
        session.refresh(found, with_for_update=True)
        change(found)
        _note(session, found, act)
    return redirect(_address(site_id, channel_id, done), 303)


def _found(session: Session, site_id: int, channel_id: int) -> Channel:
    """A channel of the site, for one of its administrators. Raises NotFound."""
    site = site_of(session, site_id)
    return tending.find(session, channel_id, frozenset({site.id}))


def _note(session: Session, found: Channel, act: str) -> None:
    subject = f"{found.kind} {found.target}"
    accounts.note_act(session, visit().user.email, act, subject, found.site_id, utcnow())


def _list(site_id: int, status: int, **values: Any) -> Response:
    with service().db.read() as session:
        site = site_of(session, site_id)
        found = tending.channels_of(session, site.key)
        successes = tending.last_successes(session, found)
    shown = {"typed": {}, "is_there": status == 409, **values}
    return settings_page(
        "desk/settings/channels.html",
        site,
        status,
        channels=found,
        successes=successes,
        state_of=tending.state_of,
        channel_kinds=KINDS,
        **shown,
    )


def _one(site_id: int, channel_id: int, status: int, **values: Any) -> Response:
    with service().db.read() as session:
        found = _found(session, site_id, channel_id)
        site: Site = site_of(session, site_id)
        success = tending.last_successes(session, [found]).get(found.id)
        fault = tending.last_fault(session, found)
    shown = {
        "secret": None,
        "tried": None,
        "language": request.form.get("language", found.language),
        "seen": mark_of(_standing(found)),
        "rhythm": shown_rhythm(tending.rhythm_of(found.options)),
    }
    return settings_page(
        "desk/settings/channel.html",
        site,
        status,
        channel=found,
        success=success,
        fault=fault,
        state=tending.state_of(found),
        rhythm_words=[(word, word_of(spoken(), word)) for word in WORDS],
        word_of=lambda word: word_of(spoken(), word),
        **{**shown, **values},
    )


def _standing(channel: Channel) -> dict[str, Any]:
    return {"language": channel.language, "rhythm": tending.rhythm_of(channel.options)}


def _address(site_id: int, channel_id: int, done: str) -> str:
    return url_for("desk.channel", site_id=site_id, channel_id=channel_id, done=done)


def _faults(refused: Exception) -> dict[str, str]:
    """Which fields are wrong."""
    if isinstance(refused, Invalid):
        return {error.field: error.message for error in refused.errors}
    if isinstance(refused, Conflict):
        return {"target": str(refused)}
    return {"password": "throttled" if isinstance(refused, Throttled) else "wrong"}


def _status(refused: Exception) -> int:
    return _STATUSES.get(type(refused), 422)
