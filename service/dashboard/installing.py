"""The line to paste into a site's pages, and a check whether a page carries it rightly."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from core import queries
from core.installcheck import check_live, script_line
from core.models import Site
from service.context import service
from service.dashboard.access import needs, spoken, visit
from service.dashboard.rendering import page
from service.outside import make_fetch

LONGEST_ADDRESS = 2_048


def register(blueprint: Blueprint) -> None:
    """The page, and the check that it asks for."""
    blueprint.get("/install")(install)
    blueprint.post("/install")(check_install)


@needs("editor")
def install() -> Response:
    """A line for each site."""
    return page("desk/install.html", lines=_lines(), checked=None, t=spoken(), key="", url="")


@needs("editor")
def check_install() -> Response:
    """Read the page that is named, as a browser would get it, and say what is wrong."""
    base, key = service().settings.base_url, request.form.get("site", "")
    url = request.form.get("url", "").strip()[:LONGEST_ADDRESS]
    lines = _lines()
    site = next((site for site, _ in lines if site.key == key), None)
    checked = check_live(make_fetch(service().settings), url, site, base) if site else None
    return page("desk/install.html", lines=lines, checked=checked, t=spoken(), key=key, url=url)


def _lines() -> list[tuple[Site, str]]:
    with service().db.read() as session:
        found = queries.sites(session, visit().rights.site_ids("editor"))
    return [(site, script_line(site, service().settings.base_url)) for site in found]
