"""A reader answers: "this is not what I meant"."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import moves, notices
from core.errors import Conflict, FieldError, Invalid
from core.history import Actor, write_event
from core.models import Delivery, Event, Report
from core.settings import Settings

LONGEST = 1_000
MOST = 3  # answers of one reader about one report
_BY = Actor("reader", "receipt")


def reply(
    session: Session, report: Report, text: str, now: datetime, settings: Settings
) -> list[Delivery]:
    """Add a reader's answer to the notes of their case, and to the channels' next digest.

    It decides nothing: an editor reads it and does what is right. Raises Invalid for an empty or
    too long text, Conflict while there is no case, after the report was erased, and after MOST
    answers.
    """
    text = text.strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise Invalid(FieldError("text", f"must have 1 to {LONGEST} characters"))
    if report.case_id is None or report.erased_at is not None:
        raise Conflict("There is nothing to answer to yet.")
    case = moves.locked(session, report.case_id)
    if not may_reply(session, report):
        raise Conflict("You have answered several times already; the newsroom has it all.")
    event = write_event(session, case, "note", _BY, now, {"text": text, "report": report.id})
    rows = notices.rows_owed(notices.Audience(session), case, event.id, "joined", now, settings)
    owed = [Delivery(**row) for row in rows]
    session.add_all(owed)
    return owed


def may_reply(session: Session, report: Report) -> bool:
    """Whether the reader can still answer."""
    if report.case_id is None or report.erased_at is not None:
        return False
    notes = select(Event.data).where(Event.case_id == report.case_id, Event.type == "note")
    written = [data for data in session.scalars(notes) if data.get("report") == report.id]
    return len(written) < MOST
