"""The pages of a site's settings, in the order in which they stand beside one another."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request, url_for

from core.i18n import Translator

Word = Callable[[Translator], str]

# A page is listed from the day that its endpoint exists.
_ROOMS: tuple[tuple[str, Word], ...] = (
    ("desk.snippet_settings", lambda t: t.pgettext("settings", "Snippet")),
    ("desk.site_settings", lambda t: t.gettext("Site")),
    ("desk.channels", lambda t: t.pgettext("settings", "Channels")),
    ("desk.rules", lambda t: t.pgettext("settings", "Rules")),
    ("desk.house_words", lambda t: t.gettext("House dictionary")),
    ("desk.cms_settings", lambda t: t.pgettext("settings", "CMS")),
    ("desk.privacy_settings", lambda t: t.gettext("Privacy")),
)


def _ways(endpoint: str, address: str) -> tuple[str, ...]:
    """Where the page and its forms are answered; the roster's form stands on the page of rules."""
    duties = address.removesuffix("/rules") + "/duties"
    return (address, duties) if endpoint == "desk.rules" else (address,)


@dataclass(frozen=True)
class Room:
    """One entry of the navigation inside the settings."""

    address: str
    word: str
    is_here: bool


def rooms(t: Translator, site_id: int) -> list[Room]:
    """What the navigation shows; a page counts as open while its form is answered, too."""
    return [
        Room(address, word(t), is_here=request.path.startswith(_ways(endpoint, address)))
        for endpoint, word in _ROOMS
        if endpoint in current_app.view_functions
        for address in [url_for(endpoint, site_id=site_id)]
    ]
