"""What a link in a mail or a button in a chat does: one step of one case, in a person's name."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import triage, workflow
from core.actionlinks import STATUS_AFTER, Verb
from core.cadence import tomorrow_morning
from core.history import Actor
from core.i18n import Translator
from core.i18n.moments import moment
from core.i18n.words import resolution_word, status_word
from core.models import Case, Event, User
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


def told(t: Translator, decision: Event, me: str, zone: str, now: datetime) -> str:
    """A decision in a sentence: what, who and when. `me` is the one who is told."""
    what = _what(t, decision, zone, now)
    when = moment(t, decision.at, zone, now)
    if decision.actor == me:
        return t.gettext("{what}: by you, {when}", what=what, when=when)
    is_machine = decision.actor == workflow.VERIFIER
    who = t.gettext("the check of the page") if is_machine else decision.actor
    return t.gettext("{what}: by {who}, {when}", what=what, who=who, when=when)


def _what(t: Translator, decision: Event, zone: str, now: datetime) -> str:
    if decision.type == "undone":
        return t.gettext("Taken back")
    after: dict[str, Any] = decision.data.get("after", {})
    if decision.type == "updated" and after.get("snoozed_until"):
        until = datetime.fromisoformat(after["snoozed_until"])
        return t.gettext("Snoozed until {when}", when=moment(t, until, zone, now))
    if decision.type == "updated":
        return t.gettext("Assigned to {name}", name=after["assignee"])
    word = status_word(t, decision.type)
    resolution = after.get("resolution")
    return f"{word} ({resolution_word(t, resolution)})" if resolution else word
