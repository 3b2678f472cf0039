"""What a link in a mail or a button in a chat does: one step of one case, in a person's name."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import triage
from core.actionlinks import STATUS_AFTER, Verb
from core.cadence import tomorrow_morning
from core.history import Actor
from core.models import Case, User
from core.settings import Settings


def do(
    session: Session,
    case: Case,
    verb: Verb,
    resolution: str | None,
    by: Actor,
    user: User | None,
    now: datetime,
    settings: Settings,
) -> Case:
    """Do it, to the case as it stands now. Raises as `triage.move` does."""
    change = _change(case, verb, resolution, user, now)
    return triage.move(session, case.id, case.version, change, by, now, settings)


def _change(
    case: Case, verb: Verb, resolution: str | None, user: User | None, now: datetime
) -> triage.Change:
    if verb == "dismiss":
        return triage.Change(status="dismissed", resolution=resolution)
    if verb == "mine":
        return triage.Change(assignee=user.email if user else None)
    if verb == "snooze":
        return triage.Change(snoozed_until=tomorrow_morning(case.site.timezone, now))
    return triage.Change(status=STATUS_AFTER[verb])
