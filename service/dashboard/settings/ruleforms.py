"""A rule and a plan as their forms have them, read and shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from core.errors import FieldError, Invalid
from core.rulebook import Draft
from core.workflow import KINDS

_LARGEST = 10**6
Form = MultiDict[str, str]


def typed_rule(form: Form) -> tuple[Draft, list[FieldError]]:
    """The rule that a form says, and which of its fields are no numbers."""
    priority, faults = _text(form, "priority_from"), []
    if priority and not _is_number(priority):
        faults.append(FieldError("priority_from", "must be a whole number"))
    when: dict[str, Any] = {
        "section": _lines(form, "section"),
        "author": _lines(form, "author"),
        "language": form.getlist("language"),
        "kind": [kind for kind in form.getlist("kind") if kind in KINDS],
        "weekdays": form.getlist("weekdays"),
        "url": _text(form, "url"),
        "priority_from": None if faults else _number(form, "priority_from"),
        "hours": [_text(form, "hours_from"), _text(form, "hours_until")],
    }
    if when["hours"] == ["", ""]:
        when["hours"] = []
    then: dict[str, Any] = {
        "channels": [int(text) for text in form.getlist("channels") if _is_number(text)],
        "people": [text.replace("\0", "") for text in form.getlist("people")],
        "assign": _text(form, "assign"),
        "duty": "duty" in form,
        "authors": "authors" in form,
    }
    draft = Draft(
        _text(form, "name"),
        {name: value for name, value in when.items() if value not in ("", None, [])},
        {name: value for name, value in then.items() if value},
    )
    return draft, faults


def shown_rule(draft: Draft) -> dict[str, Any]:
    """The values of a rule's fields."""
    hours = draft.when.get("hours") or ["", ""]
    lines = {name: "\n".join(draft.when.get(name, [])) for name in ("section", "author")}
    times = {"hours_from": hours[0], "hours_until": hours[1]}
    return {"name": draft.name, **draft.when, **draft.then, **lines, **times}


def typed_plan(form: Form) -> tuple[dict[str, Any], list[FieldError]]:
    """What a form says of a site's plan, and which of its fields are no numbers."""
    thresholds = _text(form, "thresholds").replace(",", " ").split()
    numbers = ("remind_hours", "escalate_hours")
    faults = [
        FieldError(name, "must be a whole number")
        for name in numbers
        if _text(form, name) and not _is_number(_text(form, name))
    ]
    if not all(_is_number(text) for text in thresholds):
        faults.append(FieldError("thresholds", "must be numbers"))
        thresholds = []
    wrong = {fault.field for fault in faults}
    hours = {name: None if name in wrong else _number(form, name) for name in numbers}
    plan = {
        "match": _text(form, "match") or "all",
        "fallback": [int(text) for text in form.getlist("fallback") if _is_number(text)],
        "thresholds": sorted({int(text) for text in thresholds}),
        **hours,
        "escalate_to": _text(form, "escalate_to") or None,
        "weekly_at": _weekly(form, "weekly"),
        "summary_at": _weekly(form, "summary"),
    }
    return plan, faults


def typed_moment(form: Form, name: str, zone: str) -> datetime:
    """A day and a time by the clock of the newsroom. Raises Invalid."""
    try:
        at = datetime.fromisoformat(_text(form, name)).replace(tzinfo=ZoneInfo(zone))
    except ValueError as fault:
        raise Invalid(FieldError(name, "must be a day and a time")) from fault
    if not 2000 <= at.year < 2100:
        raise Invalid(FieldError(name, "must lie between the years 2000 and 2100"))
    return at


def faults_of(wrong: Invalid) -> Mapping[str, str]:
    """Which fields are wrong, by the last part of their names."""
    return {error.field.rpartition(".")[2]: error.message for error in wrong.errors}


def _text(form: Form, name: str) -> str:
    return form.get(name, "").replace("\0", "").strip()


def _lines(form: Form, name: str) -> list[str]:
    lines = (" ".join(line.split()) for line in _text(form, name).splitlines())
    return [line for line in lines if line][:50]


def _weekly(form: Form, name: str) -> str | None:
    day = _text(form, f"{name}_day")
    return f"{day} {_text(form, f'{name}_time') or '09:00'}" if day else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:9]) <= _LARGEST and len(text) < 10


def _number(form: Form, name: str) -> int | None:
    text = _text(form, name)
    if not text:
        return None
    if not _is_number(text):
        raise Invalid(FieldError(name, "must be a whole number"))
    return int(text)
