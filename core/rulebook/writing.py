"""A site's rules for who hears of what: written, listed, changed, moved and taken away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import routing
from core.errors import FieldError, Invalid, NotFound
from core.models import Channel, RoutingRule, Site, User
from core.rights import rights_of
from core.rulebook.checks import are_numbers, faults_of_conditions

_NAME_LENGTH = 100


@dataclass(frozen=True)
class Draft:
    """A rule as somebody writes it: `people` and `assign` may be addresses."""

    name: str
    when: Mapping[str, Any]
    then: Mapping[str, Any]


def read_rule(session: Session, site: Site, draft: Draft) -> routing.Rule:
    """A rule that is written down nowhere yet, with people's numbers. Raises Invalid naming each
    wrong part."""
    faults = list(faults_of_conditions(dict(draft.when)))
    name = " ".join(draft.name.split())
    if not 1 <= len(name) <= _NAME_LENGTH:
        faults.append(FieldError("name", f"must have 1 to {_NAME_LENGTH} characters"))
    then = _read_then(session, site, dict(draft.then), faults)
    if faults:
        raise Invalid(*faults)
    return routing.Rule(0, name, dict(draft.when), then)


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
    read = read_rule(session, site, Draft(name, when, then))
    last = session.scalar(
        select(func.max(RoutingRule.position)).where(RoutingRule.site_id == site.id)
    )
    rule = RoutingRule(
        site_id=site.id,
        position=(last or 0) + 1,
        name=read.name,
        when=dict(read.when),
        then=dict(read.then),
        created_at=now,
    )
    session.add(rule)
    session.flush()
    return rule


def change_rule(session: Session, site: Site, rule_id: int, draft: Draft) -> RoutingRule:
    """Write a rule anew where it stands. Raises NotFound, Invalid."""
    rule = find_rule(session, site, rule_id)
    read = read_rule(session, site, draft)
    rule.name, rule.when, rule.then = read.name, dict(read.when), dict(read.then)
    return rule


def move_rule(session: Session, site: Site, rule_id: int, to: int) -> RoutingRule:
    """Put a rule at a place in the order, counted from 1; beyond the ends is at the end."""
    rule = find_rule(session, site, rule_id)
    order = [each for each in rules_of(session, site) if each.id != rule.id]
    order.insert(max(to - 1, 0), rule)
    for place, each in enumerate(order, start=1):
        each.position = place
    return rule


def rules_of(session: Session, site: Site) -> list[RoutingRule]:
    """The rules of a site in their order."""
    query = select(RoutingRule).where(RoutingRule.site_id == site.id)
    return list(session.scalars(query.order_by(RoutingRule.position, RoutingRule.id)))


def find_rule(session: Session, site: Site, rule_id: int) -> RoutingRule:
    """One rule of a site. Raises NotFound."""
    rule = session.get(RoutingRule, rule_id)
    if rule is None or rule.site_id != site.id:
        raise NotFound(f"The site has no rule {rule_id}.")
    return rule


def remove_rule(session: Session, site: Site, rule_id: int) -> RoutingRule:
    """Take a rule away. Raises NotFound."""
    rule = find_rule(session, site, rule_id)
    session.delete(rule)
    return rule


def draft_of(session: Session, rule: RoutingRule) -> Draft:
    """A rule as one writes it, with people's addresses."""
    then = dict(rule.then)
    if then.get("people"):
        then["people"] = [
            email for number in then["people"] if (email := email_of(session, number))
        ]
    if isinstance(then.get("assign"), int):
        then["assign"] = email_of(session, then["assign"])
    return Draft(rule.name, rule.when, then)


def email_of(session: Session, number: int | None) -> str | None:
    """The address of a person, if there still is one of that number."""
    user = session.get(User, number) if number else None
    return user.email if user else None


def editor(session: Session, site: Site, email: object) -> User | None:
    """The person of that address, if they may decide on the site."""
    if not isinstance(email, str):
        return None
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    return user if user is not None and rights_of(user).may("editor", site.id) else None


def are_channels(session: Session, site: Site, numbers: object) -> bool:
    """Whether this is a list of channels of the site, by their numbers."""
    if not isinstance(numbers, list) or not are_numbers(numbers):
        return False
    query = select(Channel).where(Channel.site_id == site.id, Channel.id.in_(set(numbers)))
    found = [each for each in session.scalars(query) if not each.options.get("removed")]
    return len(found) == len(set(numbers))


def _read_then(
    session: Session, site: Site, then: dict[str, Any], faults: list[FieldError]
) -> dict[str, Any]:
    read = dict(then)
    known = ", ".join(routing.OUTCOMES)
    strange = sorted(then.keys() - set(routing.OUTCOMES))
    faults += [FieldError(f"then.{name}", f"is not known: {known}") for name in strange]
    if not any(then.get(name) for name in routing.OUTCOMES):
        faults.append(FieldError("then", "must say where it goes"))
    if not are_channels(session, site, then.get("channels", [])):
        faults.append(FieldError("then.channels", "must be numbers of channels of the site"))
    named = then.get("people", [])
    people = [editor(session, site, email) for email in named] if isinstance(named, list) else []
    if None in people or not isinstance(named, list):
        faults.append(FieldError("then.people", "must be addresses of editors of this site"))
    elif people:
        read["people"] = [person.id for person in people if person is not None]
    if then.get("assign") and then["assign"] != "duty":
        person = editor(session, site, then["assign"])
        if person is None:
            faults.append(FieldError("then.assign", "must be duty or an editor's address"))
        else:
            read["assign"] = person.id
    return read
