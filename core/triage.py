"""Editors decide here. Every change of a case, whoever asks for it, goes through `move`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import grouping, mentions, moves, notices, workflow
from core.errors import Conflict, FieldError, Invalid, MergedAway, StaleVersion
from core.history import Actor, write_event
from core.models import Case, Event, User
from core.rights import rights_of
from core.settings import Settings

__all__ = [
    "UNCHANGED",
    "Actor",
    "Change",
    "decided_last_by",
    "last_change",
    "merge",
    "move",
    "moved_on",
    "note",
    "split",
    "undo",
]

_REGROUPING = ("merged", "split")

NOTE_LENGTH = 2_000
SUGGESTION_LENGTH = 1_000
MOST_READERS = 1_000
_SENT_TWICE = timedelta(minutes=1)


class Unchanged:
    """Stands for a field that a change leaves as it is."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED: Final = Unchanged()


@dataclass(frozen=True)
class Change:
    """What shall be different. `assignee` is an e-mail address, None for nobody.

    A `suggestion` of no letters says that the words should go, None that nothing is suggested.
    `more_readers` lets a snooze end before its time when so many more have reported the case.
    """

    status: str | Unchanged = UNCHANGED
    resolution: str | Unchanged | None = UNCHANGED
    assignee: str | Unchanged | None = UNCHANGED
    suggestion: str | Unchanged | None = UNCHANGED
    kind: str | Unchanged = UNCHANGED
    snoozed_until: datetime | Unchanged | None = UNCHANGED
    more_readers: int | Unchanged = UNCHANGED

    @property
    def asked(self) -> dict[str, Any]:
        """The fields that are to be set, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not UNCHANGED}


def move(
    session: Session,
    case_id: int,
    version: int,
    change: Change,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Case:
    """Change a case, leave an event, and write down the messages owed.

    The caller names the version that it has read; if somebody was faster nothing happens and it
    is told so. What changes nothing leaves no event and keeps the version. Anything that an
    editor does with a case that came back counts as having seen it, also to accept it as it is. A
    case that was merged into another one is only a signpost: nothing of it is changed, whichever
    version the caller has read.
    Raises NotFound, MergedAway, StaleVersion, Conflict (move not allowed), Invalid (a value is
    wrong).
    """
    case = moves.locked(session, case_id)
    if case.merged_into_id is not None:
        raise MergedAway(case.merged_into_id)
    _check_version(case, version)
    after = _checked(session, case, change, by, now)
    if after and case.regressed:
        after["regressed"] = False
    moves.apply(session, case, after, by, now, settings)
    return case


def note(
    session: Session,
    case_id: int,
    text: str,
    by: Actor,
    now: datetime,
    settings: Settings,
    sent_to: str | None = None,
) -> Event:
    """Add a colleague's remark to the history. It changes nothing, so it needs no version.

    Colleagues whom it names (`@name`, `@address`) hear of it, if they want that. `sent_to` is the
    address of the mail that it answers, where it is not known who did so. A form of the desk that
    is sent twice adds one note: the second time the first one is given back.
    """
    text = text.strip()
    if not text or len(text) > NOTE_LENGTH:
        raise Invalid(FieldError("text", f"must have 1 to {NOTE_LENGTH} characters"))
    case = moves.locked(session, case_id)
    if by.via == "desk" and (same := _same_note(session, case, text, by, now)) is not None:
        return same
    named = mentions.named_in(text, mentions.colleagues(session, case.site_id))
    facts: dict[str, Any] = {"mentions": [user.email for user in named]} if named else {}
    if sent_to is not None:
        facts["sent_to"] = sent_to
    event = write_event(session, case, "note", by, now, {"text": text, **facts})
    notices.owed(session, case, event, now, settings)
    mentions.owe(session, case, event, named, now, settings)
    return event


def _same_note(session: Session, case: Case, text: str, by: Actor, now: datetime) -> Event | None:
    """The newest line of a case's history, if it is this note by the same person just now."""
    query = select(Event).where(Event.case_id == case.id).order_by(Event.id.desc()).limit(1)
    last = session.scalar(query)
    if last is None or (last.type, last.actor, last.via) != ("note", by.name, by.via):
        return None
    return last if last.data["text"] == text and now - last.at <= _SENT_TWICE else None


def undo(
    session: Session, case_id: int, version: int, by: Actor, now: datetime, settings: Settings
) -> Case:
    """Take the last change of a case back.

    What readers added since stays. A change is undone once; undoing again takes back the one
    before it. Of a case that was merged into another one only the merge is undone. Raises Conflict
    if there is nothing left to take back, MovedOn for a merge or split that does not stand any more
    as it was done; then nothing is changed. See core.grouping.take_back.
    """
    case, last = _locked_with_last(session, case_id, version)
    if last is None:
        raise Conflict("There is nothing to undo on this case.")
    if case.merged_into_id not in (None, last.data.get("into")):
        raise MergedAway(case.merged_into_id)
    if last.type in _REGROUPING:
        other, others = grouping.take_back(session, case, last, now, settings)
        _tell_undone(session, other, others, by, now, settings)
    else:
        moves.take_back(session, case, last, now, settings)
    _tell_undone(session, case, last, by, now, settings)
    return case


