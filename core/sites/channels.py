"""Channels: made, each with what its kind needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import net, recipients
from core.channels import targets
from core.channels.targets import Target
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.models import Channel, Site
from core.sealing import seal, signing_secret
from core.settings import Settings
from core.sites import values
from core.sites.values import checked

_DIALLED = ("webhook", "discord", "mattermost", "msteams")  # at an address that people write


@dataclass(frozen=True)
class _Kind:
    """How targets of a kind are written, and whether calls to them are signed."""

    read_target: Callable[[str], str]
    signed: bool = False


_KINDS = {
    "email": _Kind(values.mailbox),
    "webhook": _Kind(values.endpoint, signed=True),
}


def add_channel(
    session: Session,
    site_key: str,
    kind: str,
    target: str,
    language: str | None,
    settings: Settings,
    now: datetime,
    given_secret: str | None = None,
    options: Mapping[str, str] | None = None,
) -> tuple[Channel, str | None]:
    """A way to reach a site's editors, and its secret if its messages are signed.

    The secret is shown this once and kept encrypted. Without a language the channel speaks the
    site's. A chat brings its secret along, in the target or as `given_secret`; see
    core.channels.targets. Raises NotFound (no such site), Invalid, and Conflict if the site has
    this channel.
    """
    site = session.scalar(select(Site).where(Site.key == site_key))
    if site is None:
        raise NotFound(f"There is no site with the key {site_key}.")
    faults: list[FieldError] = []
    if kind not in _KINDS and kind not in targets.KINDS:
        known = ", ".join((*_KINDS, *targets.KINDS))
        raise Invalid(FieldError("kind", f"must be one of {known}"))
    read = _read(faults, kind, target, given_secret)
    if not faults and kind in _DIALLED:
        address = read.shown if kind == "webhook" else read.secret
        checked(faults, "target", partial(_dialable, settings), address)
    language = checked(faults, "language", values.language, language or site.language)
    if faults:
        raise Invalid(*faults)
    facts: dict[str, object] = {
        "language": language,
        "options": {**read.options, **(options or {})},
        "sealed_secret": seal(read.secret, settings.secret_key) if read.secret else None,
    }
    if kind not in _KINDS:
        facts["host"] = read.host
    channel = _former(session, site, kind, read.shown)
    if channel is None:
        channel = Channel(site=site, kind=kind, target=read.shown, created_at=now, **facts)
        session.add(channel)
    else:
        _begin_anew(channel, {**facts, "target": read.shown})
    session.flush()
    return channel, read.secret if kind in _KINDS and read.secret else None


def _read(faults: list[FieldError], kind: str, target: str, secret: str | None) -> Target:
    """The parts of an address; a fault is noted. Mail has no secret, a webhook's is made here."""
    if kind in _KINDS:
        shown = checked(faults, "target", _KINDS[kind].read_target, target)
        return Target(shown, signing_secret() if _KINDS[kind].signed else "", host="")
    try:
        return targets.read_target(kind, target, secret)
    except ValueError as fault:
        at = "secret" if isinstance(fault, targets.WrongSecret) else "target"
        faults.append(FieldError(at, str(fault)))
        return Target(target, "", host="")


def _dialable(settings: Settings, address: str) -> str:
    """The address, if a delivery may go there. Raises ValueError."""
    try:
        net.demand_dialable(address, settings.private_networks)
    except net.Refused as refused:
        raise ValueError(str(refused)) from refused
    return address


def _former(session: Session, site: Site, kind: str, target: str) -> Channel | None:
    """The channel of that target, if it was taken away or was only a person's own. Capitals make
    no other mailbox.

    Raises Conflict for one that the site has.
    """
    if kind == "email":
        there = recipients.channels_at(session, site.id, target)
    else:
        query = select(Channel).where(Channel.site_id == site.id, Channel.kind == kind)
        there = list(session.scalars(query.where(Channel.target == target)))
    if any(each.user_id is None and not each.options.get("removed") for each in there):
        raise Conflict(f"The site has this {kind} channel already.")
    return next(iter(sorted(there, key=lambda each: each.target != target)), None)


def _begin_anew(channel: Channel, facts: Mapping[str, object]) -> None:
    """As if it were new; its log goes on."""
    channel.user_id = channel.free_at = channel.paused_at = channel.paused_why = None
    channel.failures, channel.failing_since, channel.is_slow = 0, None, False
    for name, value in facts.items():
        setattr(channel, name, value)
