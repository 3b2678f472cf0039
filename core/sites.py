"""Sites and their channels: made here, each value checked."""

import base64
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ada_url import URL
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.channels import targets
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.i18n import LANGUAGES
from core.models import Channel, Site
from core.sealing import seal
from core.settings import Settings

_NAME_LENGTH = 200
_URL_LENGTH = 2_048
_MOST_ORIGINS = 50
_KEY_BYTES = 8
_SECRET_BYTES = 32
_PRIVACY_LENGTH = 2_000
_MOST_DAYS = 3_650
_WATCHED_DAYS = 31  # a verified case's page is read for 30 days: its words are needed for that
_CMS_ID = "{cms_id}"
_EMAIL = re.compile(r"[^\s@<>\"',;:\\()\[\]]+@[^\s@<>\"',;:\\()\[\]]+\.[^\s@.<>\"',;:\\()\[\]]+")


@dataclass(frozen=True)
class _Kind:
    """How targets of a kind are written, and whether calls to them are signed."""

    read_target: Callable[[str], str]
    signed: bool = False


def add_site(
    session: Session,
    name: str,
    url: str,
    origins: Sequence[str],
    languages: Sequence[str],
    now: datetime,
    timezone: str = "Asia/Almaty",
) -> Site:
    """A publication with a key of its own. Its own origin may always report, others as named.

    `languages` come with the main one first. Raises Invalid naming each wrong field.
    """
    facts = _facts(name, url, origins, languages, timezone)
    site = Site(key=secrets.token_hex(_KEY_BYTES), created_at=now, **facts)
    session.add(site)
    session.flush()
    return site


def set_site(
    site: Site,
    name: str,
    url: str,
    origins: Sequence[str],
    languages: Sequence[str],
    timezone: str,
) -> list[str]:
    """Change a publication; returns the names of what is different now. Raises Invalid."""
    return _set(site, _facts(name, url, origins, languages, timezone))


def set_readers_data(
    site: Site, privacy: Mapping[str, str], reader_days: str, words_days: str
) -> list[str]:
    """What readers are told of their data, by language, and after how many days it is forgotten.

    The days count from when a case was closed; empty means never. Words wait until the page is no
    longer watched. Returns the names of what is different now. Raises Invalid.
    """
    faults: list[FieldError] = []
    facts: dict[str, Any] = {
        "privacy": {
            language: text
            for language, given in privacy.items()
            if (text := _checked(faults, f"privacy.{language}", _paragraphs, given))
        },
        "forget_reader_days": _days(faults, "forget_reader_days", reader_days, 1),
        "forget_words_days": _days(faults, "forget_words_days", words_days, _WATCHED_DAYS),
    }
    if faults:
        raise Invalid(*faults)
    return _set(site, facts)


def set_edit_link(site: Site, template: str) -> list[str]:
    """The address of the CMS's edit page, with `{cms_id}` where a document's number belongs.

    Empty for none. Returns the names of what is different now. Raises Invalid.
    """
    faults: list[FieldError] = []
    link = _checked(faults, "edit_link", _edit_link, template) if template.strip() else None
    if faults:
        raise Invalid(*faults)
    return _set(site, {"edit_link": link})


def _set(site: Site, facts: Mapping[str, Any]) -> list[str]:
    changed = [field for field, value in facts.items() if getattr(site, field) != value]
    for field in changed:
        setattr(site, field, facts[field])
    return changed


