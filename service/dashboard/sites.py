"""Settings of sites, each value checked where it is typed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts, queries
from core.clock import utcnow
from core.errors import Invalid, NotFound
from core.i18n import LANGUAGES
from core.sites import set_site
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.rendering import page


def register(blueprint: Blueprint) -> None:
    """The addresses of the settings."""
    blueprint.get("/settings")(sites)
    blueprint.post("/settings/<int:site_id>")(change_site)


@needs("admin")
def sites() -> Response:
    """The settings of the sites that this person administers."""
    return _page(200, told=request.args.get("done"))


@needs("admin")
def change_site(site_id: int) -> Response:
    """Change a site; what is wrong is said at its field and nothing is changed."""
    here, form = visit(), request.form
    main = form.get("language", "")
    wanted = {
        "name": form.get("name", "").replace("\0", ""),
        "url": form.get("url", "").replace("\0", ""),
        "origins": form.get("origins", "").replace("\0", "").split(),
        "languages": [main, *(code for code in LANGUAGES if code in form.getlist("languages"))],
        "timezone": form.get("timezone", "").replace("\0", ""),
    }
    try:
        with service().db.write() as session:
            found = queries.sites(session, here.rights.site_ids("admin"))
            site = next((each for each in found if each.id == site_id), None)
            if site is None:
                raise NotFound("There is no such site.")
            changed = set_site(site, **wanted)  # type: ignore[arg-type]
            if changed:
                what = ", ".join(changed)
                by, now = here.user.email, utcnow()
                accounts.note_act(session, by, "site", site.name, site.id, now, fields=what)
    except Invalid as wrong:
        faults = {error.field for error in wrong.errors}
        return _page(422, faults=faults, typed={site_id: wanted})
    return redirect(url_for("desk.sites", done="saved"), 303)


def _page(status: int, **values: object) -> Response:
    with service().db.read() as session:
        found = queries.sites(session, visit().rights.site_ids("admin"))
    typed: Mapping[int, Mapping[str, Any]] = {}
    shown = {"told": None, "faults": set(), "typed": typed, **values}
    return page("desk/sites.html", status, sites=found, **shown)
