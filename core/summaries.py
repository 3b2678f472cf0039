"""The week in numbers: to the channels of a site, and to people who want it."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import queries, recipients
from core.cadence import cadence_of, due, next_weekly
from core.db import Database
from core.models import Case, Channel, Delivery, Event, OwnMail, RoutingPlan, Site, User
from core.numbers import Span, numbers
from core.rights import rights_of
from core.settings import Settings
from core.workflow import OPEN

WEEK = timedelta(days=7)
KIND = "numbers.week"
_PEOPLE_AT = "mon 09:00"
_MOST_PAGES = 5


def sum_up_due(db: Database, settings: Settings, now: datetime) -> int:
    """Owe the summaries whose time has come; returns how many. Safe to run twice, and at once.

    The next time is set in the transaction that writes the messages down, under the lock of the
    row that asks for them: two schedulers owe one, and one that dies in between owes none or all.
    A channel that hears for the site does not hear once more for a person.
    """
    with db.read() as session:
        sites = list(
            session.scalars(select(RoutingPlan.site_id).where(RoutingPlan.summary_at.is_not(None)))
        )
        people = list(
            session.scalars(select(OwnMail.user_id).where(OwnMail.weekly, ~OwnMail.is_off))
        )
    owed = 0
    for site_id in sites:
        with db.write() as session:
            owed += _for_site(session, site_id, settings, now)
    for user_id in people:
        with db.write() as session:
            owed += _for_person(session, user_id, settings, now)
    return owed


def _for_site(session: Session, site_id: int, settings: Settings, now: datetime) -> int:
    plan = session.get_one(RoutingPlan, site_id, with_for_update=True)
    site = session.get_one(Site, site_id)
    due_at, weekly_at = plan.summary_due_at, plan.summary_at
    if weekly_at is None or (due_at is not None and due_at > now):
        return 0
    plan.summary_due_at = _later(weekly_at, site.timezone, settings, now)
    if due_at is None:
        return 0
    query = select(Channel).where(Channel.site_id == site.id, Channel.user_id.is_(None))
    return _owe(session, site, session.scalars(query).all(), "channel", settings, now)


def _for_person(session: Session, user_id: int, settings: Settings, now: datetime) -> int:
    own = session.get_one(OwnMail, user_id, with_for_update=True)
    user = session.get_one(User, user_id)
    due_at = own.weekly_due_at
    sites = queries.sites(session, rights_of(user).site_ids())
    if not own.weekly or own.is_off or not sites or (due_at is not None and due_at > now):
        return 0
    zone = own.rhythm.get("timezone") or sites[0].timezone
    own.weekly_due_at = _later(_PEOPLE_AT, zone, settings, now)
    if due_at is None:
        return 0
    return sum(
        _owe(
            session,
            site,
            [recipients.personal_channel(session, site.id, user, now)],
            "wished",
            settings,
            now,
        )
        for site in sites
    )


def _later(weekly_at: str, zone: str, settings: Settings, now: datetime) -> datetime:
    return now + settings.scaled(next_weekly(weekly_at, zone, now) - now)


def _owe(
    session: Session,
    site: Site,
    ways: Iterable[Channel],
    why: str,
    settings: Settings,
    now: datetime,
) -> int:
    since = now - settings.scaled(WEEK / 2)
    told = select(Delivery.channel_id).where(
        Delivery.event_type == KIND, Delivery.created_at > since
    )
    heard = set(session.scalars(told))
    ways = [
        way
        for way in ways
        if way.kind != "webhook" and way.id not in heard and not way.options.get("stopped")
    ]
    if not ways:
        return 0
    about = _reckoned(session, site, now)
    session.add_all(
        Delivery(
            channel_id=way.id,
            event_type=KIND,
            rhythm="now",
            due_at=due(cadence_of(way.options, site.timezone), "now", now, settings)[1],
            message_key=secrets.token_hex(16),
            about=about,
            why=why,
            created_at=now,
        )
        for way in ways
    )
    session.flush()
    return len(ways)


def _reckoned(session: Session, site: Site, now: datetime) -> dict[str, Any]:
    figures = numbers(session, Span(frozenset({site.id}), now - WEEK, now), now)
    oldest = session.scalar(
        select(func.min(Case.first_reported_at)).where(
            Case.site_id == site.id, Case.status.in_(OPEN), Case.merged_into_id.is_(None)
        )
    )
    fix = figures.fix.median
    return {
        "end": now.isoformat(),
        "new": figures.cases,
        "fixed": _reached(session, site, "fixed", now),
        "verified": _reached(session, site, "verified", now),
        "open": sum(figures.backlog),
        "oldest": oldest.isoformat() if oldest else None,
        "fix_seconds": fix.total_seconds() if fix is not None else None,
        "pages": [
            {
                "title": page.title or page.link,
                "link": page.link,
                "language": page.language,
                "reports": page.reports,
            }
            for page in figures.pages[:_MOST_PAGES]
        ],
    }


def _reached(session: Session, site: Site, status: str, now: datetime) -> int:
    """How many cases came to a status in the week, whenever they were reported."""
    query = select(func.count(Event.case_id.distinct())).join(Case, Case.id == Event.case_id)
    query = query.where(Case.site_id == site.id, Event.type == status)
    return session.scalar(query.where(Event.at >= now - WEEK, Event.at < now)) or 0
