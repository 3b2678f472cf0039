"""What a form of the desk asks for, read once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from core.errors import FieldError, Invalid
from core.triage import MOST_READERS, UNCHANGED, Change, Unchanged
from service.dashboard.forms import read_id

MORNING = time(8, 0)
EVENING = time(18, 0)
_MORE_READERS = {"3readers": 3, "10readers": 10}
LAST_DAY = date(2099, 12, 31)  # as in the API
BEYOND = "must lie before the year 2100"
_LONGEST_SNOOZE = timedelta(days=90)  # a snooze for readers who never come ends all the same

NOTHING = Change()


@dataclass(frozen=True)
class Asked:
    """One wish. Its verb stands in the button: accept, dismiss:opinion, snooze:tomorrow, merge:17.

    `change` is empty for `undo`, for `merge`, which names the case `into` which (0 stands for the
    first of the ticked ones), and for `split`,
    which names the `reports` that are to make a case of their own.
    """

    verb: str
    change: Change = NOTHING
    into: int = 0
    reports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Snoozes:
    """What a page offers to snooze until: which evening, which days, and how many readers."""

    evening: str
    first_day: date
    last_day: date = LAST_DAY
    most_readers: int = MOST_READERS


def snoozes_of(zones: Iterable[str], now: datetime) -> Snoozes:
    """What can be offered for sites in these zones: this evening only until it has come in all."""
    local = [now.astimezone(ZoneInfo(zone)) for zone in zones] or [now]
    is_over = any(at.time() >= EVENING for at in local)
    first = min(at.date() for at in local) + timedelta(days=1)
    return Snoozes("next_evening" if is_over else "evening", first)


def read_asked(form: "MultiDict[str, str]", user_email: str, zone: str, now: datetime) -> Asked:
    """Read a form's wish. Raises Invalid for one that no form of ours has.

    `typed` is what Enter in one of a form's fields means: whatever that field is for.
    """
    verb, _, detail = form.get("do", "").partition(":")
    if verb == "typed":
        verb, detail = _typed(form)
    if verb == "undo" or "undo" in form:
        return Asked("undo")
    if "take" in form:  # one of the suggestions, whatever stands in the field
        return Asked("correct", Change(suggestion=form["take"].replace("\r\n", "\n")))
    if verb == "merge":
        into = detail or form.get("into", "")
        return Asked(verb, into=0 if into == "ticked" else _into(into))
    if verb == "split":
        return Asked(verb, reports=tuple(form.getlist("report")))
    if verb == "snooze" and detail in (*_MORE_READERS, "readers"):
        more = _MORE_READERS.get(detail) or _more_readers(form.get("more_readers", ""))
        return Asked(verb, Change(snoozed_until=now + _LONGEST_SNOOZE, more_readers=more))
    if verb == "snooze":
        until = _until(detail, form.get("until", ""), ZoneInfo(zone), now)
        return Asked(verb, Change(snoozed_until=until))
    correction = "" if (verb, detail) == ("correct", "gone") else _correction(form)
    changes = {
        "accept": Change(status="accepted", suggestion=correction),
        "fixed": Change(status="fixed", suggestion=correction),
        "dismiss": Change(status="dismissed", resolution=detail or form.get("resolution")),
        "assign": Change(assignee=user_email),
        "unassign": Change(assignee=None),
        "wake": Change(snoozed_until=None),
        "correct": Change(suggestion=correction),
        "kind": Change(kind=detail or form.get("kind", "")),
    }
    if verb not in changes:
        raise Invalid(FieldError("do", "names nothing that can be done"))
    return Asked(verb, changes[verb])


def is_a_note(form: "MultiDict[str, str]") -> bool:
    """Whether a note is to be added: its button was pressed, or Enter in its fields, when no field
    of a sheet says anything."""
    if form.get("do") == "note":
        return True
    sheets = (form.get(name, "").strip() for name in ("into", "until", "more_readers"))
    return form.get("do") == "typed" and form.get("text", "").strip() != "" and not any(sheets)


def _typed(form: "MultiDict[str, str]") -> tuple[str, str]:
    if form.get("into", "").strip():
        return "merge", ""
    if form.get("more_readers", "").strip():
        return "snooze", "readers"
    if form.get("until", "").strip() or "suggestion" not in form:
        return "snooze", "date"
    return "correct", ""


def _into(text: str) -> int:
    case_id = read_id(text.strip().lstrip("#"))
    if case_id is None:
        raise Invalid(FieldError("into", "must be the number of a case"))
    return case_id


def _correction(form: "MultiDict[str, str]") -> str | Unchanged | None:
    """What stands in the correction's field, if it is not what the page had shown there.

    Who accepts a case accepts what they have typed. The queue has no such field. Browsers send
    line ends as CR LF.
    """
    typed, shown = (form.get(name, "").replace("\r\n", "\n") for name in ("suggestion", "shown"))
    if "suggestion" not in form or ("shown" in form and typed == shown):
        return UNCHANGED
    return typed if typed.strip() else None


def _until(detail: str, day_typed: str, zone: ZoneInfo, now: datetime) -> datetime:
    """When a snooze ends, in the site's time: in the evening, or in the morning of another day.

    This evening is no other one: a page that was opened before it and pressed after it is told so.
    """
    local = now.astimezone(zone)
    if detail in ("evening", "next_evening"):
        days = timedelta(days=1 if detail == "next_evening" else 0)
        evening = datetime.combine(local.date() + days, EVENING, zone)
        if evening <= now:
            raise Invalid(FieldError("until", "must be a time to come"))
        return evening.astimezone(UTC)
    if detail == "tomorrow":
        day = local.date() + timedelta(days=1)
    elif detail == "week":
        day = local.date() + timedelta(days=7 - local.weekday())
    else:
        day = _day(day_typed)
    if day <= local.date():
        raise Invalid(FieldError("until", "must be a day to come"))
    if day > LAST_DAY:
        raise Invalid(FieldError("until", BEYOND))
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def _more_readers(text: str) -> int:
    number = read_id(text.strip())
    if number is None or not 1 <= number <= MOST_READERS:
        raise Invalid(FieldError("more_readers", f"must be a number from 1 to {MOST_READERS}"))
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Invalid(FieldError("until", "must be a date like 2026-11-30")) from fault
