"""Calls of newsrooms' own systems: signed as Standard Webhooks has it, so they need no token."""

from flask import Blueprint, Response, jsonify, request
from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from core import verification
from core.clock import utcnow
from core.errors import Forbidden
from core.incoming import read_json
from core.signals import DELIVER, READ
from service.api import bodies, shapes
from service.api.operations import Operation, describe_public, invalid
from service.context import service

LARGEST_CALL = 256 * 1024
_UNSIGNED = "The call is not signed with the secret that `tuzet cms add` has printed."

blueprint = Blueprint("hooks", __name__)

describe_public(
    Operation(
        "POST",
        "/hooks/page-saved",
        "Say that a document was saved",
        shapes.HeardOut,
        body=shapes.PageSaved,
        status=202,
        public=True,
        refusals=(403, 404),
    )
)


@blueprint.post("/hooks/page-saved")
def page_saved() -> tuple[Response, int]:
    """The pages of the document are read at once, and what the system says counts."""
    body = bodies.call_body(LARGEST_CALL)
    read_json(body)
    try:
        told = shapes.PageSaved.model_validate_json(body)
    except ValidationError as fault:
        raise invalid(fault) from fault
    _check_signature(told.site, body)
    html = told.html if told.state == "public" else None
    saved = verification.Saved(told.site, told.url, told.cms_id, html)
    with service().db.write() as session:
        heard = verification.hear_save(session, saved, utcnow(), service().settings)
    service().bell.ring(READ)
    if heard.deliveries:
        service().bell.ring(DELIVER)
    return jsonify({"pages": heard.pages, "cases": heard.cases}), 202


def _check_signature(site: str, body: bytes) -> None:
    """Raise NotFound for a site without a system, Forbidden for a call that is not its own."""
    with service().db.read() as session:
        secret = verification.hook_secret(session, site, service().settings)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError as fault:
        raise Forbidden(_UNSIGNED) from fault
