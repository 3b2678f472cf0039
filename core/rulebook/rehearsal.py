"""Trying rules on what has been: where the cases of the last week would have gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import notices, routing
from core.models import Case, Site

LOOKS_BACK = timedelta(days=7)
MOST_REHEARSED = 500  # the newest


@dataclass(frozen=True)
class Rehearsed:
    """Where a case of the last days would have gone. `channels`, `people` and `assign` are
    addresses; without `rules` none fitted, and it is the fallback's channels that are named."""

    case_id: int
    exact: str
    rules: tuple[str, ...]
    channels: tuple[str, ...]
    people: tuple[str, ...]
    assign: str | None


@dataclass(frozen=True)
class Gathered:
    """What would have gone the same way: one of these cases' ways, and all of the cases."""

    way: Rehearsed
    cases: tuple[Rehearsed, ...]


def gather(tried: Sequence[Rehearsed]) -> list[Gathered]:
    """Put together what goes the same way for the same rules, the most cases first."""
    ways: dict[object, list[Rehearsed]] = {}
    for each in tried:
        way = (each.rules, each.channels, each.people, each.assign)
        ways.setdefault(way, []).append(each)
    found = [Gathered(cases[0], tuple(cases)) for cases in ways.values()]
    return sorted(found, key=lambda each: -len(each.cases))


def rehearse(
    session: Session, site: Site, now: datetime, rules: Sequence[routing.Rule] | None = None
) -> list[Rehearsed]:
    """Where the cases of the last week would have gone by these rules (the site's own if None).

    Each case is judged by the hour in which its first reader sent it, with the roster of then and
    the roles and wishes of now: by what would have been owed. Nothing is sent, nothing kept.
    """
    query = (
        select(Case)
        .where(Case.site_id == site.id, Case.first_reported_at >= now - LOOKS_BACK)
        .options(joinedload(Case.page))
        .order_by(Case.first_reported_at.desc())
        .limit(MOST_REHEARSED)
    )
    cases = session.scalars(query).all()
    audience = notices.Audience(session)
    trial = session.begin_nested()  # a person's own channel is made when it is first wanted
    try:
        if rules is not None:
            audience.house(site.id).rules = list(rules)
        return [_rehearsed(audience, case) for case in cases]
    finally:
        trial.rollback()


def _rehearsed(audience: notices.Audience, case: Case) -> Rehearsed:
    at = case.first_reported_at
    audience.told(case, is_new=True)
    ways = [each.channel for each in audience.listeners(case, "created", at)]
    person = notices.assignee(audience, case, at)
    return Rehearsed(
        case_id=case.id,
        exact=case.exact,
        rules=audience.route(case, at).rules,
        channels=tuple(
            each.target for each in ways if each.user_id is None and each.kind != "webhook"
        ),
        people=tuple(each.target for each in ways if each.user_id is not None),
        assign=person.email if person is not None else None,
    )
