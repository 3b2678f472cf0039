"""Trying rules on what has been: where the cases of the last week would have gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import routing
from core.models import Case, Channel, Site, User
from core.rulebook.planning import plan_of
from core.rulebook.writing import rules_of

LOOKS_BACK = timedelta(days=7)
_MOST_REHEARSED = 500


@dataclass(frozen=True)
class Rehearsed:
    """Where a case of the last days would have gone. `channels` and `people` are addresses."""

    case_id: int
    exact: str
    rules: tuple[str, ...]
    channels: tuple[str, ...]
    people: tuple[str, ...]
    assign: str | None


def rehearse(
    session: Session, site: Site, now: datetime, rules: Sequence[routing.Rule] | None = None
) -> list[Rehearsed]:
    """Where the cases of the last week would have gone by these rules (the site's own if None).

    Each case is judged by the hour in which its first reader sent it. Nothing is sent.
    """
    if rules is None:
        rules = [
            routing.Rule(rule.id, rule.name, rule.when, rule.then)
            for rule in rules_of(session, site)
        ]
    match = plan_of(session, site).match
    query = (
        select(Case)
        .where(Case.site_id == site.id, Case.first_reported_at >= now - LOOKS_BACK)
        .options(joinedload(Case.page))
        .order_by(Case.first_reported_at.desc())
        .limit(_MOST_REHEARSED)
    )
    return [_rehearsed(session, site, case, rules, match) for case in session.scalars(query)]


def _rehearsed(
    session: Session, site: Site, case: Case, rules: Sequence[routing.Rule], match: str
) -> Rehearsed:
    facts = routing.facts_of(case, case.page, site.timezone, case.first_reported_at)
    way = routing.route(rules, match, facts)
    channels = [session.get(Channel, number) for number in way.channels]
    people = [session.get(User, number) for number in way.people]
    assign = way.assign
    person = session.get(User, assign) if isinstance(assign, int) else None
    roles = [name for name, wanted in (("duty", way.duty), ("author", way.authors)) if wanted]
    return Rehearsed(
        case_id=case.id,
        exact=case.exact,
        rules=way.rules,
        channels=tuple(channel.target for channel in channels if channel is not None),
        people=(*(user.email for user in people if user is not None), *roles),
        assign=person.email if person else (str(assign) if assign else None),
    )
