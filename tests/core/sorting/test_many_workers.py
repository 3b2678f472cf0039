"""Several workers on one page at the same moment."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from core import sorting
from core.db import Database
from core.models import Case, Report
from core.settings import Settings
from tests import factories
from tests.factories import send

ERRORS, REPORTS, WORKERS = 10, 100, 4
_WORDS = [f"сөз{letter * 3}" for letter in "абвгджзклмнпрстфхцшы"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_hundred_reports_of_ten_errors_by_four_workers_are_ten_cases(
    db: Database, database_url: str, tmp_path: Path, now: datetime, seed: int
) -> None:
    with db.write() as session:
        factories.make_site(session, now)
    settings = factories.make_settings(tmp_path, database_url)
    places = [number % ERRORS for number in range(REPORTS)]
    Random(seed).shuffle(places)
    shares = [places[worker::WORKERS] for worker in range(WORKERS)]
    workers = [
        threading.Thread(target=_send_and_sort, args=(database_url, settings, now, share))
        for share in shares
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    later = now + timedelta(minutes=1)
    sorting.sort_due(db, settings, lambda: later)
    with db.read() as session:
        assert sorted(session.scalars(select(Case.readers))) == [REPORTS // ERRORS] * ERRORS
        assert session.scalars(select(Report.id).where(Report.case_id.is_(None))).all() == []


def _send_and_sort(url: str, settings: Settings, now: datetime, places: list[int]) -> None:
    """One worker with a database of its own: a report comes in, a round of sorting follows."""
    own = Database(url)
    for place in places:
        at = 2 * place
        send(
            own,
            now,
            exact=_WORDS[at],
            prefix=f"{' '.join(_WORDS[max(0, at - 5) : at])} ",
            suffix=f" {' '.join(_WORDS[at + 1 : at + 6])}",
            suggestion=f"{_WORDS[at]}ң",
        )
        sorting.sort_due(own, settings, lambda: now)
    own.close()
