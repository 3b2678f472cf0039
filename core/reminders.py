"""What waits too long: reminders, the next person, and the weekly list of what is still open."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload

from core import notices
from core.cadence import next_weekly
from core.db import Database
from core.models import Case, Channel, Delivery, RoutingPlan, Site
from core.settings import Settings
from core.workflow import OPEN

MOST_AT_ONCE = 200
LISTED = 50


def remind_due(db: Database, settings: Settings, now: datetime) -> int:
    """Owe the messages about what waits; returns how many. Safe to run twice.

    A case that nobody has decided about for the site's hours is brought back once: to who has it
    in hand, else to who is on duty, else to the channels that heard of it. After more hours it
    goes on, once, to the person whom the site names. Whoever decides on the site no more hears of
    none of this; the next in the row hears instead. What is snoozed is left alone. Once a week each
    channel gets the list of what is still open.
    """
    with db.read() as session:
        planned = list(session.scalars(select(RoutingPlan.site_id)))
    owed = 0
    for site_id in planned:
        with db.write() as session:
            plan = session.get_one(RoutingPlan, site_id, with_for_update=True)
            site = session.get_one(Site, site_id)
            owed += _remind(session, site, plan, now, settings)
            owed += _escalate(session, site, plan, now, settings)
            owed += _list_open(session, site, plan, now, settings)
    return owed


def _remind(
    session: Session, site: Site, plan: RoutingPlan, now: datetime, settings: Settings
) -> int:
    if plan.remind_hours is None:
        return 0
    owed = 0
    audience = notices.Audience(session)
    since = now - settings.scaled(timedelta(hours=plan.remind_hours))
    for case in _waiting(session, site, since, now, "case.waiting"):
        ways = _ways(audience, case, case.assignee_id, now)
        owed += _owe(session, ways, case, "case.waiting", "now", now)
    return owed


def _escalate(
    session: Session, site: Site, plan: RoutingPlan, now: datetime, settings: Settings
) -> int:
    if plan.escalate_hours is None or plan.escalate_to is None:
        return 0
    audience = notices.Audience(session)
    since = now - settings.scaled(timedelta(hours=plan.escalate_hours))
    owed = 0
    for case in _waiting(session, site, since, now, "case.escalated"):
        ways = _ways(audience, case, plan.escalate_to, now)
        owed += _owe(session, ways, case, "case.escalated", "now", now)
    return owed


def _ways(
    audience: notices.Audience, case: Case, number: int | None, now: datetime
) -> list[Channel]:
    """Where a word about a case that waits goes: to that person, if they decide on the site and
    want mail, else to who is on duty, else to the channels that heard of it."""
    for each in (number, audience.on_duty(case.site_id, now)):
        way = audience.way(case.site_id, each, now, "editor")
        if way is not None:
            return [way]
    return audience.listeners(case, "waiting", now)


def _list_open(
    session: Session, site: Site, plan: RoutingPlan, now: datetime, settings: Settings
) -> int:
    if plan.weekly_at is None:
        return 0
    due_at = plan.weekly_due_at
    if due_at is None or due_at <= now:
        plan.weekly_due_at = now + settings.scaled(
            next_weekly(plan.weekly_at, site.timezone, now) - now
        )
    if due_at is None or due_at > now:
        return 0
    oldest = _open(site, now).order_by(Case.first_reported_at).limit(LISTED)
    house = notices.Audience(session).house(site.id).channels
    ways = [channel for channel in house if channel.user_id is None]
    return sum(
        _owe(session, ways, case, "case.open", "weekly", now) for case in session.scalars(oldest)
    )


def _waiting(
    session: Session, site: Site, since: datetime, now: datetime, told: str
) -> Iterable[Case]:
    """Open cases from before a moment about which this has not been said."""
    said = select(Delivery.id).where(Delivery.case_id == Case.id, Delivery.event_type == told)
    query = _open(site, now).where(Case.first_reported_at <= since, ~said.exists())
    return session.scalars(query.order_by(Case.first_reported_at).limit(MOST_AT_ONCE)).all()


def _open(site: Site, now: datetime) -> Select[Case]:
    awake: ColumnElement[bool] = or_(Case.snoozed_until.is_(None), Case.snoozed_until <= now)
    return (
        select(Case)
        .where(Case.site_id == site.id, Case.status.in_(OPEN), awake)
        .where(Case.merged_into_id.is_(None))
        .options(joinedload(Case.page))
    )


def _owe(
    session: Session, ways: Iterable[Channel], case: Case, kind: str, rhythm: str, now: datetime
) -> int:
    people = [way for way in ways if way.kind != "webhook" and not way.options.get("stopped")]
    session.add_all(
        Delivery(
            channel_id=way.id,
            case_id=case.id,
            event_type=kind,
            rhythm=rhythm,
            due_at=now,
            message_key=secrets.token_hex(16),
            created_at=now,
        )
        for way in people
    )
    return len(people)
