"""Readers' reports: `POST /api/v1/reports`."""

from flask import Blueprint, Response, current_app, g, jsonify, request

from core import intake
from core.clock import utcnow
from core.errors import Throttled
from core.incoming import NewReport, read_report
from core.intake import Received
from core.models import Report
from core.signals import SORT
from service.api import bodies, origins
from service.context import service
from service.limits import ReportLimits

blueprint = Blueprint("reports", __name__)
origins.for_listed_origins(blueprint)


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
