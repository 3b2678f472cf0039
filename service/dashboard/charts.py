"""Numbers as lines and bars: here are their places; words and colours are the page's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.numbers import Day, Numbers, Times

WIDTH, HEIGHT = 600, 160
_MOST_LABELS = 8
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)


@dataclass(frozen=True)
class Chart:
    """Two lines over the days. Points are those of an SVG of WIDTH by HEIGHT, `area` closes the
    first line at the ground. `ticks`: the numbers beside it, the highest first."""

    reports: str
    cases: str
    area: str
    ticks: tuple[int, ...]
    labels: tuple[date, ...]
    weeks: tuple[Day, ...]


@dataclass(frozen=True)
class Spread:
    """From the median to nine in ten, as places from 0 to 100 on one scale."""

    name: str
    times: Times
    begin: float
    end: float


def chart_of(days: Sequence[Day]) -> Chart:
    """The lines of these days; the table below them has a row a week."""
    top = _round_up(max((day.reports for day in days), default=0))
    reports = _points([day.reports for day in days], top)
    return Chart(
        reports=reports,
        cases=_points([day.cases for day in days], top),
        area=f"0,{HEIGHT} {reports} {WIDTH},{HEIGHT}" if reports else "",
        ticks=tuple(top * n // 4 for n in range(4, -1, -1)),
        labels=_labels([day.day for day in days]),
        weeks=tuple(_weeks(days)),
    )


def spread_of(found: Numbers) -> list[Spread]:
    """The three times on a scale that ends at the longest of them."""
    named = {"look": found.look, "fix": found.fix, "verify": found.verify}
    longest = max((times.p90 or timedelta() for times in named.values()), default=timedelta())
    whole = longest.total_seconds() or 1.0
    return [
        Spread(
            name,
            times,
            round(100 * (times.median or timedelta()).total_seconds() / whole, 1),
            round(100 * (times.p90 or timedelta()).total_seconds() / whole, 1),
        )
        for name, times in named.items()
    ]


def _round_up(highest: int) -> int:
    """The next number that four equal steps can reach in whole, round numbers."""
    size = 1
    while True:
        for step in _STEPS:
            if 4 * step * size >= highest:
                return 4 * step * size
        size *= 100


def _points(values: Sequence[int], top: int) -> str:
    apart = WIDTH / max(len(values) - 1, 1)
    return " ".join(
        f"{n * apart:.1f},{HEIGHT - HEIGHT * value / top:.1f}" for n, value in enumerate(values)
    )


def _labels(days: Sequence[date]) -> tuple[date, ...]:
    """Days so many apart that the page can set them evenly: as many as fit, the last among them."""
    apart = next((n for n in range(_MOST_LABELS - 1, 0, -1) if (len(days) - 1) % n == 0), 1)
    return tuple(days[:: max((len(days) - 1) // apart, 1)])


def _weeks(days: Sequence[Day]) -> list[Day]:
    found = []
    for start in range(0, len(days), 7):
        week = days[start : start + 7]
        reports, cases = sum(d.reports for d in week), sum(d.cases for d in week)
        found.append(Day(week[0].day, reports, cases))
    return found
