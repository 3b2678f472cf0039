"""When a page is read for its cases."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core import rhythm
from core.models import Case, Site
from core.settings import Settings
from tests import factories

ALMATY = ZoneInfo("Asia/Almaty")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


def _case(status: str, since: datetime | None, page_id: int = 1) -> Case:
    return Case(
        exact="балаларга",
        status=status,
        check_since=since,
        page_id=page_id,
        site=Site(timezone="Asia/Almaty"),
    )


def _turns(case: Case, now: datetime, settings: Settings, most: int) -> list[timedelta]:
    turns: list[timedelta] = []
    at = now
    while len(turns) < most and (due := rhythm.next_due(case, at, settings)) is not None:
        turns.append(due - now)
        at = due
    return turns


def test_after_fixed_the_page_is_read_as_the_contract_says(
    settings: Settings, now: datetime
) -> None:
    turns = _turns(_case("fixed", now), now, settings, 100)
    assert turns[:4] == [
        timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=2), timedelta(hours=24)
    ]  # fmt: skip
    assert turns[4:] == [timedelta(days=day) for day in range(2, 31)]


def test_an_open_case_is_read_at_growing_intervals_and_then_every_night(
    settings: Settings, now: datetime
) -> None:
    turns = _turns(_case("new", now), now, settings, 8)
    assert turns[:3] == [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
    nights = [(now + turn).astimezone(ALMATY) for turn in turns[3:]]
    assert all(1 <= night.hour < 6 for night in nights)
    assert {b - a for a, b in pairwise(nights)} == {timedelta(days=1)}


def test_nights_of_many_pages_are_spread(settings: Settings, now: datetime) -> None:
    since = now - timedelta(days=2)
    nights = [rhythm.next_due(_case("new", since, page), now, settings) for page in range(100)]
    assert len(set(nights)) > 90


@pytest.mark.parametrize("status", ["dismissed"])
def test_nobody_reads_for_a_dismissed_case(settings: Settings, now: datetime, status: str) -> None:
    assert rhythm.next_due(_case(status, now), now, settings) is None


def test_a_correction_that_is_seen_goes_on_in_the_rhythm_of_its_fixing(
    settings: Settings, now: datetime
) -> None:
    case = _case("verified", now)
    rhythm.begin(case, "fixed", now + timedelta(minutes=15), settings)
    assert case.check_since == now
    assert case.check_due_at == now + timedelta(hours=2)


def test_an_old_turn_that_was_missed_does_not_come_again(settings: Settings, now: datetime) -> None:
    late = now + timedelta(hours=1)
    assert rhythm.next_due(_case("fixed", now), late, settings) == now + timedelta(hours=2)


def test_the_night_begins_at_its_time_when_the_clocks_are_changed(settings: Settings) -> None:
    case = _case("new", datetime(2026, 3, 1, tzinfo=UTC), page_id=0)
    case.site = Site(timezone="Europe/Berlin")
    for day, hours in (("2026-03-28", 23), ("2026-10-24", 25)):
        now = datetime.fromisoformat(f"{day}T10:00:00+00:00")
        turn = rhythm.next_due(case, now, settings)
        assert turn is not None
        assert turn.astimezone(ZoneInfo("Europe/Berlin")).hour == 1
        later = rhythm.next_due(case, turn, settings)
        assert later is not None
        assert later - turn == timedelta(hours=hours)
