"""Messages owed and sent, for programs."""

from typing import Any

from flask import Blueprint

from core import delivery, queries
from core.clock import utcnow
from core.representations import delivery_json
from core.signals import DELIVER
from service.api import shapes
from service.api.callers import Caller
from service.api.operations import operation
from service.context import service

blueprint = Blueprint("deliveries", __name__)


@operation(
    blueprint,
    "/deliveries",
    "List deliveries",
    shapes.DeliveryList,
    query=shapes.DeliveriesQuery,
)
def index(caller: Caller, query: shapes.DeliveriesQuery) -> dict[str, Any]:
    """Messages to the channels of the caller's sites."""
    with service().db.read() as session:
        listing = queries.list_deliveries(
            session,
            caller.rights.site_ids(),
            query.status,
            query.channel,
            query.cursor,
            query.limit,
        )
        return {"items": [delivery_json(each) for each in listing.items], "next": listing.next}


@operation(
    blueprint,
    "/deliveries/<int:delivery_id>/retry",
    "Send again",
    shapes.DeliveryOut,
    method="POST",
    refusals=(403, 404, 409),
)
def retry(caller: Caller, delivery_id: int) -> dict[str, Any]:
    """Send a dead or waiting message again, now; one that is being sent is left alone (409)."""
    with service().db.write() as session:
        owed = queries.get_delivery(session, delivery_id, caller.rights.site_ids())
        caller.rights.demand("editor", owed.channel.site_id)
        delivery.retry(session, owed, utcnow())
        answer = delivery_json(owed)
    service().bell.ring(DELIVER)
    return answer
