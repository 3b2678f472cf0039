"""HTTP for readers' browsers and for programs, under /api/v1."""

from flask import Blueprint

from service.api import cases, deliveries, description, figures, hooks, pages, receipts, reports

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
for part in (reports, receipts, cases, deliveries, figures, hooks, description):
    blueprint.register_blueprint(part.blueprint)
docs = pages.blueprint
