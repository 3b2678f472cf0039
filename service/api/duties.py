"""Who is on duty when, for programs that administer a site."""

from datetime import datetime
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from core import accounts, queries, rulebook
from core.clock import utcnow
from core.models import Duty, Site
from core.representations import moment
from service.api import shapes
from service.api.callers import Caller
from service.api.channels import administered_ids
from service.api.narrowing import administered
from service.api.operations import operation
from service.context import service

blueprint = Blueprint("duties", __name__)


@operation(
    blueprint,
    "/duties",
    "List the roster",
    shapes.DutyList,
    query=shapes.RulesQuery,
    refusals=(403,),
)
def index(caller: Caller, query: shapes.RulesQuery) -> dict[str, Any]:
    """The turns that are not over, and whose it is now."""
    now = utcnow()
    with service().db.read() as session:
        found = queries.sites(session, administered_ids(session, caller, query.site))
        return {
            "items": [each for site in found for each in _roster(session, site, now)],
            "next": None,
        }


@operation(
    blueprint,
    "/duties",
    "Add a turn",
    shapes.DutyOut,
    method="POST",
    body=shapes.DutyIn,
    refusals=(403, 404),
)
def add(caller: Caller, body: shapes.DutyIn) -> dict[str, Any]:
    """A person's turn; of two that overlap the later beginning counts."""
    now = utcnow()
    with service().db.write() as session:
        site = administered(session, caller, body.site)
        turn = rulebook.add_duty(session, site, body.person, body.begins_at, body.ends_at)
        accounts.note_act(session, caller.user.email, "duty added", body.person, site.id, now)
        on_duty = rulebook.on_duty(rulebook.roster(session, site, now), now)
        is_now = on_duty is not None and on_duty.duty is turn
        return _duty_json(session, site, turn, is_now)


@operation(
    blueprint,
    "/duties/<int:duty_id>",
    "Remove a turn",
    shapes.Gone,
    method="DELETE",
    refusals=(403, 404),
)
def remove(caller: Caller, duty_id: int) -> dict[str, Any]:
    """A turn is taken off the roster."""
    now = utcnow()
    with service().db.write() as session:
        turn = rulebook.find_duty(session, duty_id, caller.rights.site_ids())
        caller.rights.demand("admin", turn.site_id)
        person = rulebook.email_of(session, turn.user_id) or ""
        accounts.note_act(session, caller.user.email, "duty removed", person, turn.site_id, now)
        session.delete(turn)
    return {"id": duty_id}


def _roster(session: Session, site: Site, now: datetime) -> list[dict[str, Any]]:
    turns = rulebook.roster(session, site, now)
    on_duty = rulebook.on_duty(turns, now)
    return [_duty_json(session, site, turn.duty, turn is on_duty) for turn in turns]


def _duty_json(session: Session, site: Site, turn: Duty, is_now: bool) -> dict[str, Any]:
    return {
        "id": turn.id,
        "site": site.key,
        "person": rulebook.email_of(session, turn.user_id) or "",
        "begins_at": moment(turn.begins_at),
        "ends_at": moment(turn.ends_at),
        "is_now": is_now,
    }
