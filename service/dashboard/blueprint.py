"""The desk's views put together under one blueprint."""

from flask import Blueprint

from service.dashboard import (
    access,
    applying,
    assets,
    audit,
    cases,
    chatlink,
    correcting,
    deliveries,
    door,
    elsewhere,
    faults,
    installing,
    joining,
    keyring,
    keys,
    live,
    numbers,
    ownmail,
    peek,
    people,
    profile,
    provider,
    queue,
    rendering,
    secondstep,
    settings,
    views,
)

blueprint = Blueprint("desk", __name__)

access.register(blueprint)
faults.register(blueprint)
rendering.register(blueprint)
_OF_CASES = (cases, peek, applying, correcting, elsewhere)
_OF_NEWSROOM = (chatlink, deliveries, numbers, views, live, installing)
_OF_PEOPLE = (provider, people, joining, audit, profile, ownmail, secondstep, keyring)
for room in (assets, door, queue, *_OF_CASES, *_OF_NEWSROOM, *_OF_PEOPLE, settings, keys):
    room.register(blueprint)
