"""A site's rules for who hears of what: written, listed and taken away; its plan and its roster."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import routing
from core.errors import FieldError, Invalid, NotFound
from core.models import Channel, Duty, RoutingPlan, RoutingRule, Site, User
from core.rights import rights_of
from core.rulebook.checks import faults_of_conditions, faults_of_plan


def add_rule(
    session: Session,
    site: Site,
    name: str,
    when: dict[str, Any],
    then: dict[str, Any],
    now: datetime,
) -> RoutingRule:
    """A rule after those that the site has. Raises Invalid naming each wrong part.

    `when` and `then` are as core.routing.Rule says; `people` and `assign` may be addresses here.
    """
    faults = list(faults_of_conditions(when))
    name = " ".join(name.split())
    if not 1 <= len(name) <= 100:
        faults.append(FieldError("name", "must have 1 to 100 characters"))
    then = _read_then(session, site, then, faults)
    if faults:
        raise Invalid(*faults)
    last = session.scalar(
        select(func.max(RoutingRule.position)).where(RoutingRule.site_id == site.id)
    )
    rule = RoutingRule(
        site_id=site.id, position=(last or 0) + 1, name=name, when=when, then=then, created_at=now
    )
    session.add(rule)
    session.flush()
    return rule


def rules_of(session: Session, site: Site) -> list[RoutingRule]:
    """The rules of a site in their order."""
    query = select(RoutingRule).where(RoutingRule.site_id == site.id)
    return list(session.scalars(query.order_by(RoutingRule.position, RoutingRule.id)))


def remove_rule(session: Session, site: Site, rule_id: int) -> None:
    """Take a rule away. Raises NotFound."""
    rule = session.get(RoutingRule, rule_id)
    if rule is None or rule.site_id != site.id:
        raise NotFound(f"The site has no rule {rule_id}.")
    session.delete(rule)


def plan_of(session: Session, site: Site) -> RoutingPlan:
    """What a site has settled about its messages as a whole, made when first asked for."""
    plan = session.get(RoutingPlan, site.id)
    if plan is None:
        plan = RoutingPlan(site_id=site.id, match="all", fallback=[], thresholds=[])
        session.add(plan)
        session.flush()
    return plan


def change_plan(session: Session, site: Site, wanted: dict[str, Any]) -> RoutingPlan:
    """Settle some of `match`, `fallback` (channels), `thresholds` (numbers of readers),
    `remind_hours`, `escalate_hours`, `escalate_to` (an address), `weekly_at` (`mon 09:00`).

    Raises Invalid.
    """
    plan = plan_of(session, site)
    faults = list(faults_of_plan(wanted))
    if not _are_channels(session, site, wanted.get("fallback", [])):
        faults.append(FieldError("fallback", "must name channels of the site"))
    if wanted.get("escalate_to"):
        person = _editor(session, site, wanted["escalate_to"])
        wanted = {**wanted, "escalate_to": person.id if person else None}
        if person is None:
            faults.append(FieldError("escalate_to", "must be the address of an editor"))
    if faults:
        raise Invalid(*faults)
    for name, value in wanted.items():
        setattr(plan, name, value)
    if "weekly_at" in wanted:
        plan.weekly_due_at = None
    return plan


def add_duty(
    session: Session, site: Site, email: str, begins_at: datetime, ends_at: datetime
) -> Duty:
    """A person's turn on the roster. Of two that overlap the later beginning counts."""
    person = _editor(session, site, email)
    if person is None:
        raise Invalid(FieldError("person", "must be the address of an editor of this site"))
    if ends_at <= begins_at:
        raise Invalid(FieldError("ends_at", "must be after the beginning"))
    duty = Duty(site_id=site.id, user_id=person.id, begins_at=begins_at, ends_at=ends_at)
    session.add(duty)
    session.flush()
    return duty


def _read_then(
    session: Session, site: Site, then: dict[str, Any], faults: list[FieldError]
) -> dict[str, Any]:
    read = dict(then)
    known = ", ".join(routing.OUTCOMES)
    strange = sorted(then.keys() - set(routing.OUTCOMES))
    faults += [FieldError(f"then.{name}", f"is not known: {known}") for name in strange]
    if not any(then.get(name) for name in routing.OUTCOMES):
        faults.append(FieldError("then", "must say where it goes"))
    if not _are_channels(session, site, then.get("channels", [])):
        faults.append(FieldError("then.channels", "must be numbers of channels of the site"))
    people = [_editor(session, site, email) for email in then.get("people", [])]
    if None in people:
        faults.append(FieldError("then.people", "must be addresses of editors of this site"))
    elif people:
        read["people"] = [person.id for person in people if person is not None]
    if then.get("assign") and then["assign"] != "duty":
        person = _editor(session, site, then["assign"])
        if person is None:
            faults.append(FieldError("then.assign", "must be duty or an editor's address"))
        else:
            read["assign"] = person.id
    return read


def _are_channels(session: Session, site: Site, numbers: Sequence[int]) -> bool:
    query = select(func.count()).where(Channel.site_id == site.id, Channel.id.in_(set(numbers)))
    return session.scalar(query) == len(set(numbers))


def _editor(session: Session, site: Site, email: str) -> User | None:
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    return user if user is not None and rights_of(user).may("editor", site.id) else None
