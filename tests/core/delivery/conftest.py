"""What tests of delivery ask for by name."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from core.db import Database
from tests import factories
from tests.core.delivery.newsroom import Hooks, Newsroom, hooks_at_work
from tests.servers.mail import MailSink


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    with hooks_at_work() as kept:
        yield kept


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, smtp_sink: MailSink, now: datetime) -> Newsroom:
    networks = (ip_network("127.0.0.0/8"),)
    settings = factories.make_settings(tmp_path, smtp_url=smtp_sink.url, private_networks=networks)
    return Newsroom(db, settings, now)
