"""A correction goes from its case into the newsroom's own system, and back out if need be.

The system is asked with no database session open. An editor does it, with their own rights on the
desk; the system's revisions and the case's history both say so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import cms, moves, pages, summons
from core.db import Database
from core.errors import Conflict, NotFound, StaleVersion
from core.history import Actor, write_event
from core.models import Case, CmsChange, CmsConnection
from core.sealing import unseal
from core.settings import Settings

_SETTLED = ("fixed", "verified")


@dataclass(frozen=True)
class Task:
    """What the system is asked about, free of any session. `change` is the last one made there."""

    case_id: int
    version: int
    status: str
    words: cms.Words
    sought: cms.Sought
    connection: cms.Connection
    change: CmsChange | None


@dataclass(frozen=True)
class Way:
    """How the system is spoken to: through the network, at this time."""

    caller: cms.Caller
    clock: Callable[[], datetime]

    def to(self, connection: cms.Connection) -> cms.Adapter:
        """The adapter for a connection."""
        return cms.adapter_of(connection, self.caller, self.clock)


def task_of(session: Session, case_id: int, settings: Settings) -> Task:
    """What a case asks of its site's system. Raises NotFound where the site has named none."""
    query = select(Case).where(Case.id == case_id).options(joinedload(Case.page))
    case = session.scalar(query)
    row = None if case is None else connection_row(session, case.site_id)
    if case is None or row is None:
        raise NotFound("There is no such case, or its site has no system to write to.")
    return Task(
        case_id=case.id,
        version=case.version,
        status=case.status,
        words=cms.Words(case.exact, case.prefix, case.suffix, case.suggestion),
        sought=pages.sought_of(session, case.page),
        connection=cms.Connection(
            row.kind, row.url, row.user, unseal(row.sealed_secret, settings.secret_key)
        ),
        change=last_change(session, case.id),
    )


def connection_row(session: Session, site_id: int) -> CmsConnection | None:
    """A site's system, if it has named one."""
    return session.scalar(select(CmsConnection).where(CmsConnection.site_id == site_id))


def last_change(session: Session, case_id: int) -> CmsChange | None:
    """What was last written for a case, unless it was taken back."""
    query = select(CmsChange).where(CmsChange.case_id == case_id).order_by(CmsChange.id.desc())
    change = session.scalar(query.limit(1))
    return change if change is not None and change.reverted_at is None else None


def preview(task: Task, way: Way) -> cms.Preview:
    """What the correction would change in the source as it is now. Raises CmsError."""
    if not task.words.exact:
        return cms.Preview(cms.Outcome.NOT_FOUND, miss=cms.Miss.NOT_FOUND)
    return cms.preview(way.to(task.connection), task.sought, task.words)


def apply(
    db: Database,
    settings: Settings,
    way: Way,
    task: Task,
    version: int,
    expected: str,
    by: Actor,
) -> cms.Applied:
    """Write the correction, say that the case is fixed, and have its page read at once.

    `expected` is the state of the source that the editor was shown, `version` that of the case.
    Whatever the outcome but `done`, nothing was written and the case is as it was.
    Raises StaleVersion, Conflict (a verified case has nothing to apply), CmsError.
    """
    if task.version != version:
        raise StaleVersion(task.version)
    if task.status == "verified":
        raise Conflict("The page shows the correction already.")
    done = cms.apply(way.to(task.connection), task.sought, task.words, expected)
    if done.outcome is not cms.Outcome.DONE or done.after is None:
        return done
    with db.write() as session:
        now = way.clock()
        case = moves.locked(session, task.case_id)
        session.add(_change(task, done, done.after, by, now))
        _say(session, case, "applied", "fixed", _facts(task, done.after), by, now, settings)
        session.flush()
        summons.read_now(session, case.page_id, now)
    return done


def revert(db: Database, settings: Settings, way: Way, task: Task, by: Actor) -> cms.Applied:
    """Take the last correction out of the system again, if nobody has changed the text since.

    The case is accepted again. Raises NotFound where there is nothing to take back, CmsError.
    """
    change = task.change
    if change is None:
        raise NotFound("There is nothing to take back in the system.")
    inverse = [cms.Edit(start, end, text) for start, end, text in change.inverse]
    if not inverse:
        return cms.Applied(cms.Outcome.CONTEXT_CHANGED)
    adapter = way.to(task.connection)
    done = cms.revert(adapter, change.document_id, change.state, change.field, inverse)
    if done.outcome is not cms.Outcome.DONE or done.after is None:
        return done
    with db.write() as session:
        now = way.clock()
        case = moves.locked(session, task.case_id)
        session.get_one(CmsChange, change.id).reverted_at = now
        _say(session, case, "reverted", "accepted", _facts(task, done.after), by, now, settings)
        session.flush()
        summons.read_now(session, case.page_id, now)
    return done


def _say(
    session: Session,
    case: Case,
    what: str,
    status: str,
    facts: dict[str, str],
    by: Actor,
    now: datetime,
    settings: Settings,
) -> None:
    """Leave it in the history: with the move that it means, or by itself where none is needed.

    The system may have told us of the save before it answered, and the case be verified by now.
    """
    if case.status == status or (status == "fixed" and case.status in _SETTLED):
        write_event(session, case, what, by, now, {"cms": facts})
        return
    if status == "accepted" and case.status not in _SETTLED:
        write_event(session, case, what, by, now, {"cms": facts})
        return
    after = moves.to_status(case, status, None, by)
    if case.snoozed_until is not None:
        after["snoozed_until"] = None
    moves.apply(session, case, after, by, now, settings, {"cms": {**facts, "act": what}})


def _facts(task: Task, after: cms.Document) -> dict[str, str]:
    """What the history keeps of it."""
    return {
        "system": cms.name_of(task.connection.kind),
        "document": after.id,
        "revision": after.revision,
    }


def _change(
    task: Task, done: cms.Applied, after: cms.Document, by: Actor, now: datetime
) -> CmsChange:
    return CmsChange(
        case_id=task.case_id,
        kind=task.connection.kind,
        document_id=after.id,
        field=done.field,
        state=done.state,
        revision=after.revision,
        edit_url=after.edit_url,
        inverse=[[edit.start, edit.end, edit.text] for edit in done.inverse],
        by=by.name,
        at=now,
    )
