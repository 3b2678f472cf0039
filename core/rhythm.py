"""When the page of a case is read next for it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.models import Case
from core.settings import Settings
from core.wallclock import moment_at

SETTLED = ("fixed", "verified")
AFTER_FIXED = (
    timedelta(minutes=2),
    timedelta(minutes=15),
    timedelta(hours=2),
    *(timedelta(days=day) for day in range(1, 31)),
)
WHILE_OPEN = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
PAST_CACHES = timedelta(hours=25)  # the first four readings after `fixed` believe no cache
CONFIRMING = timedelta(minutes=13)  # as far apart as the first two readings after `fixed`
NIGHT = time(1, 30)  # where the newsroom is
_NIGHT_SECONDS = 4 * 60 * 60
_SPREAD = 2_654_435_761  # a number without pattern: neighbouring pages get distant minutes


def begin(case: Case, before: str | None, now: datetime, settings: Settings) -> None:
    """Begin the rhythm of a status that has just been set; `before` is the one it had.

    A correction that is seen on the page goes on in the rhythm of its fixing.
    """
    if before == case.status:
        return
    if (before, case.status) != ("fixed", "verified") or case.check_since is None:
        case.check_since = now
    case.check_due_at = next_due(case, now, settings)


def next_due(case: Case, now: datetime, settings: Settings) -> datetime | None:
    """The next turn of a case after `now`, None where its page need not be read for it any more.

    After `fixed`: 2 min, 15 min, 2 h and 24 h, then daily until the thirtieth day. An open case:
    10 min, 1 h, 6 h, then every night, all cases of a page at the same minute. A dismissed case,
    one that was merged into another and one whose reader has erased its words: never.
    """
    if not case.exact or case.status == "dismissed" or case.merged_into_id is not None:
        return None
    settled = case.status in SETTLED
    since = case.check_since or now
    for mark in AFTER_FIXED if settled else WHILE_OPEN:
        turn = since + settings.scaled(mark)
        if turn > now:
            return turn
    return None if settled else _next_night(case, now, settings)


def goes_past_caches(case: Case, now: datetime, settings: Settings) -> bool:
    """Whether a settled case's page is asked for anew, whatever caches on the way keep."""
    if case.status not in SETTLED or case.check_since is None:
        return False
    return case.status == "fixed" or now <= case.check_since + settings.scaled(PAST_CACHES)


def _next_night(case: Case, now: datetime, settings: Settings) -> datetime:
    zone = ZoneInfo(case.site.timezone)
    today = now.astimezone(zone).date()
    into_it = timedelta(seconds=case.page_id * _SPREAD % _NIGHT_SECONDS)
    turn = moment_at(today, NIGHT, zone) + into_it
    if turn <= now:
        turn = moment_at(today + timedelta(days=1), NIGHT, zone) + into_it
    return now + settings.scaled(turn - now)
