"""When a channel hears, also where the clocks are put forward and back."""

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.cadence import Cadence, due, next_weekly, tomorrow_morning
from core.settings import Settings
from tests import factories

BERLIN = ZoneInfo("Europe/Berlin")
QUIET = (time(22), time(7))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


def _due(
    settings: Settings,
    word: str,
    now: str,
    quiet: tuple[time, time] | None = None,
    daily_at: time = time(9),
) -> str:
    """What the clock in Berlin shows when it is due."""
    begins, ends = quiet or (None, None)
    cadence = Cadence("Europe/Berlin", daily_at=daily_at, quiet_from=begins, quiet_until=ends)
    at = due(cadence, word, _utc(now), settings)[1]
    return f"{at.astimezone(BERLIN):%d.%m. %H:%M %Z}"


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2026-03-28T17:00", "29.03. 09:00 CEST"),
        ("2026-10-24T17:00", "25.10. 09:00 CET"),
        ("2026-10-25T17:00", "26.10. 09:00 CET"),
    ],
)
def test_a_daily_digest_comes_at_its_time_when_the_clocks_are_changed(
    settings: Settings, now: str, at: str
) -> None:
    assert _due(settings, "daily", now) == at


@pytest.mark.parametrize(
    ("now", "at"),
    [("2026-03-28T22:00", "29.03. 07:00 CEST"), ("2026-10-24T21:00", "25.10. 07:00 CET")],
)
def test_quiet_hours_end_at_their_time_when_the_clocks_are_changed(
    settings: Settings, now: str, at: str
) -> None:
    assert _due(settings, "now", now, QUIET) == at


def test_a_time_that_is_skipped_comes_as_much_later(settings: Settings) -> None:
    assert _due(settings, "daily", "2026-03-28T22:00", daily_at=time(2, 30)) == "29.03. 03:30 CEST"
    quiet = (time(22), time(2, 30))
    assert _due(settings, "now", "2026-03-28T22:00", quiet) == "29.03. 03:30 CEST"
    assert _due(settings, "now", "2026-03-29T00:59", quiet) == "29.03. 03:30 CEST"
    assert _due(settings, "now", "2026-03-29T01:00", quiet) == "29.03. 03:00 CEST"


def test_a_time_that_comes_twice_is_used_once(settings: Settings) -> None:
    half_past_two = time(2, 30)
    assert _due(settings, "daily", "2026-10-24T22:00", daily_at=half_past_two) == (
        "25.10. 02:30 CEST"
    )
    for between_both in ("2026-10-25T00:30", "2026-10-25T00:59"):
        assert _due(settings, "daily", between_both, daily_at=half_past_two) == "26.10. 02:30 CET"


def test_quiet_hours_last_until_their_end_has_come_twice(settings: Settings) -> None:
    quiet = (time(22), time(2, 30))
    for sleeping in ("2026-10-24T22:00", "2026-10-25T00:15", "2026-10-25T01:15"):
        assert _due(settings, "now", sleeping, quiet) == "25.10. 02:30 CET"


def test_an_hour_lasts_an_hour_when_the_clocks_are_changed(settings: Settings) -> None:
    cadence = Cadence("Europe/Berlin")
    for day in ("2026-03-29", "2026-10-25"):
        for hour in range(5):
            now = _utc(f"{day}T{hour:02}:10")
            assert due(cadence, "hourly", now, settings)[1] - now == timedelta(minutes=50)
            assert due(cadence, "15m", now, settings)[1] - now == timedelta(minutes=5)


def test_the_weekly_list_and_a_snooze_keep_their_time_when_the_clocks_are_changed() -> None:
    for now in (_utc("2026-03-28T17:00"), _utc("2026-10-24T17:00")):
        for at in (
            next_weekly("sun 09:00", "Europe/Berlin", now),
            tomorrow_morning(BERLIN.key, now),
        ):
            here = at.astimezone(BERLIN)
            assert (here.date() - now.date(), here.hour) == (timedelta(days=1), 9)
    again = _utc("2026-10-25T00:45")  # between 02:30 and 02:30
    assert next_weekly("sun 02:30", "Europe/Berlin", again) == _utc("2026-11-01T01:30")
