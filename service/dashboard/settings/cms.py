"""Where an editor opens the document behind a page."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core.errors import Invalid
from core.sites import set_edit_link
from service.context import service
from service.dashboard.access import needs
from service.dashboard.settings.frame import locked_site_of, note_change, settings_page, site_of
from service.dashboard.settings.meanwhile import Overtaken, check_seen, mark_of


def register(blueprint: Blueprint) -> None:
    """The page, and its form."""
    blueprint.get("/settings/<int:site_id>/cms")(cms_settings)
    blueprint.post("/settings/<int:site_id>/cms")(save_cms)


@needs("admin")
def cms_settings(site_id: int) -> Response:
    """The link to the CMS's edit page."""
    with service().db.read() as session:
        site = site_of(session, site_id)
    link = site.edit_link or ""
    return settings_page("desk/settings/cms.html", site, typed=link, seen=mark_of(link))


@needs("admin")
def save_cms(site_id: int) -> Response:
    """Change it; a link that cannot be one is shown again with what is wrong."""
    typed = request.form.get("edit_link", "").replace("\0", "")
    with service().db.read() as session:
        shown = site_of(session, site_id)
    try:
        with service().db.write() as session:
            site = locked_site_of(session, site_id)
            check_seen(site.edit_link or "")
            note_change(session, site, set_edit_link(site, typed))
    except Overtaken as other:
        return settings_page("desk/settings/cms.html", shown, 409, typed=typed, **other.shown)
    except Invalid as wrong:
        faults = {error.field: error.message for error in wrong.errors}
        return settings_page("desk/settings/cms.html", shown, 422, typed=typed, faults=faults)
    return redirect(url_for("desk.cms_settings", site_id=site_id, done="saved"), 303)
