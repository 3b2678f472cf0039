"""HTTP for readers' browsers and for programs, under /api/v1."""

from flask import Blueprint

from service.api import (
    cases,
    channels,
    deliveries,
    description,
    duties,
    figures,
    hooks,
    pages,
    receipts,
    reports,
    rules,
)

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
_OF_DELIVERY = (deliveries, channels, rules, duties)
for part in (reports, receipts, cases, *_OF_DELIVERY, figures, hooks, description):
    blueprint.register_blueprint(part.blueprint)
docs = pages.blueprint
