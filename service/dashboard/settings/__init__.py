"""Settings of sites, each value checked where it is typed."""

from flask import Blueprint

from service.dashboard.settings import (
    channels,
    cms,
    housewords,
    privacy,
    roster,
    rules,
    site,
    snippet,
)


def register(blueprint: Blueprint) -> None:
    """The addresses of the settings."""
    for room in (site, snippet, channels, rules, roster, housewords, cms, privacy):
        room.register(blueprint)
