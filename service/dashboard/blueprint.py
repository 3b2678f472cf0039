"""The desk's views put together under one blueprint."""

from flask import Blueprint

from service.dashboard import (
    access,
    applying,
    assets,
    cases,
    deliveries,
    door,
    faults,
    keys,
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
for room in (assets, door, queue, cases, applying, deliveries, profile, keys, views, numbers):
    room.register(blueprint)
