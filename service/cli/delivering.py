"""Commands about channels and rules: how they fare, a test, a new secret, who hears of what."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import delivery, mailbox, rulebook, tending, triage
from core.clock import utcnow
from core.errors import FieldError, Forbidden, Invalid, NotFound, TuzetError
from core.models import Channel, RoutingPlan
from core.representations import moment
from service.cli.place import note, opened, say, site_of

_REFUSED, _LATER = 65, 75  # sysexits.h: what mail servers understand
_LARGEST_MAIL = 1024 * 1024


def list_channels(wanted: argparse.Namespace) -> int:
    """`tuzet channel list`"""
    with opened() as at, at.db.read() as session:
        items = [_channel_json(channel) for channel in tending.channels_of(session, wanted.site)]
    lines = [f"{item['id']}  {item['kind']}  {item['target']}  {item['state']}" for item in items]
    say(wanted, {"items": items}, "\n".join(lines) or "There is no channel yet: tuzet channel add")
    return 0


def test_channel(wanted: argparse.Namespace) -> int:
    """`tuzet channel test`"""
    with opened() as at:
        with at.db.read() as session:
            tending.find(session, wanted.id)
        tried = delivery.try_channel(at.db, at.settings, wanted.id, utcnow)
    told = {"delivery": tried.delivery_id, "taken": tried.fault is None, "fault": tried.fault}
    say(wanted, told, "The test was taken." if tried.fault is None else f"Not taken: {tried.fault}")
    return 0 if tried.fault is None else 1


def pause(wanted: argparse.Namespace) -> int:
    """`tuzet channel pause`"""
    return _change(
        wanted, "channel paused", lambda channel: delivery.pause(channel, "by hand", utcnow())
    )


def resume(wanted: argparse.Namespace) -> int:
    """`tuzet channel resume`"""
    return _change(wanted, "channel resumed", delivery.resume)


def set_rhythm(wanted: argparse.Namespace) -> int:
    """`tuzet channel set`"""
    pairs = [text.partition("=") for text in wanted.options]
    given = {name: value for name, _, value in pairs}
    return _change(wanted, "channel changed", lambda channel: tending.set_rhythm(channel, given))


def rotate(wanted: argparse.Namespace) -> int:
    """`tuzet channel rotate`"""
    with opened() as at, at.db.write() as session:
        channel = tending.find(session, wanted.id)
        secret = tending.rotate(channel, at.settings, utcnow())
        _note(session, "channel rotated", channel)
    text = f"The new secret, not shown again:\n{secret}\nThe old one signs beside it for a day."
    say(wanted, {"id": wanted.id, "secret": secret}, text)
    return 0


def _change(wanted: argparse.Namespace, act: str, change: Callable[[Channel], None]) -> int:
    with opened() as at, at.db.write() as session:
        channel = tending.find(session, wanted.id)
        change(channel)
        _note(session, act, channel)
        told = _channel_json(channel)
    say(wanted, told, f"Channel {wanted.id}: {told['state']}.")
    return 0


def _note(session: Session, act: str, channel: Channel) -> None:
    note(session, act, f"{channel.kind} {channel.target}", channel.site_id)


def _channel_json(channel: Channel) -> dict[str, Any]:
    stopped = channel.options.get("stopped")
    paused = "paused" if channel.paused_at else "failing" if channel.failures else "well"
    return {
        "id": channel.id,
        "site": channel.site.key,
        "kind": channel.kind,
        "target": channel.target,
        "state": "unsubscribed" if stopped else paused,
        "paused_at": moment(channel.paused_at),
        "reason": channel.paused_why,
        "options": {k: v for k, v in channel.options.items() if k not in ("api", "bot")},
    }


def add_rule(wanted: argparse.Namespace) -> int:
    """`tuzet rule add`"""
    when, then = _object("when", wanted.when), _object("then", wanted.then)
    with opened() as at, at.db.write() as session:
        site = site_of(session, wanted.site)
        rule = rulebook.add_rule(session, site, wanted.name, when, then, utcnow())
        note(session, "rule added", rule.name, site.id)
        made = {"id": rule.id}
    say(wanted, made, f"Rule {made['id']} added.")
    return 0


def list_rules(wanted: argparse.Namespace) -> int:
    """`tuzet rule list`"""
    with opened() as at, at.db.read() as session:
        items = [
            {"id": rule.id, "name": rule.name, "when": rule.when, "then": rule.then}
            for rule in rulebook.rules_of(session, site_of(session, wanted.site))
        ]
    lines = [f"{i['id']}  {i['name']}  {json.dumps(i, ensure_ascii=False)}" for i in items]
    say(wanted, {"items": items}, "\n".join(lines) or "No rules: everything goes to every channel.")
    return 0


def remove_rule(wanted: argparse.Namespace) -> int:
    """`tuzet rule remove`"""
    with opened() as at, at.db.write() as session:
        site = site_of(session, wanted.site)
        removed = rulebook.remove_rule(session, site, wanted.id)
        note(session, "rule removed", removed.name, site.id)
    say(wanted, {"id": wanted.id}, f"Rule {wanted.id} is gone.")
    return 0


def try_rules(wanted: argparse.Namespace) -> int:
    """`tuzet rule try`"""
    with opened() as at, at.db.write() as session:
        tried = rulebook.rehearse(session, site_of(session, wanted.site), utcnow())
    items = [
        {
            "case_id": each.case_id,
            "exact": each.exact,
            "rules": list(each.rules),
            "channels": list(each.channels),
            "people": list(each.people),
            "assign": each.assign,
        }
        for each in tried
    ]
    lines = [
        f"{each.case_id}  {', '.join(each.rules) or 'fallback'}  "
        f"{', '.join((*each.channels, *each.people))}"
        for each in tried
    ]
    say(wanted, {"items": items}, "\n".join(lines) or "There was no error last week.")
    return 0


def set_plan(wanted: argparse.Namespace) -> int:
    """`tuzet plan set`"""
    values = _object("values", wanted.values)
    known = {column.name for column in RoutingPlan.__table__.columns} - {
        "site_id",
        "weekly_due_at",
        "summary_due_at",
    }
    if strange := sorted(values.keys() - known):
        raise Invalid(*(FieldError(name, "is not known") for name in strange))
    with opened() as at, at.db.write() as session:
        site = site_of(session, wanted.site)
        told = _plan_json(rulebook.change_plan(session, site, values))
        note(session, "plan changed", site.name, site.id)
    say(wanted, told, json.dumps(told, ensure_ascii=False))
    return 0


def show_plan(wanted: argparse.Namespace) -> int:
    """`tuzet plan show`"""
    with opened() as at, at.db.write() as session:
        told = _plan_json(rulebook.plan_of(session, site_of(session, wanted.site)))
    say(wanted, told, json.dumps(told, ensure_ascii=False))
    return 0


def _plan_json(plan: RoutingPlan) -> dict[str, Any]:
    return {
        "match": plan.match,
        "fallback": plan.fallback,
        "thresholds": plan.thresholds,
        "remind_hours": plan.remind_hours,
        "escalate_hours": plan.escalate_hours,
        "escalate_to": plan.escalate_to,
        "weekly_at": plan.weekly_at,
        "summary_at": plan.summary_at,
    }


def add_duty(wanted: argparse.Namespace) -> int:
    """`tuzet duty add`"""
    begins, ends = _time("from", wanted.begins), _time("until", wanted.ends)
    with opened() as at, at.db.write() as session:
        site = site_of(session, wanted.site)
        made = {"id": rulebook.add_duty(session, site, wanted.person, begins, ends).id}
        note(session, "duty added", wanted.person, site.id)
    say(wanted, made, f"Turn {made['id']} added.")
    return 0


def mail_in(_wanted: argparse.Namespace) -> int:
    """`tuzet mail-in`: 0 also for what is quietly left aside; 65 and 75 as mail servers expect."""
    raw = sys.stdin.buffer.read(_LARGEST_MAIL + 1)
    if len(raw) > _LARGEST_MAIL:
        return _refuse("The mail is too large.", _REFUSED)
    try:
        with opened() as at, at.db.write() as session:
            reply = mailbox.read_reply(session, raw, at.settings)
            if reply is not None:
                case_id, text, by, to = reply.case_id, reply.text, reply.actor, reply.sent_to
                triage.note(session, case_id, text, by, utcnow(), at.settings, to)
    except (Forbidden, Invalid, NotFound) as fault:
        return _refuse(str(fault), _REFUSED)
    except TuzetError as fault:
        return _refuse(str(fault), _LATER)
    return 0


def _refuse(why: str, code: int) -> int:
    sys.stderr.write(f"tuzet: {why}{os.linesep}")
    return code


def _object(name: str, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Invalid(FieldError(name, "must be JSON")) from fault
    if not isinstance(found, dict):
        raise Invalid(FieldError(name, "must be a JSON object"))
    return found


def _time(name: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Invalid(FieldError(name, "must be a time like 2026-03-10T09:00+05:00")) from fault
    if at.tzinfo is None:
        raise Invalid(FieldError(name, "must name its zone: 2026-03-10T09:00+05:00"))
    return at


COMMANDS: dict[tuple[str, str], Callable[[argparse.Namespace], int]] = {
    ("channel", "list"): list_channels,
    ("channel", "test"): test_channel,
    ("channel", "pause"): pause,
    ("channel", "resume"): resume,
    ("channel", "rotate"): rotate,
    ("channel", "set"): set_rhythm,
    ("rule", "add"): add_rule,
    ("rule", "list"): list_rules,
    ("rule", "remove"): remove_rule,
    ("rule", "try"): try_rules,
    ("plan", "set"): set_plan,
    ("plan", "show"): show_plan,
    ("duty", "add"): add_duty,
    ("mail-in", ""): mail_in,
}
