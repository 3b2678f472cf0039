"""Reports: readers send them, programs read them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, g, jsonify, request

from core import intake, queries
from core.clock import utcnow
from core.errors import Throttled
from core.incoming import NewReport, read_report
from core.intake import Received
from core.models import Report
from core.representations import report_json
from core.signals import SORT
from service.api import bodies, origins, shapes
from service.api.callers import Caller
from service.api.operations import Operation, describe_public, operation
from service.context import service
from service.limits import ReportLimits

blueprint = Blueprint("reports", __name__)
origins.for_listed_origins(blueprint)

describe_public(
    Operation(
        "POST",
        "/reports",
        "Send a report",
        shapes.ReceivedOut,
        body=shapes.ReportIn,
        body_types=("application/json", "text/plain"),
        status=202,
        public=True,
        refusals=(403, 404, 409, 429),
    )
)


@blueprint.post("/reports", provide_automatic_options=False)
def create() -> tuple[Response, int]:
    """Keep a reader's report. 202 says that it is committed."""
    origin = origins.sender()
    new = read_report(bodies.report_body())
    g.site_key = new.site
    _count(new)
    with service().db.write() as session:
        received = intake.receive(session, new, origin, utcnow())
    service().bell.ring(SORT)
    return jsonify(_answer(received)), 202


@blueprint.route("/reports", methods=["OPTIONS"])
def preflight() -> Response:
    """Whether a page may send its report as application/json."""
    return origins.answer_preflight()


@operation(
    blueprint, "/reports/<uuid:report_id>", "Read a report", shapes.ReportOut, refusals=(404,)
)
def show(caller: Caller, report_id: UUID) -> dict[str, Any]:
    """What one reader sent."""
    with service().db.read() as session:
        return report_json(queries.get_report(session, str(report_id), caller.rights.site_ids()))


def receipt_url(receipt: str) -> str:
    """The address of a receipt's page."""
    return f"{service().settings.base_url}/r/{receipt}"


def _answer(received: Received) -> dict[str, str]:
    report = received.report
    return {
        "id": report.id,
        "status": "received",
        "receipt": report.receipt,
        "receipt_url": receipt_url(report.receipt),
    }


def _count(new: NewReport) -> None:
    """Count the report; one that has been kept already is never too much."""
    limits: ReportLimits = current_app.extensions["tuzet.limits"]
    try:
        limits.count(new, request.remote_addr or "", utcnow().date())
    except Throttled:
        with service().db.read() as session:
            if session.get(Report, new.id) is None:
                raise
