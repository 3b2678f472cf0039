"""A worker that is killed while it reads costs a page another look, and no case its verdict."""

from pathlib import Path

import pytest

from benchmarks import nightly
from core.db import Database

pytestmark = pytest.mark.faults


def test_a_round_goes_on_where_a_killed_worker_left_it(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    size = nightly.Size(cases=90, pages=30, sites=3)
    figures = nightly.night(db, database_url, tmp_path, size, scale=60)
    assert figures["pages_read"] == size.pages
    assert figures["pages_read_twice"] <= nightly.READERS
    assert figures["cases_judged"] == size.cases
    assert figures["verdicts"] == {"fixed": 6, "still_there": 84}
    assert figures["leases_left"] == 0
