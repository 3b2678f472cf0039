"""Who hears of what, for programs that administer a site: rules, and the site's plan."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from core import accounts, queries, rulebook
from core.clock import utcnow
from core.errors import NotFound
from core.models import RoutingRule, Site
from service.api import shapes
from service.api.callers import Caller
from service.api.channels import administered_ids
from service.api.narrowing import administered
from service.api.operations import operation
from service.context import service

blueprint = Blueprint("rules", __name__)


@operation(
    blueprint,
    "/rules",
    "List rules",
    shapes.RuleList,
    query=shapes.RulesQuery,
    refusals=(403,),
)
def index(caller: Caller, query: shapes.RulesQuery) -> dict[str, Any]:
    """The rules of the sites that the caller administers, each site’s in their order."""
    with service().db.read() as session:
        found = queries.sites(session, administered_ids(session, caller, query.site))
        items = [
            _rule_json(session, site, rule)
            for site in found
            for rule in rulebook.rules_of(session, site)
        ]
    return {"items": items, "next": None}


@operation(
    blueprint,
    "/rules",
    "Add a rule",
    shapes.RuleOut,
    method="POST",
    body=shapes.RuleIn,
    refusals=(403, 404),
)
def add(caller: Caller, body: shapes.RuleIn) -> dict[str, Any]:
    """A rule after the others."""
    given = body.model_dump(exclude_unset=True)
    with service().db.write() as session:
        site = administered(session, caller, body.site)
        when, then = given.get("when", {}), given["then"]
        rule = rulebook.add_rule(session, site, body.name, when, then, utcnow())
        _note(session, caller, "rule added", rule.name, site)
        return _rule_json(session, site, rule)


@operation(
    blueprint,
    "/rules/<int:rule_id>",
    "Change a rule",
    shapes.RuleOut,
    method="PATCH",
    body=shapes.RulePatch,
    refusals=(403, 404),
)
def change(caller: Caller, rule_id: int, body: shapes.RulePatch) -> dict[str, Any]:
    """Its name, conditions, outcomes or place. `when` and `then` are replaced as wholes."""
    given = body.model_dump(exclude_unset=True)
    with service().db.write() as session:
        site, rule = _found(session, caller, rule_id)
        if given.keys() & {"name", "when", "then"}:
            was = rulebook.draft_of(session, rule)
            draft = rulebook.Draft(
                given.get("name", was.name),
                given.get("when", was.when),
                given.get("then", was.then),
            )
            rule = rulebook.change_rule(session, site, rule_id, draft)
        if "position" in given:
            rulebook.move_rule(session, site, rule_id, body.position)
        _note(session, caller, "rule changed", rule.name, site)
        return _rule_json(session, site, rule)


@operation(
    blueprint,
    "/rules/<int:rule_id>",
    "Remove a rule",
    shapes.Gone,
    method="DELETE",
    refusals=(403, 404),
)
def remove(caller: Caller, rule_id: int) -> dict[str, Any]:
    """A rule is taken away."""
    with service().db.write() as session:
        site, rule = _found(session, caller, rule_id)
        rulebook.remove_rule(session, site, rule_id)
        _note(session, caller, "rule removed", rule.name, site)
    return {"id": rule_id}


@operation(
    blueprint,
    "/rules/rehearse",
    "Try rules on the last week",
    shapes.RehearsedList,
    method="POST",
    body=shapes.RehearsalIn,
    refusals=(403, 404),
)
def rehearse(caller: Caller, body: shapes.RehearsalIn) -> dict[str, Any]:
    """Where the cases of the last week would have gone. Nothing is sent, nothing kept."""
    given = body.model_dump(exclude_unset=True).get("rules")
    with service().db.write() as session:
        site = administered(session, caller, body.site)
        rules = None
        if given is not None:
            rules = [
                rulebook.read_rule(
                    session, site, rulebook.Draft(each["name"], each.get("when", {}), each["then"])
                )
                for each in given
            ]
        tried = rulebook.rehearse(session, site, utcnow(), rules)
    items = [
        {
            **vars(each),
            "rules": list(each.rules),
            "channels": list(each.channels),
            "people": list(each.people),
        }
        for each in tried
    ]
    return {"items": items, "next": None}


@operation(
    blueprint,
    "/plans/<site_key>",
    "What a site has settled",
    shapes.PlanOut,
    refusals=(403, 404),
)
def plan(caller: Caller, site_key: str) -> dict[str, Any]:
    """First match or all, fallback, thresholds, reminders, the weekly list."""
    with service().db.write() as session:
        return _plan_json(session, administered(session, caller, site_key))


@operation(
    blueprint,
    "/plans/<site_key>",
    "Settle some of it",
    shapes.PlanOut,
    method="PATCH",
    body=shapes.PlanPatch,
    refusals=(403, 404),
)
def change_plan(caller: Caller, site_key: str, body: shapes.PlanPatch) -> dict[str, Any]:
    """What is not named stays."""
    given = body.model_dump(exclude_unset=True)
    with service().db.write() as session:
        site = administered(session, caller, site_key)
        rulebook.change_plan(session, site, given)
        _note(session, caller, "plan changed", site.name, site)
        return _plan_json(session, site)


def _found(session: Session, caller: Caller, rule_id: int) -> tuple[Site, RoutingRule]:
    rule = session.get(RoutingRule, rule_id)
    if rule is None:
        raise NotFound(f"There is no rule {rule_id}.")
    caller.rights.demand("admin", rule.site_id)
    return session.get_one(Site, rule.site_id), rule


def _note(session: Session, caller: Caller, act: str, subject: str, site: Site) -> None:
    accounts.note_act(session, caller.user.email, act, subject, site.id, utcnow())


def _rule_json(session: Session, site: Site, rule: RoutingRule) -> dict[str, Any]:
    draft = rulebook.draft_of(session, rule)
    facts: Mapping[str, Any] = {"name": draft.name, "when": draft.when, "then": draft.then}
    return {"id": rule.id, "site": site.key, "position": rule.position, **facts}


def _plan_json(session: Session, site: Site) -> dict[str, Any]:
    found = rulebook.plan_of(session, site)
    hours = ("remind_hours", "escalate_hours")
    names = ("match", "fallback", "thresholds", *hours, "weekly_at", "summary_at")
    told = {name: getattr(found, name) for name in names}
    person = rulebook.email_of(session, found.escalate_to)
    return {"site": site.key, **told, "escalate_to": person}
