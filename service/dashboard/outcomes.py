"""What became of a wish that went to one case or to many, and the sentence that tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from core import queries, triage
from core.clock import utcnow
from core.db import Database
from core.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    MergedAway,
    MovedOn,
    NotFound,
    StaleVersion,
)
from core.i18n import Translator, marked
from core.mentions import Heard
from core.models import Case
from core.settings import Settings
from service.dashboard.access import Visit
from service.dashboard.changes import Asked
from service.dashboard.forms import read_id

Fate = Literal["done", "same", "stale", "merged", "later", "refused", "forbidden", "gone"]
MISSED: tuple[Fate, ...] = ("stale", "merged", "later", "refused", "forbidden", "gone")


@dataclass(frozen=True)
class Outcome:
    """What became of one case. `version` is the one that it has now, 0 if it is gone.

    `same`: it was so already. Nothing was changed, so nothing of it is to be taken back.
    """

    case_id: int
    fate: Fate
    version: int = 0


@dataclass(frozen=True)
class Acted:
    """What came of a wish: the case that is of interest now, and the version of the one it was for.

    `changed` is False where that one was so already.
    """

    case: Case
    version: int
    changed: bool


_DONE = {
    "accept": marked("done", "Accepted: {n}"),
    "fixed": marked("done", "Marked as fixed: {n}"),
    "dismiss": marked("done", "Dismissed: {n}"),
    "assign": marked("done", "Assigned to you: {n}"),
    "unassign": marked("done", "Assignment removed: {n}"),
    "snooze": marked("done", "Snoozed: {n}"),
    "wake": marked("done", "Woken: {n}"),
    "correct": marked("done", "Correction saved"),
    "kind": marked("done", "Kind changed: {n}"),
    "undo": marked("done", "Taken back: {n}"),
    "merge": marked("done", "Merged: {n}"),
    "split": marked("done", "Split off: {n}"),
    "note": marked("done", "Note added"),
    "applied": marked("done", "Written in the newsroom’s system; the page is read now"),
    "reverted": marked("done", "Taken back in the newsroom’s system"),
    "retry": marked("done", "The message goes out again"),
    "same": marked("done", "Already so: {n}"),
}
_MISSED = {
    "stale": marked("missed", "Somebody changed it meanwhile; nothing of theirs was overwritten."),
    "merged": marked("missed", "It was merged into another case."),
    "later": marked("missed", "The other case of this was changed after it: take that back first."),
    "refused": marked("missed", "Its status does not allow it."),
    "forbidden": marked("missed", "It is on a site where you are not an editor."),
    "gone": marked("missed", "There is no such case."),
}


def carry_out(
    db: Database, settings: Settings, visit: Visit, asked: Asked, versions: dict[int, int]
) -> list[Outcome]:
    """Do it to each case whose version is still the one that was read, each on its own.

    Of what is taken back, what was done last comes first.
    """
    wishes = list(versions.items())
    if asked.verb == "undo":
        wishes.reverse()
    return [_carry_out(db, settings, visit, asked, case_id, version) for case_id, version in wishes]


def act(
    session: Session,
    settings: Settings,
    visit: Visit,
    asked: Asked,
    case_id: int,
    version: int,
    now: datetime,
) -> Acted:
    """Do it to one case. What changes nothing keeps the version, and is told as that.

    Raises NotFound, Forbidden, StaleVersion, Conflict, Invalid.
    """
    _demand(session, visit, case_id)
    by = visit.actor
    match asked.verb:
        case "undo":
            shown = triage.undo(session, case_id, version, by, now, settings)
        case "merge":
            _demand(session, visit, asked.into)
            shown = triage.merge(session, case_id, version, asked.into, by, now, settings)
        case "split":
            shown = triage.split(session, case_id, version, asked.reports, by, now, settings)
        case _:
            shown = triage.move(session, case_id, version, asked.change, by, now, settings)
    left = session.get_one(Case, case_id).version
    return Acted(shown, left, changed=left != version)


def check_target(session: Session, visit: Visit, asked: Asked) -> None:
    """Raise Invalid for a merge into a case that is none for this person."""
    if asked.verb != "merge":
        return
    try:
        _demand(session, visit, asked.into)
    except (NotFound, Forbidden) as none:
        raise Invalid(FieldError("into", "must be the number of a case")) from none


def _demand(session: Session, visit: Visit, case_id: int) -> None:
    case = queries.get_case(session, case_id, visit.rights.site_ids())
    visit.rights.demand("editor", case.site_id)


def _carry_out(
    db: Database, settings: Settings, visit: Visit, asked: Asked, case_id: int, version: int
) -> Outcome:
    now = utcnow()
    try:
        with db.write() as session:
            acted = act(session, settings, visit, asked, case_id, version, now)
            return Outcome(case_id, "done" if acted.changed else "same", acted.version)
    except StaleVersion as stale:
        return Outcome(case_id, "stale", stale.current)
    except NotFound:
        return Outcome(case_id, "gone")
    except Forbidden:
        return Outcome(case_id, "forbidden", version)
    except MergedAway:
        return Outcome(case_id, "merged", version)
    except MovedOn:
        return Outcome(case_id, "later", version)
    except (Conflict, Invalid):
        return Outcome(case_id, "refused", version)


def said(t: Translator, verb: str, done: int, same: int = 0) -> str:
    """What tells of how many it was done, and how many were so already.

    Empty for a verb that the desk does not know.
    """
    counts = ((verb, done), ("same", same)) if verb in _DONE else ()
    return ". ".join(t.pgettext(*_DONE[name], n=n) for name, n in counts if n)


def said_of_one(t: Translator, verb: str) -> str:
    """The same on the page of a case, where there is nothing to count."""
    return said(t, verb, 1).removesuffix(": 1")


_HEARD = {
    "by_mail": marked("note", "Hears of it by mail: {names}."),
    "not_by_mail": marked("note", "No mail about it, as they have not turned that on: {names}."),
    "nobody": marked("note", "Nobody, or more than one, is called so on this site: {names}."),
}


def heard_said(t: Translator, heard: Heard) -> list[str]:
    """Who hears of a note and who does not, a sentence for each kind that there is."""
    kinds = [(kind, ", ".join(getattr(heard, kind))) for kind in _HEARD]
    return [t.pgettext(*_HEARD[kind], names=names) for kind, names in kinds if names]


def why_missed(t: Translator, fate: str) -> str:
    """Why a case was left as it was."""
    return t.pgettext(*_MISSED[fate]) if fate in _MISSED else ""


def packed(outcomes: Sequence[Outcome], fates: Sequence[Fate]) -> str:
    """Outcomes as they travel in an address: 12.3,13.1 (case and version)."""
    return ",".join(f"{o.case_id}.{o.version}" for o in outcomes if o.fate in fates)


def unpacked(text: str) -> dict[int, int]:
    """The reverse of `packed`; what is none of it is left out."""
    pairs = [part.partition(".") for part in text.split(",")[:200]]
    read = [(read_id(case_id), read_id(version)) for case_id, _, version in pairs]
    return {one: two for one, two in read if one is not None and two is not None}
