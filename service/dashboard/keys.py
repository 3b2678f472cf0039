"""The page that names every key."""

from flask import Blueprint
from werkzeug.wrappers import Response

from service.dashboard.access import needs
from service.dashboard.rendering import page


def register(blueprint: Blueprint) -> None:
    """Where the keys are explained."""
    blueprint.get("/keys")(keys)


@needs("viewer")
def keys() -> Response:
    """Every key beside its meaning; the desk's script shows the same in a sheet."""
    return page("desk/keys.html")
