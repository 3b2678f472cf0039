"""What became of a report, for whoever holds its receipt: `GET /api/v1/receipts/{receipt}`."""

from flask import Blueprint, Response, jsonify

from core import receipts
from service.api import origins, shapes
from service.api.operations import Operation, describe_public
from service.context import service

blueprint = Blueprint("receipts", __name__)
blueprint.after_request(origins.for_everybody)

describe_public(
    Operation(
        "GET",
        "/receipts/<receipt>",
        "See what became of a report",
        shapes.ReceiptOut,
        public=True,
        refusals=(404,),
    )
)


@blueprint.get("/receipts/<receipt>")
def show(receipt: str) -> Response:
    """Status of the report and of its case, without log-in."""
    with service().db.read() as session:
        report = receipts.find(session, receipt)
        return jsonify(receipts.outcome(report, receipts.case_of(session, report)))
