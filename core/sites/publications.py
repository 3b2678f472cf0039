"""Publications: made, and changed where somebody types."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ada_url import URL
from sqlalchemy.orm import Session

from core import net
from core.errors import FieldError, Invalid
from core.models import Site
from core.settings import Settings
from core.sites import values
from core.sites.values import checked

_MOST_ORIGINS = 50
_KEY_BYTES = 8
_WATCHED_DAYS = 31  # a verified case's page is read for 30 days: its words are needed for that


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


def why_unread(url: str, origins: Sequence[str], settings: Settings) -> str | None:
    """Why pages at one of a site's addresses cannot be read from here, in English, as far as the
    address itself tells; None where nothing speaks against it.

    No reason to refuse it: readers report from such pages too, as on a staging site, but whether
    an error is fixed there is not seen.
    """
    for address in (url, *origins):
        try:
            net.demand_dialable(address, settings.private_networks)
        except net.Refused as refused:
            return str(refused)
    return None


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
            if (text := checked(faults, f"privacy.{language}", values.paragraphs, given))
        },
        "forget_reader_days": values.days(faults, "forget_reader_days", reader_days, 1),
        "forget_words_days": values.days(faults, "forget_words_days", words_days, _WATCHED_DAYS),
    }
    if faults:
        raise Invalid(*faults)
    return _set(site, facts)


def set_edit_link(site: Site, template: str) -> list[str]:
    """The address of the CMS's edit page, with `{cms_id}` where a document's number belongs.

    Empty for none. Returns the names of what is different now. Raises Invalid.
    """
    faults: list[FieldError] = []
    link = checked(faults, "edit_link", values.edit_link, template) if template.strip() else None
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
    home = checked(faults, "url", values.home, url)
    named = [checked(faults, "origin", values.origin, origin) for origin in origins]
    name = checked(faults, "name", values.name, name)
    spoken = [checked(faults, "language", values.language, language) for language in languages]
    timezone = checked(faults, "timezone", values.timezone, timezone)
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
