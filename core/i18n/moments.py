"""Times, ages and numbers as people write them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from core.i18n.catalogue import Translator

_DAY = {"en": "d MMM", "ru": "d MMM", "kk": "d MMMM"}
_DAY_OF_YEAR = {"en": "d MMM y", "ru": "d MMM y", "kk": "y 'ж'. d MMMM"}
_THIN = "\u202f"  # narrow no-break space between thousands, in all three languages


def moment(t: Translator, at: datetime, zone: str, now: datetime) -> str:
    """Day and minute in a site's zone, with the year unless it is this one: 24 Nov 08:51."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    day = (_DAY if local.year == today.year else _DAY_OF_YEAR)[t.language]
    return format_datetime(local, f"{day} HH:mm", locale=t.language)


def day(t: Translator, at: date) -> str:
    """A day without its year: 24 Nov."""
    return format_date(at, _DAY[t.language], locale=t.language)


def percent(rate: float | None) -> str:
    """A share from 0 to 1 in whole hundredths: 71 %."""
    return "—" if rate is None else f"{round(100 * rate)}\u00a0%"


def age(t: Translator, since: datetime, now: datetime) -> str:
    """How long ago, in its largest unit: 12 min, 3 h, 5 d."""
    return duration(t, now - since)


def duration(t: Translator, length: timedelta) -> str:
    """A length of time in its largest whole unit; anything under a minute is `now`."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return t.pgettext("age", "now")
    if minutes < 60:
        return t.pgettext("age", "{n} min", n=minutes)
    if minutes < 24 * 60:
        return t.pgettext("age", "{n} h", n=minutes // 60)
    return t.pgettext("age", "{n} d", n=number(minutes // (24 * 60)))


def tenths(t: Translator, value: float) -> str:
    """A number with one place after the point, or after the comma where people write one. What is
    beyond the place is cut off, so that a limit is not told as reached before it is."""
    return format_decimal(int(value * 10) / 10, format="0.0", locale=t.language)


def number(value: int) -> str:
    """A whole number, thousands set apart from 1 000 on."""
    return f"{value:,}".replace(",", _THIN)
