"""Asking for the password once more, before what cannot be taken back."""

from datetime import datetime

from flask import request

from core import accounts
from service.context import service
from service.dashboard.access import visit
from service.limits import reader_network


def demand_password(now: datetime) -> None:
    """The field `password` of the form must hold the person's own; counted like a log-in.

    Raises Invalid for an empty one, WrongPassword, Throttled.
    """
    address = reader_network(request.remote_addr or "")
    typed = request.form.get("password", "")
    accounts.demand_password(service().db, visit().user, typed, address, now)
