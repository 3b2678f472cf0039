"""When a channel wants to hear: at once, in batches, once a day, and never in its quiet hours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.errors import FieldError, Invalid
from core.settings import Settings
from core.wallclock import last_moment_at, moment_at, next_moment_at

DIGEST_HOUR = time(9, 0)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KINDS = ("typo", "fact", "link", "other")
_BATCH = re.compile(r"([1-9]\d{0,2})m")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Cadence:
    """How often a channel hears of new errors and of further readers.

    A word is `now`, `15m` (batches of so many minutes), `hourly`, `daily` or `off`. `by_kind` says
    otherwise for new errors of some kinds. Between `quiet_from` and `quiet_until` nothing comes,
    by the clock of `timezone`; what would have come then comes together afterwards.
    """

    timezone: str
    new: str = "now"
    readers: str = "daily"
    by_kind: Mapping[str, str] | None = None
    daily_at: time = DIGEST_HOUR
    quiet_from: time | None = None
    quiet_until: time | None = None

    def of_new(self, kind: str) -> str:
        """The word for a new error of a kind."""
        return (self.by_kind or {}).get(kind, self.new)


def cadence_of(options: Mapping[str, Any], timezone: str) -> Cadence:
    """The cadence that a channel's options say; `timezone` is the site's, if they name none."""
    quiet = options.get("quiet") or (None, None)
    return Cadence(
        timezone=options.get("timezone") or timezone,
        new=options.get("new", "now"),
        readers=options.get("readers", "daily"),
        by_kind=options.get("kinds"),
        daily_at=time.fromisoformat(options["daily_at"]) if "daily_at" in options else DIGEST_HOUR,
        quiet_from=None if quiet[0] is None else time.fromisoformat(quiet[0]),
        quiet_until=None if quiet[1] is None else time.fromisoformat(quiet[1]),
    )


def due(cadence: Cadence, word: str, now: datetime, settings: Settings) -> tuple[str, datetime]:
    """With which rhythm (`now` or `digest`) and when a message goes out."""
    wished = _next(cadence, word, now)
    awake = _after_quiet(cadence, wished)
    rhythm = "now" if awake == now else "digest"
    return rhythm, now + settings.scaled(awake - now)


def _next(cadence: Cadence, word: str, now: datetime) -> datetime:
    zone = ZoneInfo(cadence.timezone)
    if word == "daily":
        return next_moment_at(cadence.daily_at, zone, now)
    minutes = 60 if word == "hourly" else int(word[:-1]) if word.endswith("m") else 0
    if minutes == 0:
        return now
    midnight = moment_at(now.astimezone(zone).date(), time(), zone)
    batch = timedelta(minutes=minutes)
    return midnight + ((now - midnight) // batch + 1) * batch


def _after_quiet(cadence: Cadence, at: datetime) -> datetime:
    begins, ends = cadence.quiet_from, cadence.quiet_until
    if begins is None or ends is None or begins == ends:
        return at
    zone = ZoneInfo(cadence.timezone)
    here = at.astimezone(zone)
    clock = here.time().replace(fold=0)
    over_midnight = begins > ends
    quiet = clock >= begins or clock < ends if over_midnight else begins <= clock < ends
    if not quiet:
        return at
    end = last_moment_at(here.date(), ends, zone)
    return end if end > at else last_moment_at(here.date() + timedelta(days=1), ends, zone)


def read_options(given: Mapping[str, str]) -> dict[str, Any]:
    """Options as a person writes them: `new=15m readers=daily quiet=22:00-07:00 link=daily`.

    An empty one (None here) takes back what was said before; of kinds, that they differ.
    Raises Invalid naming each that is wrong.
    """
    options: dict[str, Any] = {}
    faults = []
    for name, value in given.items():
        try:
            _read_option(options, name, value)
        except (ValueError, OSError, LookupError) as fault:
            faults.append(FieldError(name, str(fault)))
    if faults:
        raise Invalid(*faults)
    return options


def _read_option(options: dict[str, Any], name: str, value: str) -> None:
    if not value and name in ("new", "readers", "daily_at", "quiet", "timezone"):
        options[name] = None
    elif not value and name in _KINDS:
        options.setdefault("kinds", {})[name] = None
    elif name in ("new", "readers"):
        options[name] = _word(value)
    elif name in _KINDS:
        options.setdefault("kinds", {})[name] = _word(value)
    elif name == "daily_at":
        options[name] = _clock(value)
    elif name == "quiet":
        begins, _, ends = value.partition("-")
        options[name] = [_clock(begins), _clock(ends)]
    elif name == "timezone":
        options[name] = str(ZoneInfo(value))
    else:
        known = ", ".join(("new", "readers", *_KINDS, "daily_at", "quiet", "timezone"))
        raise ValueError(f"is not known: {known}")


def _word(text: str) -> str:
    if text not in ("now", "hourly", "daily", "off") and not _BATCH.fullmatch(text):
        raise ValueError("must be now, 15m (or another number of minutes), hourly, daily or off")
    return text


def _clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError("must be a time like 22:00")
    return text


def next_weekly(weekly_at: str, timezone: str, now: datetime) -> datetime:
    """The next time of a day and a time like `mon 09:00`, by the clock of a time zone."""
    name, _, clock = weekly_at.partition(" ")
    zone, at = ZoneInfo(timezone), time.fromisoformat(clock)
    today = now.astimezone(zone).date()
    day = today + timedelta(days=(_DAYS.index(name) - today.weekday()) % 7)
    moment = moment_at(day, at, zone)
    return moment if moment > now else moment_at(day + timedelta(days=7), at, zone)


def tomorrow_morning(timezone: str, now: datetime) -> datetime:
    """Nine in the morning of the next day, by the clock of a time zone."""
    zone = ZoneInfo(timezone)
    return moment_at(now.astimezone(zone).date() + timedelta(days=1), DIGEST_HOUR, zone)
