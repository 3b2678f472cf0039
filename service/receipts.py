"""The page behind a receipt: what became of a report, and the button that erases it."""

from flask import Blueprint

blueprint = Blueprint("receipts", __name__)
