"""Chat platforms on this machine, and a newsroom that uses them."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from core.db import Database
from tests import factories
from tests.servers.platforms import Platform, platform
from tests.service.chat.newsroom import Newsroom


@pytest.fixture
def chats() -> Iterator[Platform]:
    with platform() as made:
        yield made
        assert made.faults == []


@pytest.fixture
def newsroom(db: Database, database_url: str, tmp_path: Path, chats: Platform) -> Newsroom:
    settings = factories.make_settings(
        tmp_path, database_url, private_networks=(ip_network("127.0.0.0/8"),)
    )
    return Newsroom(db, settings, chats)
