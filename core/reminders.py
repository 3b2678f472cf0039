"""What waits too long: reminders, the next person, and the weekly list of what is still open."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from core import notices
from core.cadence import due, next_weekly
from core.db import Database
from core.models import Case, Delivery, RoutingPlan, Site
from core.settings import Settings
from core.workflow import OPEN

MOST_AT_ONCE = 1_000
LISTED = 50
_PAGE = 200
_MOST_PAGES = 10


def remind_due(db: Database, settings: Settings, now: datetime) -> int:
    """Owe the messages about what waits; returns how many. Safe to run twice.

    A case that nobody has decided about for the site's hours is brought back once: to who has it
    in hand, else to who is on duty, else to the channels that heard of it. After more hours it
    goes on, once, to the person whom the site names. Whoever decides on the site no more hears of
    none of this; the next in the row hears instead. What is snoozed is left alone. What one person
    is reminded of at one time is written in one transaction and goes as one message, however much
    it is. Once a week each channel gets the list of what is still open.
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
    audience = notices.Audience(session)
    since = now - settings.scaled(timedelta(hours=plan.remind_hours))
    owed = 0
    for case in _waiting(session, site, since, now, "case.waiting"):
        ways = _ways(audience, case, case.assignee_id, "assigned", now)
        ways = _still_to_hear(session, case, ways, now)
        owed += _owe(session, audience, site, ways, case, "case.waiting", now, settings)
        if owed >= MOST_AT_ONCE:
            break
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
        ways = _ways(audience, case, plan.escalate_to, "escalated", now)
        owed += _owe(session, audience, site, ways, case, "case.escalated", now, settings)
        if owed >= MOST_AT_ONCE:
            break
    return owed


def _ways(
    audience: notices.Audience, case: Case, number: int | None, why: str, now: datetime
) -> list[notices.Hearer]:
    """Where a word about a case that waits goes: to that person, if they decide on the site and
    want mail, else to who is on duty, else to the channels that heard of it."""
    for each, reason in ((number, why), (audience.on_duty(case.site_id, now), "duty")):
        way = audience.way(case.site_id, each, now, "editor")
        if way is not None:
            return [notices.Hearer(way, reason)]
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
    audience = notices.Audience(session)
    ways = [
        notices.Hearer(channel, "channel")
        for channel in audience.house(site.id).channels
        if channel.user_id is None
    ]
    return sum(
        _owe(session, audience, site, ways, case, "case.open", now, settings)
        for case in session.scalars(oldest)
    )


def _still_to_hear(
    session: Session, case: Case, ways: Iterable[notices.Hearer], now: datetime
) -> list[notices.Hearer]:
    """Those of the ways for which the first word about the case does not wait itself."""
    waits = select(Delivery.channel_id).where(
        Delivery.case_id == case.id,
        Delivery.event_type == "case.created",
        Delivery.status == "pending",
        Delivery.attempts == 0,
        Delivery.due_at > now,
    )
    silent = set(session.scalars(waits))
    return [way for way in ways if way.channel.id not in silent]


def _waiting(
    session: Session, site: Site, since: datetime, now: datetime, told: str
) -> Iterator[Case]:
    """Open cases from before a moment about which this has not been said, the oldest first.

    So many pages of them at most: a case that nobody may hear of holds up none of the others.
    """
    said = select(Delivery.id).where(Delivery.case_id == Case.id, Delivery.event_type == told)
    query = _open(site, now).where(Case.first_reported_at <= since, ~said.exists())
    query = query.order_by(Case.first_reported_at, Case.id).limit(_PAGE)
    page = session.scalars(query).all()
    for _ in range(_MOST_PAGES):
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1]
        place = tuple_(Case.first_reported_at, Case.id)
        page = session.scalars(query.where(place > (last.first_reported_at, last.id))).all()


def _open(site: Site, now: datetime) -> Select[Case]:
    awake: ColumnElement[bool] = or_(Case.snoozed_until.is_(None), Case.snoozed_until <= now)
    return (
        select(Case)
        .where(Case.site_id == site.id, Case.status.in_(OPEN), awake)
        .where(Case.merged_into_id.is_(None))
        .options(joinedload(Case.page))
    )


def _owe(
    session: Session,
    audience: notices.Audience,
    site: Site,
    ways: Iterable[notices.Hearer],
    case: Case,
    kind: str,
    now: datetime,
    settings: Settings,
) -> int:
    """Write the messages down, each after its channel's quiet hours; returns how many.

    Quiet hours make no reminder a part of the digest that ends them.
    """
    people = [
        way
        for way in ways
        if way.channel.kind != "webhook" and not way.channel.options.get("stopped")
    ]
    for way in people:
        due_at = due(audience.cadence(way.channel, site), "now", now, settings)[1]
        session.add(
            Delivery(
                channel_id=way.channel.id,
                case_id=case.id,
                event_type=kind,
                rhythm="weekly" if kind == "case.open" else "now",
                due_at=due_at,
                message_key=secrets.token_hex(16),
                why=way.why,
                created_at=now,
            )
        )
    return len(people)
