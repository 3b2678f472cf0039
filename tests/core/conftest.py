"""What tests of the core ask for by name, beside what all tests do (tests/conftest.py)."""

from datetime import datetime
from pathlib import Path

import pytest

from core.db import Database
from core.models import Case
from core.settings import Settings
from tests import factories


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return factories.make_settings(tmp_path, database_url)


@pytest.fixture
def case(db: Database, settings: Settings, now: datetime) -> Case:
    """A case of one report, on a site with one channel for mail."""
    with db.write() as session:
        factories.make_channel(session, now, factories.make_site(session, now))
    return factories.sorted_case(db, settings, now)