def merge(
    session: Session,
    case_id: int,
    version: int,
    into_id: int,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Case:
    """Merge a case into another one; returns that one. See core.grouping.merge."""
    for each in sorted((case_id, into_id)):  # one order for all, so that two editors never cross
        moves.locked(session, each)
    case, into = _as_read(session, case_id, version), moves.locked(session, into_id)
    grouping.merge(session, case, into, by, now, settings)
    return into


def split(
    session: Session,
    case_id: int,
    version: int,
    report_ids: Sequence[str],
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Case:
    """Make a case of its own of some reports; returns the new one. See core.grouping.split."""
    case = _as_read(session, case_id, version)
    return grouping.split(session, case, report_ids, by, now, settings)


def _tell_undone(
    session: Session, case: Case, last: Event, by: Actor, now: datetime, settings: Settings
) -> None:
    event = write_event(session, case, "undone", by, now, {"event": last.id, "type": last.type})
    notices.owed(session, case, event, now, settings)


def _as_read(session: Session, case_id: int, version: int) -> Case:
    """The locked case, if it is still what the caller has read."""
    case = moves.locked(session, case_id)
    _check_version(case, version)
    return case


def _check_version(case: Case, version: int) -> None:
    if case.version != version:
        raise StaleVersion(case.version)


def _checked(
    session: Session, case: Case, change: Change, by: Actor, now: datetime
) -> dict[str, Any]:
    """The columns to set, with every value checked and every consequence added."""
    asked = change.asked
    after: dict[str, Any] = {}
    if "status" in asked or "resolution" in asked:
        after |= _decided(case, asked, by)
    if "assignee" in asked:
        after["assignee_id"] = _assignee_id(session, case, asked["assignee"])
    if "suggestion" in asked:
        after["suggestion"] = _suggestion(asked["suggestion"])
    if "kind" in asked:
        if asked["kind"] not in workflow.KINDS:
            raise Invalid(FieldError("kind", f"must be one of {', '.join(workflow.KINDS)}"))
        after["kind"] = asked["kind"]
    if "snoozed_until" in asked:
        after |= _snoozed(case, asked["snoozed_until"], asked.get("more_readers"), now)
    elif "more_readers" in asked:
        raise Invalid(FieldError("more_readers", "counts only beside snoozed_until"))
    elif "status" in after and case.snoozed_until is not None:
        after["snoozed_until"] = None  # who decides a case has woken it
    return after


def _snoozed(case: Case, until: datetime | None, more: int | None, now: datetime) -> dict[str, Any]:
    if until is not None and until <= now:
        raise Invalid(FieldError("snoozed_until", "must be in the future"))
    if more is not None and not 1 <= more <= MOST_READERS:
        raise Invalid(FieldError("more_readers", f"must be a number from 1 to {MOST_READERS}"))
    wake_at = case.readers + more if more and until else None
    after: dict[str, Any] = {"snoozed_until": until}
    if wake_at != case.wake_at_readers:
        after["wake_at_readers"] = wake_at
    return after


def _decided(case: Case, asked: dict[str, Any], by: Actor) -> dict[str, Any]:
    status = asked.get("status", case.status)
    kept = case.resolution if status == case.status else None
    return moves.to_status(case, status, asked.get("resolution", kept), by)


def _assignee_id(session: Session, case: Case, email: str | None) -> int | None:
    if email is None:
        return None
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None or not rights_of(user).may("editor", case.site_id):
        raise Invalid(FieldError("assignee", "must be the address of an editor of this site"))
    return user.id


def _suggestion(text: str | None) -> str | None:
    if text is None:
        return None
    if not text.strip():
        return ""
    if len(text) > SUGGESTION_LENGTH or "\0" in text:
        message = f"must have at most {SUGGESTION_LENGTH} characters and no NUL"
        raise Invalid(FieldError("suggestion", message))
    return text


def _locked_with_last(session: Session, case_id: int, version: int) -> tuple[Case, Event | None]:
    """The case as read, with its last change; where that has another side, both are locked.

    Locks are taken in the order of the ids, so that two editors never wait in a circle: what has
    to be locked is looked up before, and holds if the version is still the one that was read.
    """
    seen = session.get(Case, case_id)
    last = last_change(session, seen) if seen is not None else None
    ids = {case_id}
    if last is not None and last.type in _REGROUPING:
        ids.add(grouping.other_case(last))
    for each in sorted(ids):
        moves.locked(session, each)
    return _as_read(session, case_id, version), last


def decided_last_by(session: Session, case_ids: Sequence[int], actor: str) -> dict[int, int]:
    """Those of the cases whose newest change, not counting what was undone, is this actor's, with
    the event of that change: what an undo of the case would take back, and is not refused."""
    changes = grouping.changes_of(session, case_ids)
    newest = [each[0] for each in changes.values() if each and each[0].actor == actor]
    refused = _moved_on(session, newest)
    return {event.case_id: event.id for event in newest if event.id not in refused}


def last_change(session: Session, case: Case) -> Event | None:
    """The newest change not yet undone, which `undo` takes back. What the verifier saw on the page
    is nobody's to undo."""
    newest = next(iter(grouping.changes_of(session, [case.id])[case.id]), None)
    return None if newest is None or newest.actor == workflow.VERIFIER else newest


def moved_on(session: Session, last: Event) -> int | None:
    """The case of which something has to be taken back before this last change of another one.

    None if nothing keeps an undo from taking it back.
    """
    return _moved_on(session, [last]).get(last.id)


def _moved_on(session: Session, newest: Iterable[Event]) -> dict[int, int]:
    """Of these events the merges and splits that are not undone any more, and because of where."""
    regrouped = [event for event in newest if event.type in _REGROUPING]
    sides = {event.case_id for event in regrouped} | set(map(grouping.other_case, regrouped))
    changes = grouping.changes_of(session, sides) if sides else {}
    found = {event.id: grouping.moved_on(event, changes) for event in regrouped}
    return {event_id: at for event_id, at in found.items() if at is not None}
