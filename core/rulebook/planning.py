"""What a site has settled as a whole: its plan, and its roster of who is on duty."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid, NotFound
from core.models import Duty, RoutingPlan, Site, User
from core.rights import rights_of
from core.rulebook.checks import comes_too_early, faults_of_plan
from core.rulebook.writing import are_channels, editor

_LONGEST_TURN = timedelta(days=366)
_MOST_TURNS = 200
_HOURS = ("remind_hours", "escalate_hours")


@dataclass(frozen=True)
class Turn:
    """A turn and its person. It counts for nobody while they may not decide on the site."""

    duty: Duty
    person: User | None
    counts: bool


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
    `remind_hours`, `escalate_hours`, `escalate_to` (an address), `weekly_at`
    and `summary_at` (`mon 09:00`).

    Nothing is passed on before it is reminded of, where there are reminders.
    Raises Invalid naming each wrong part.
    """
    plan = plan_of(session, site)
    faults = list(faults_of_plan(wanted))
    hours = (wanted.get(name, getattr(plan, name)) for name in _HOURS)
    if not faults and wanted.keys() & set(_HOURS) and comes_too_early(*hours):
        fault = "must not be fewer than remind_hours: a reminder comes before a case is passed on"
        faults.append(FieldError("escalate_hours", fault))
    if not are_channels(session, site, wanted.get("fallback", [])):
        faults.append(FieldError("fallback", "must name channels of the site"))
    if wanted.get("escalate_to"):
        person = editor(session, site, wanted["escalate_to"])
        wanted = {**wanted, "escalate_to": person.id if person else None}
        if person is None:
            faults.append(FieldError("escalate_to", "must be the address of an editor"))
    if faults:
        raise Invalid(*faults)
    if wanted.get("weekly_at", plan.weekly_at) != plan.weekly_at:
        plan.weekly_due_at = None
    if wanted.get("summary_at", plan.summary_at) != plan.summary_at:
        plan.summary_due_at = None
    for name, value in wanted.items():
        setattr(plan, name, value)
    return plan


def add_duty(
    session: Session, site: Site, email: str, begins_at: datetime, ends_at: datetime
) -> Duty:
    """A person's turn on the roster. Of two that overlap the later beginning counts."""
    begins_at, ends_at = begins_at.astimezone(UTC), ends_at.astimezone(UTC)  # moments, not clocks
    person = editor(session, site, email)
    if person is None:
        raise Invalid(FieldError("person", "must be the address of an editor of this site"))
    if ends_at <= begins_at:
        raise Invalid(FieldError("ends_at", "must be after the beginning"))
    if ends_at - begins_at > _LONGEST_TURN:
        raise Invalid(FieldError("ends_at", "must be within a year of the beginning"))
    duty = Duty(site_id=site.id, user_id=person.id, begins_at=begins_at, ends_at=ends_at)
    session.add(duty)
    session.flush()
    return duty


def roster(session: Session, site: Site, now: datetime) -> list[Turn]:
    """The turns that are not over, in their order."""
    query = select(Duty).where(Duty.site_id == site.id, Duty.ends_at > now)
    query = query.order_by(Duty.begins_at, Duty.id).limit(_MOST_TURNS)
    return [_turn(session, duty) for duty in session.scalars(query)]


def on_duty(turns: list[Turn], now: datetime) -> Turn | None:
    """Whose turn it is: the latest to begin, as messages go (core/notices/audience.py)."""
    present = [
        turn for turn in turns if turn.counts and turn.duty.begins_at <= now < turn.duty.ends_at
    ]
    return max(present, key=lambda turn: (turn.duty.begins_at, -turn.duty.id), default=None)


def _turn(session: Session, duty: Duty) -> Turn:
    person = session.get(User, duty.user_id)
    counts = person is not None and rights_of(person).may("editor", duty.site_id)
    return Turn(duty, person, counts)


def find_duty(session: Session, duty_id: int, site_ids: frozenset[int] | None) -> Duty:
    """A turn by its number. Raises NotFound, also for one of a foreign site."""
    duty = session.get(Duty, duty_id)
    if duty is None or (site_ids is not None and duty.site_id not in site_ids):
        raise NotFound(f"There is no turn {duty_id}.")
    return duty
