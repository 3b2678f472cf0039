"""Clocks on walls: which moment a time of day is somewhere.

Two times of one zone are told apart and reckoned with by what their clocks show, so that the hour
which is skipped in spring, and the one that comes twice in autumn, gets lost. Moments here are in
UTC, where each hour is an hour.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def moment_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment of a time of day.

    A time that is skipped comes as much later as the clock jumps; of one that comes twice it is
    the first.
    """
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def last_moment_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The same, but of a time that comes twice the second: by then it is over in any case."""
    again = datetime.combine(day, clock.replace(fold=1), zone).astimezone(UTC)
    return max(moment_at(day, clock, zone), again)


def next_moment_at(clock: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The first such moment after `now`: today's, or tomorrow's."""
    today = now.astimezone(zone).date()
    at = moment_at(today, clock, zone)
    return at if at > now else moment_at(today + _DAY, clock, zone)
