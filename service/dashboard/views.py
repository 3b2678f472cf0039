"""Saved views of the queue, each under an address of its own."""

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from core import views
from core.clock import utcnow
from core.errors import Conflict, FieldError, Invalid
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.filters import read_view
from service.dashboard.queue import queue_page

_WITHOUT_ORDER = "newest"  # what a view means that was saved when this order went without saying


def register(blueprint: Blueprint) -> None:
    """The addresses of the views."""
    blueprint.get("/views/<int:view_id>")(saved_view)
    blueprint.post("/views")(save_view)
    blueprint.post("/views/<int:view_id>/forget")(forget_view)


@needs("viewer")
def saved_view(view_id: int) -> Response:
    """The queue as the view says."""
    with service().db.read() as session:
        found = views.get_view(session, view_id, visit().user.id)
    said = parse_qsl(found.query.removeprefix("?"))
    order = [] if "sort" in dict(said) else [("sort", _WITHOUT_ORDER)]
    told = [("kept", "replaced")] if request.args.get("kept") == "replaced" else []
    query = urlencode([*said, *order, ("view", view_id), *told])
    return redirect(f"{url_for('desk.queue')}?{query}", 303)


@needs("viewer")
def save_view() -> Response:
    """Keep what the queue shows now under a name."""
    view = read_view(MultiDict(parse_qsl(request.form.get("query", "")[:4_000])))
    query = urlencode({**dict(view.parts), "sort": view.sort})
    name = request.form.get("name", "").replace("\0", "")
    try:
        with service().db.write() as session:
            known = views.view_named(session, visit().user.id, name)
            stood = known.query if known is not None else None
            kept = views.save_view(session, visit().user.id, name, f"?{query}", utcnow())
    except Invalid as wrong:
        return queue_page(view, wrong)
    except Conflict:
        return queue_page(view, Invalid(FieldError("views", "are too many")))
    told = "replaced" if stood not in (None, kept.query) else None
    return redirect(url_for("desk.saved_view", view_id=kept.id, kept=told), 303)


@needs("viewer")
def forget_view(view_id: int) -> Response:
    """Remove a view; the cases stay."""
    with service().db.write() as session:
        views.forget_view(session, view_id, visit().user.id)
    return redirect(url_for("desk.queue"), 303)