def _facts(
    name: str, url: str, origins: Sequence[str], languages: Sequence[str], timezone: str
) -> dict[str, Any]:
    """A site's columns, each value checked. Raises Invalid naming each wrong field."""
    faults: list[FieldError] = []
    home = _checked(faults, "url", _home, url)
    named = [_checked(faults, "origin", _origin, origin) for origin in origins]
    name = _checked(faults, "name", _name, name)
    spoken = [_checked(faults, "language", _language, language) for language in languages]
    timezone = _checked(faults, "timezone", _timezone, timezone)
    if not spoken:
        faults.append(FieldError("language", "must name at least one"))
    if len(named) > _MOST_ORIGINS:
        faults.append(FieldError("origin", f"must be at most {_MOST_ORIGINS}"))
    if faults:
        raise Invalid(*faults)
    return {
        "name": name,
        "url": home,
        "origins": list(dict.fromkeys([URL(home).origin, *named])),
        "languages": list(dict.fromkeys(spoken)),
        "timezone": timezone,
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
    secret: str | None = None
    shown = given_secret
    facts: dict[str, object] = {"options": dict(options or {})}
    if kind in _KINDS:
        target = _checked(faults, "target", _KINDS[kind].read_target, target)
        secret = _new_secret() if _KINDS[kind].signed else None
        shown = secret
    else:
        try:
            read = targets.read_target(kind, target, given_secret)
        except ValueError as fault:
            faults.append(FieldError("target", str(fault)))
        else:
            target, shown = read.shown, read.secret
            facts = {"host": read.host, "options": {**read.options, **(options or {})}}
    language = _checked(faults, "language", _language, language or site.language)
    if faults:
        raise Invalid(*faults)
    facts["language"] = language
    facts["sealed_secret"] = None if shown is None else seal(shown, settings.secret_key)
    channel = _former(session, site, kind, target)
    if channel is None:
        channel = Channel(site=site, kind=kind, target=target, created_at=now, **facts)
        session.add(channel)
    else:
        _begin_anew(channel, facts)
    session.flush()
    return channel, secret


def _former(session: Session, site: Site, kind: str, target: str) -> Channel | None:
    """The channel of that target, if it was taken away or was only a person's own.

    Raises Conflict for one that the site has.
    """
    same = session.scalar(
        select(Channel).where(
            Channel.site_id == site.id, Channel.kind == kind, Channel.target == target
        )
    )
    if same is not None and same.user_id is None and not same.options.get("removed"):
        raise Conflict(f"The site has this {kind} channel already.")
    return same


def _begin_anew(channel: Channel, facts: Mapping[str, object]) -> None:
    """As if it were new; its log goes on."""
    channel.user_id = channel.free_at = channel.paused_at = channel.paused_why = None
    channel.failures, channel.failing_since, channel.is_slow = 0, None, False
    for name, value in facts.items():
        setattr(channel, name, value)


def _new_secret() -> str:
    """As Standard Webhooks wants it: base64 behind a prefix by which leaked ones are found."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def _checked(faults: list[FieldError], field: str, read: Callable[[str], str], text: str) -> str:
    """The value as it is kept; a fault is noted, so that all are told at once."""
    try:
        return read(text)
    except ValueError as fault:
        faults.append(FieldError(field, str(fault)))
        return text


def _name(text: str) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= _NAME_LENGTH or not text.isprintable():
        raise ValueError(f"must have 1 to {_NAME_LENGTH} printable characters")
    return text


def _address(text: str) -> URL:
    message = f"must be an http or https address, not {text[:80]!r}"
    if len(text) > _URL_LENGTH or any(char.isspace() for char in text.strip()):
        raise ValueError(message)
    try:
        address = URL(text.strip())
    except ValueError as fault:
        raise ValueError(message) from fault
    if address.protocol not in {"http:", "https:"} or not address.hostname:
        raise ValueError(message)
    if address.username or address.password:
        raise ValueError("must have no user name or password")
    return address


def _paragraphs(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").strip().split("\n")]
    text = re.sub("\n{3,}", "\n\n", "\n".join(lines))
    if len(text) > _PRIVACY_LENGTH or not text.replace("\n", "").isprintable():
        raise ValueError(f"must have at most {_PRIVACY_LENGTH} printable characters")
    return text


def _days(faults: list[FieldError], field: str, text: str, least: int) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= _MOST_DAYS):
        faults.append(FieldError(field, f"must be {least} to {_MOST_DAYS} days, or empty"))
        return None
    return int(text)


def _edit_link(text: str) -> str:
    text = text.strip()
    address = _address(text.replace(_CMS_ID, "0"))
    if _CMS_ID not in text or "{" in text.replace(_CMS_ID, ""):
        raise ValueError(f"must have {_CMS_ID} in it, and no other brackets")
    if "." not in address.hostname or not re.match(r"https?://[^/{?#]+[/?]", text, re.IGNORECASE):
        raise ValueError("must name a host, and the number in the part after it")
    return text


def _home(text: str) -> str:
    address = _address(text)
    address.hash = ""
    return str(address.href)


def _origin(text: str) -> str:
    address = _address(text)
    if address.pathname != "/" or address.search or address.hash:
        raise ValueError(f"must be scheme, host and port only, not {text[:80]!r}")
    return str(address.origin)


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return text


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise ValueError("must be a time zone like Asia/Almaty") from fault
    return text


def _mailbox(text: str) -> str:
    text = text.strip()
    if len(text) > 254 or not text.isprintable() or not _EMAIL.fullmatch(text):
        raise ValueError("must be an address like desk@example.kz")
    return text


def _endpoint(text: str) -> str:
    address = _address(text)
    if address.hash:
        raise ValueError("must have no fragment")
    return str(address.href)


_KINDS = {
    "email": _Kind(_mailbox),
    "webhook": _Kind(_endpoint, signed=True),
}
