"""The desk's views put together under one blueprint."""

from flask import Blueprint

from service.dashboard import (
    access,
    applying,
    assets,
    cases,
    correcting,
    deliveries,
    door,
    elsewhere,
    faults,
    keys,
    live,
    numbers,
    profile,
    queue,
    rendering,
    views,
)

blueprint = Blueprint("desk", __name__)

access.register(blueprint)
faults.register(blueprint)
rendering.register(blueprint)
_OF_CASES = (cases, applying, correcting, elsewhere)
for room in (assets, door, queue, *_OF_CASES, deliveries, profile, keys, views, numbers, live):
    room.register(blueprint)
