"""What readers are told about their data, and when it is forgotten."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core.errors import Invalid
from core.i18n import LANGUAGES
from core.models import Site
from core.sites import set_readers_data
from service.context import service
from service.dashboard.access import needs
from service.dashboard.settings.frame import locked_site_of, note_change, settings_page, site_of
from service.dashboard.settings.meanwhile import Overtaken, check_seen, mark_of

_DAYS = ("forget_reader_days", "forget_words_days")


def register(blueprint: Blueprint) -> None:
    """The page, and its form."""
    blueprint.get("/settings/<int:site_id>/privacy")(privacy_settings)
    blueprint.post("/settings/<int:site_id>/privacy")(save_privacy)


@needs("admin")
def privacy_settings(site_id: int) -> Response:
    """The text for readers, and the days."""
    with service().db.read() as session:
        site = site_of(session, site_id)
    stands = _standing(site)
    return settings_page("desk/settings/privacy.html", site, seen=mark_of(stands), **stands)


@needs("admin")
def save_privacy(site_id: int) -> Response:
    """Change them; what is wrong is said at its field, and then nothing is changed."""
    form = {name: value.replace("\0", "") for name, value in request.form.items()}
    days = {name: form.get(name, "") for name in _DAYS}
    with service().db.read() as session:
        shown = site_of(session, site_id)
    privacy = {code: form[f"privacy.{code}"] for code in LANGUAGES if f"privacy.{code}" in form}
    typed = {"privacy": privacy, "days": days}
    try:
        with service().db.write() as session:
            site = locked_site_of(session, site_id)
            check_seen(_standing(site))
            note_change(session, site, set_readers_data(site, privacy, *days.values()))
    except Overtaken as other:
        return settings_page("desk/settings/privacy.html", shown, 409, **typed, **other.shown)
    except Invalid as wrong:
        faults = {error.field: error.message for error in wrong.errors}
        return settings_page("desk/settings/privacy.html", shown, 422, **typed, faults=faults)
    return redirect(url_for("desk.privacy_settings", site_id=site_id, done="saved"), 303)


def _standing(site: Site) -> dict[str, Any]:
    days = {name: getattr(site, name) or "" for name in _DAYS}
    return {"privacy": site.privacy, "days": days}
