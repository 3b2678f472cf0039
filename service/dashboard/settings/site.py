"""Which sites there are, and what each is: name, addresses, languages, time zone."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import queries
from core.errors import Invalid
from core.i18n import LANGUAGES
from core.models import Site
from core.sites import set_site, why_unread
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.rendering import page
from service.dashboard.settings.frame import locked_site_of, note_change, settings_page, site_of
from service.dashboard.settings.meanwhile import Overtaken, check_seen, mark_of


def register(blueprint: Blueprint) -> None:
    """The list of sites, and the page of one."""
    blueprint.get("/settings")(sites)
    blueprint.get("/settings/<int:site_id>")(settings_of)
    blueprint.post("/settings/<int:site_id>")(change_site)
    blueprint.get("/settings/<int:site_id>/site")(site_settings)
    blueprint.post("/settings/<int:site_id>/site")(save_site)


@needs("admin")
def sites() -> Response:
    """The sites that this person administers; whoever has one is led to its settings."""
    with service().db.read() as session:
        found = queries.sites(session, visit().rights.site_ids("admin"))
    done = request.args.get("done")
    if len(found) == 1:
        return redirect(url_for("desk.snippet_settings", site_id=found[0].id, done=done), 303)
    return page("desk/settings/sites.html", sites=found, told=done)


@needs("admin")
def settings_of(site_id: int) -> Response:
    """The first page of a site's settings."""
    with service().db.read() as session:
        site_of(session, site_id)
    return redirect(url_for("desk.snippet_settings", site_id=site_id), 303)


@needs("admin")
def site_settings(site_id: int) -> Response:
    """What a site is."""
    with service().db.read() as session:
        site = site_of(session, site_id)
    unread, of = why_unread(site.url, site.origins, service().settings), _standing(site)
    return settings_page("desk/settings/site.html", site, of=of, unread=unread, seen=mark_of(of))


@needs("admin")
def change_site(site_id: int) -> Response:
    """Change a site from the list of sites; the way back leads there."""
    return _change(site_id, url_for("desk.sites", done="saved"))


@needs("admin")
def save_site(site_id: int) -> Response:
    """Change a site from its own page."""
    return _change(site_id, url_for("desk.site_settings", site_id=site_id, done="saved"))


def _change(site_id: int, way_back: str) -> Response:
    """What is wrong is said at its field, and then nothing is changed."""
    wanted = _typed()
    typed = {**wanted, "origins": request.form.get("origins", "").splitlines()}
    with service().db.read() as session:
        shown = site_of(session, site_id)
    try:
        with service().db.write() as session:
            site = locked_site_of(session, site_id)
            check_seen(_standing(site))
            note_change(session, site, set_site(site, **wanted))
    except Overtaken as other:
        return settings_page("desk/settings/site.html", shown, 409, of=typed, **other.shown)
    except Invalid as wrong:
        faults = {error.field: error.message for error in wrong.errors}
        return settings_page("desk/settings/site.html", shown, 422, of=typed, faults=faults)
    return redirect(way_back, 303)


def _typed() -> dict[str, Any]:
    form = request.form
    main = form.get("language", "")
    return {
        "name": form.get("name", "").replace("\0", ""),
        "url": form.get("url", "").replace("\0", ""),
        "origins": form.get("origins", "").replace("\0", "").split(),
        "languages": [main, *(code for code in LANGUAGES if code in form.getlist("languages"))],
        "timezone": form.get("timezone", "").replace("\0", ""),
    }


def _standing(site: Site) -> dict[str, Any]:
    return {
        "name": site.name,
        "url": site.url,
        "origins": site.origins,
        "languages": site.languages,
        "timezone": site.timezone,
    }
