"""Who hears of what: a site's rules in their order, tried on last week, and its plan."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import accounts, rulebook, tending
from core.clock import utcnow
from core.errors import FieldError, Invalid
from core.models import RoutingPlan, Site
from core.routing import WEEKDAYS
from core.rulebook import Draft, Rehearsed
from service.context import service
from service.dashboard.access import needs, spoken, visit
from service.dashboard.settings.frame import locked_site_of, settings_page, site_of
from service.dashboard.settings.meanwhile import Overtaken, check_seen, mark_of
from service.dashboard.settings.ruleforms import faults_of, shown_rule, typed_plan, typed_rule
from service.dashboard.settings.rulewords import channel_name, conditions, outcomes, weekday_word

_PLANNED = (
    *("match", "fallback", "thresholds", "remind_hours"),
    *("escalate_hours", "escalate_to", "weekly_at", "summary_at"),
)


def register(blueprint: Blueprint) -> None:
    """The rules of a site."""
    at = "/settings/<int:site_id>/rules"
    blueprint.get(at)(rules)
    blueprint.get(f"{at}/new")(new_rule)
    blueprint.post(f"{at}/new")(add_rule)
    blueprint.get(f"{at}/rehearsal")(rehearsal)
    blueprint.post(f"{at}/plan")(set_plan)
    blueprint.get(f"{at}/<int:rule_id>")(rule)
    blueprint.post(f"{at}/<int:rule_id>")(save_rule)
    blueprint.post(f"{at}/<int:rule_id>/move")(move_rule)
    blueprint.post(f"{at}/<int:rule_id>/remove")(remove_rule)


@needs("admin")
def rules(site_id: int) -> Response:
    """The rules in their order, the plan, and who is on duty."""
    return rules_page(site_id, 200)


@needs("admin")
def new_rule(site_id: int) -> Response:
    """A form for a new rule."""
    return _form(site_id, None, Draft("", {}, {}), 200)


@needs("admin")
def add_rule(site_id: int) -> Response:
    """A rule after the others; or only try it."""
    return _write(site_id, None)


@needs("admin")
def rule(site_id: int, rule_id: int) -> Response:
    """A form for a rule that there is."""
    with service().db.read() as session:
        found = rulebook.find_rule(session, site_of(session, site_id), rule_id)
        draft = rulebook.draft_of(session, found)
    return _form(site_id, rule_id, draft, 200, seen=mark_of(vars(draft)))


@needs("admin")
def save_rule(site_id: int, rule_id: int) -> Response:
    """Write a rule anew; or only try it."""
    return _write(site_id, rule_id)


@needs("admin")
def move_rule(site_id: int, rule_id: int) -> Response:
    """One place up or down."""
    step = 1 if request.form.get("to") == "down" else -1
    with service().db.write() as session:
        site = site_of(session, site_id)
        found = rulebook.find_rule(session, site, rule_id)
        place = rulebook.rules_of(session, site).index(found) + 1
        rulebook.move_rule(session, site, rule_id, max(place + step, 1))
        _note(session, site, "rule changed", found.name)
    return _back(site_id, "saved")


@needs("admin")
def remove_rule(site_id: int, rule_id: int) -> Response:
    """A rule is taken away."""
    with service().db.write() as session:
        site = site_of(session, site_id)
        removed = rulebook.remove_rule(session, site, rule_id)
        _note(session, site, "rule removed", removed.name)
    return _back(site_id, "removed")


@needs("admin")
def rehearsal(site_id: int) -> Response:
    """Where the errors of the last week would have gone."""
    with service().db.write() as session:
        site = site_of(session, site_id)
        tried = _tried(session, site, rulebook.rehearse(session, site, utcnow()))
    return settings_page("desk/settings/rehearsal.html", site, tried=tried)


@needs("admin")
def set_plan(site_id: int) -> Response:
    """What the site settles as a whole."""
    try:
        with service().db.write() as session:
            site = locked_site_of(session, site_id)
            check_seen(_standing(rulebook.plan_of(session, site)))
            _change_plan(session, site)
            _note(session, site, "plan changed", site.name)
    except Overtaken as other:
        return rules_page(site_id, 409, plan_typed=request.form, **other.shown)
    except Invalid as wrong:
        return rules_page(site_id, 422, faults=faults_of(wrong), plan_typed=request.form)
    return _back(site_id, "saved")


def _change_plan(session: Session, site: Site) -> None:
    """Settle what the form says. Raises Invalid with all that is wrong, not the first alone."""
    plan, faults = typed_plan(request.form)
    try:
        rulebook.change_plan(session, site, plan)
    except Invalid as wrong:
        raise Invalid(*faults, *wrong.errors) from wrong
    if faults:
        raise Invalid(*faults)


def rules_page(site_id: int, status: int, **values: Any) -> Response:
    """The page of the rules; forms of the roster are answered with it, too."""
    now, t = utcnow(), spoken()
    with service().db.write() as session:
        site = site_of(session, site_id)
        people = {user.id: user for user in accounts.editors(session, frozenset({site.id}))}
        channels = tending.channels_of(session, site.key)
        drafts = [
            (each.id, rulebook.draft_of(session, each)) for each in rulebook.rules_of(session, site)
        ]
        plan = rulebook.plan_of(session, site)
        escalates_to = rulebook.email_of(session, plan.escalate_to)
        turns = rulebook.roster(session, site, now)
    names = {channel.id: channel_name(t, channel) for channel in channels}
    listed = [
        (number, draft.name, conditions(t, draft.when), outcomes(t, draft.then, names))
        for number, draft in drafts
    ]
    shown = {"plan_typed": None, "duty_typed": {}, "seen": mark_of(_standing(plan)), **values}
    return settings_page(
        "desk/settings/rules.html",
        site,
        status,
        listed=listed,
        plan=plan,
        escalates_to=escalates_to,
        channels=[each for each in channels if each.kind != "webhook" and each.user_id is None],
        people=people,
        turns=turns,
        on_duty=rulebook.on_duty(turns, now),
        weekdays=[(day, weekday_word(t, day)) for day in WEEKDAYS],
        **shown,
    )


def _write(site_id: int, rule_id: int | None) -> Response:
    now, tried = utcnow(), None
    draft, faults = typed_rule(request.form)
    try:
        with service().db.write() as session:
            site = locked_site_of(session, site_id)
            if rule_id is not None:
                there = rulebook.find_rule(session, site, rule_id)
                check_seen(vars(rulebook.draft_of(session, there)))
            _check(session, site, draft, faults)
            if request.form.get("do") == "try":
                rule = rulebook.read_rule(session, site, draft)
                tried = _tried(session, site, rulebook.rehearse(session, site, now, [rule]), True)
            elif rule_id is None:
                when, then = dict(draft.when), dict(draft.then)
                made = rulebook.add_rule(session, site, draft.name, when, then, now)
                _note(session, site, "rule added", made.name)
            else:
                changed = rulebook.change_rule(session, site, rule_id, draft)
                _note(session, site, "rule changed", changed.name)
    except Overtaken as other:
        return _form(site_id, rule_id, draft, 409, **other.shown)
    except Invalid as wrong:
        return _form(site_id, rule_id, draft, 422, faults=faults_of(wrong))
    if tried is not None:
        return _form(site_id, rule_id, draft, 200, tried=tried)
    return _back(site_id, "saved")


def _check(session: Session, site: Site, draft: Draft, faults: list[FieldError]) -> None:
    """Raises Invalid naming what is no number, and then all else that is wrong as well."""
    if not faults:
        return
    try:
        rulebook.read_rule(session, site, draft)
    except Invalid as wrong:
        raise Invalid(*faults, *wrong.errors) from wrong
    raise Invalid(*faults)


def _form(site_id: int, rule_id: int | None, draft: Draft, status: int, **values: Any) -> Response:
    t = spoken()
    with service().db.read() as session:
        site = site_of(session, site_id)
        people = accounts.editors(session, frozenset({site.id}))
        channels = tending.channels_of(session, site.key)
    of = shown_rule(draft)
    if "faults" in values:
        of = {**of, **{name: request.form.get(name, "") for name in ("url", "priority_from")}}
    return settings_page(
        "desk/settings/rule.html",
        site,
        status,
        rule_id=rule_id,
        of=of,
        people=people,
        channels=[each for each in channels if each.kind != "webhook" and each.user_id is None],
        weekdays=[(day, weekday_word(t, day)) for day in WEEKDAYS],
        **{"tried": None, **values},
    )


def _tried(
    session: Session, site: Site, found: list[Rehearsed], only_fitting: bool = False
) -> dict[str, object]:
    """What the table of a rehearsal shows: ways with their cases, and kinds of the channels."""
    kinds = {each.target: each.kind for each in tending.channels_of(session, site.key)}
    fitting = [each for each in found if each.rules] if only_fitting else found
    is_cut = len(found) >= rulebook.MOST_REHEARSED
    return {
        "ways": rulebook.gather(fitting),
        "kinds": kinds,
        "is_cut": is_cut,
        "looked_at": len(found),
    }


def _standing(plan: RoutingPlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in _PLANNED}


def _note(session: Session, site: Site, act: str, subject: str) -> None:
    accounts.note_act(session, visit().user.email, act, subject, site.id, utcnow())


def _back(site_id: int, done: str) -> Response:
    return redirect(url_for("desk.rules", site_id=site_id, done=done), 303)
