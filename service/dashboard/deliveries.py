"""Messages to editors: what waits, what went out, what nobody got."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import delivery, queries
from core.clock import utcnow
from core.exports import DELIVERY_COLUMNS, delivery_item, every
from core.exports import PAGE as MANY
from core.queries.paging import Listing
from core.signals import DELIVER
from service import exports
from service.context import service
from service.dashboard import outcomes
from service.dashboard.access import needs, spoken, visit
from service.dashboard.rendering import page

PAGE = 50
STATES = ("dead", "pending", "sent")


def register(blueprint: Blueprint) -> None:
    """The addresses of the messages."""
    blueprint.get("/deliveries")(deliveries)
    blueprint.get("/deliveries.csv")(deliveries_csv)
    blueprint.get("/deliveries.json")(deliveries_json)
    blueprint.post("/deliveries/<int:delivery_id>/retry")(retry)


@needs("editor")
def deliveries() -> Response:
    """Messages of one state, newest first."""
    state, cursor = _state(), request.args.get("cursor")
    with service().db.read() as session:
        listing = queries.list_deliveries(
            session, visit().rights.site_ids("editor"), state, None, cursor, PAGE
        )
    told = outcomes.said(spoken(), request.args.get("done", ""), 1)
    return page("desk/deliveries.html", listing=listing, state=state, states=STATES, told=told)


@needs("editor")
def deliveries_csv() -> Response:
    """The messages of a state as a table."""
    return exports.csv_table(_every_message(), DELIVERY_COLUMNS, "messages")


@needs("editor")
def deliveries_json() -> Response:
    """The same for programs."""
    return exports.json_list(_every_message(), "messages")


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


def _state() -> str | None:
    state = request.args.get("status")
    return state if state in STATES else None


def _every_message() -> Iterator[dict[str, Any]]:
    state, site_ids = _state(), visit().rights.site_ids("editor")

    def read(session: Session, cursor: str | None) -> Listing[dict[str, Any]]:
        listing = queries.list_deliveries(session, site_ids, state, None, cursor, MANY)
        return Listing([delivery_item(each) for each in listing.items], listing.next)

    return every(service().db, read)
