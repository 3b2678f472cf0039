"""What every page of a site's settings needs: the site, and the right to change it."""

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import accounts, queries
from core.clock import utcnow
from core.errors import NotFound
from core.models import Site
from service.context import service
from service.dashboard.access import spoken, visit
from service.dashboard.rendering import page
from service.dashboard.settings.rooms import rooms


def site_of(session: Session, site_id: int) -> Site:
    """The site, for one of its administrators. Raises NotFound for any other person's."""
    found = queries.sites(session, visit().rights.site_ids("admin"))
    site = next((each for each in found if each.id == site_id), None)
    if site is None:
        raise NotFound("There is no such site.")
    return site


def locked_site_of(session: Session, site_id: int) -> Site:
    """The same to change it: a colleague who saves at this moment waits. Raises NotFound."""
    site = site_of(session, site_id)
    session.refresh(site, with_for_update=True)
    return site


def settings_page(template: str, site: Site, status: int = 200, /, **values: object) -> Response:
    """A page of the settings of a site. `faults` maps a field to what is wrong with it.

    `seen` is the mark of what its form shows (see `meanwhile`); `overtaken`: a colleague was
    faster, nothing was saved.
    """
    with service().db.read() as session:
        many = len(queries.sites(session, visit().rights.site_ids("admin"))) > 1
    usual = {"faults": {}, "overtaken": False, "seen": request.form.get("seen", "")}
    shown = {"told": request.args.get("done"), "many_sites": many, **usual, **values}
    return page(template, status, site=site, rooms=rooms(spoken(), site.id), **shown)


def note_change(session: Session, site: Site, changed: list[str]) -> None:
    """Write down who has changed which settings; their values stay out of the book."""
    if changed:
        fields = ", ".join(changed)
        accounts.note_act(
            session, visit().user.email, "site", site.name, site.id, utcnow(), fields=fields
        )
