"""A newsroom for each test."""

from datetime import datetime
from pathlib import Path

import pytest

from core.db import Database
from tests import factories
from tests.core.verification.press import ARTICLE, EDITOR, Newsroom, Press


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, now: datetime) -> Newsroom:
    """One site with one article that has the error, and an editor."""
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_user(session, now, EDITOR.name, site=site)
    press = Press()
    press.publish(ARTICLE)
    return Newsroom(db, factories.make_settings(tmp_path), press, now)
