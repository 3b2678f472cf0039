"""Settings of sites, each value checked where it is typed."""

from flask import Blueprint

from service.dashboard.settings import site


def register(blueprint: Blueprint) -> None:
    """The addresses of the settings."""
    site.register(blueprint)
