"""What a rule's conditions and a site's plan may say."""

import re
from collections.abc import Iterator
from typing import Any

from core import routing
from core.errors import FieldError
from core.priority import HIGHEST
from core.workflow import KINDS

_WEEKLY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):[0-5]\d")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_LISTS = {
    "section": None,
    "author": None,
    "language": None,
    "kind": KINDS,
    "weekdays": routing.WEEKDAYS,
}
_LONGEST_WAIT = 8_760  # hours: a year
_LARGEST = 2**31 - 1


def faults_of_conditions(when: dict[str, Any]) -> Iterator[FieldError]:
    """What is wrong with a rule's `when`."""
    for name, value in when.items():
        fault = _fault(name, value)
        if fault is not None:
            yield FieldError(f"when.{name}", fault)


def _fault(name: str, value: object) -> str | None:
    if name in _LISTS:
        return _fault_of_list(value, _LISTS[name])
    if name == "hours":
        return _fault_of_hours(value)
    if name == "priority_from":
        fits = is_number(value, -_LARGEST, HIGHEST)
        return None if fits else f"must be a whole number, at most {HIGHEST}: no case has more"
    if name == "url":
        fits = isinstance(value, str) and 1 <= len(value) <= 500
        return None if fits else "must be a pattern like https://example.kz/sport/*"
    return f"is not known: {', '.join(routing.CONDITIONS)}"


def _fault_of_list(value: object, known: tuple[str, ...] | None) -> str | None:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        return "must be a list of words"
    if known is not None and not set(value) <= set(known):
        return f"must be of {', '.join(known)}"
    return None


def _fault_of_hours(value: object) -> str | None:
    fault = "must be two different times like 08:00 and 18:00"
    if not isinstance(value, list) or len(value) != 2:
        return fault
    fits = all(isinstance(text, str) and _CLOCK.fullmatch(text) for text in value)
    return None if fits and value[0] != value[1] else fault


def faults_of_plan(wanted: dict[str, Any]) -> Iterator[FieldError]:
    """What is wrong with a plan, apart from the people and channels that it names."""
    if wanted.get("match", "all") not in ("all", "first"):
        yield FieldError("match", "must be all or first")
    for name in ("remind_hours", "escalate_hours"):
        if wanted.get(name) is not None and not is_number(wanted[name], 1, _LONGEST_WAIT):
            yield FieldError(name, f"must be 1 to {_LONGEST_WAIT} hours")
    thresholds = wanted.get("thresholds", [])
    if not isinstance(thresholds, list):
        yield FieldError("thresholds", "must be a list of numbers of readers")
    elif not all(is_number(number, 2) for number in thresholds):
        yield FieldError("thresholds", "must be 2 or more readers")
    for name in ("weekly_at", "summary_at"):
        at = wanted.get(name)
        if at and not (isinstance(at, str) and _WEEKLY.fullmatch(at)):
            yield FieldError(name, "must be a day and a time like mon 09:00")


def comes_too_early(remind_hours: object, escalate_hours: object) -> bool:
    """Whether a case would be passed on before whoever has it is reminded of it."""
    return (
        isinstance(remind_hours, int)
        and isinstance(escalate_hours, int)
        and escalate_hours < remind_hours
    )


def is_number(value: object, least: int, most: int = _LARGEST) -> bool:
    """Whether something is a whole number between two others."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def are_numbers(value: object) -> bool:
    """Whether something is a list of numbers that rows may have."""
    return isinstance(value, list) and all(is_number(each, 1) for each in value)
