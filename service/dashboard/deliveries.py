"""Messages to editors: what waits, what went out, what nobody got."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import delivery, queries
from core.clock import utcnow
from core.signals import DELIVER
from service.context import service
from service.dashboard import outcomes
from service.dashboard.access import needs, spoken, visit
from service.dashboard.rendering import page

PAGE = 50
STATES = ("dead", "pending", "sent")


def register(blueprint: Blueprint) -> None:
    """The addresses of the messages."""
    blueprint.get("/deliveries")(deliveries)
    blueprint.post("/deliveries/<int:delivery_id>/retry")(retry)


@needs("editor")
def deliveries() -> Response:
    """Messages of one state, newest first."""
    state, cursor = request.args.get("status"), request.args.get("cursor")
    state = state if state in STATES else None
    with service().db.read() as session:
        listing = queries.list_deliveries(
            session, visit().rights.site_ids("editor"), state, None, cursor, PAGE
        )
    told = outcomes.said(spoken(), request.args.get("done", ""), 1)
    return page("desk/deliveries.html", listing=listing, state=state, states=STATES, told=told)


@needs("editor")
def retry(delivery_id: int) -> Response:
    """Send a message again that nobody got."""
    with service().db.write() as session:
        found = queries.get_delivery(session, delivery_id, visit().rights.site_ids())
        visit().rights.demand("editor", found.channel.site_id)
        delivery.retry(session, found, utcnow())
    service().bell.ring(DELIVER)
    if request.args.get("from") == "case":
        address = url_for("desk.case", case_id=found.case_id, done="retry", _anchor="messages")
        return redirect(address, 303)
    state = request.args.get("status")
    return redirect(url_for("desk.deliveries", status=state, done="retry"), 303)
