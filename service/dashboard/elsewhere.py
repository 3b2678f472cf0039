"""The same mistake elsewhere: a list to look through, from a case."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from core import elsewhere, queries
from core.clock import utcnow
from core.signals import READ
from core.text.fragment import at_place
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.rendering import page


def register(blueprint: Blueprint) -> None:
    """The list, and the wish to look through the whole site."""
    blueprint.get("/cases/<int:case_id>/elsewhere")(elsewhere_list)
    blueprint.post("/cases/<int:case_id>/elsewhere")(look_elsewhere)


@needs("viewer")
def elsewhere_list(case_id: int) -> Response:
    """What we know of other pages, and what a search has found so far."""
    with service().db.read() as session:
        case = queries.get_case(session, case_id, visit().rights.site_ids())
        form = elsewhere.form_of(case.exact, case.prefix, case.suffix)
        hits = elsewhere.on_known_pages(session, case)
        search = elsewhere.search_of(session, case.id)
    known = {hit.url for hit in hits}
    found = elsewhere.as_progress(search).found if search else []
    return page(
        "desk/elsewhere.html",
        case=case,
        form=form,
        hits=hits,
        search=search,
        progress=elsewhere.as_progress(search) if search else None,
        found=[place for place in found if place["url"] not in known],
        may_edit_here=visit().rights.may("editor", case.site_id),
        at_place=at_place,
    )


@needs("editor")
def look_elsewhere(case_id: int) -> Response:
    """Look through the sitemap and the feeds of the site, in the background."""
    here = visit()
    with service().db.write() as session:
        case = queries.get_case(session, case_id, here.rights.site_ids())
        here.rights.demand("editor", case.site_id)
        elsewhere.begin(session, case_id, here.actor, utcnow())
    service().bell.ring(READ)
    return redirect(url_for("desk.elsewhere_list", case_id=case_id), 303)
