"""A site in a pretended internet, and its server, for each test."""

from collections.abc import Iterator

import pytest

from tests.core.net.foreign import PUBLIC, ForeignServer, Internet


@pytest.fixture
def server() -> Iterator[ForeignServer]:
    foreign = ForeignServer()
    yield foreign
    foreign.stop()


@pytest.fixture
def internet(server: ForeignServer) -> Internet:
    """`dala.example` is the site; its public address leads to `server`."""
    made = Internet()
    made.name("dala.example", [PUBLIC])
    made.routes[PUBLIC] = server.port
    return made
