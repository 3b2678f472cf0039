"""The person behind a report is forgotten; what they pointed at stays."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Event, Report
from core.receipts.erasing import lock, take_from_deliveries, take_from_messages
from core.receipts.outcome import case_of


def forget_reader(session: Session, report: Report, mail_folder: Path, now: datetime) -> None:
    """Take the reader out of a report: e-mail address, comment, answers, what was written to them.

    The error, its place and the suggestion stay, and so does the receipt. Mails about the case that
    still lie in the folder go as a whole. Doing it again changes nothing.
    """
    lock(session, report)
    said = {text for text in (report.comment, report.email) if text}
    report.comment = report.email = None
    case = case_of(session, report)
    if case is not None:
        take_from_deliveries(session, case, said, mail_folder)
        for event in session.scalars(
            select(Event).where(Event.case_id == case.id, Event.type == "note")
        ):
            if event.data.get("report") == report.id and event.data.get("text"):
                event.data = {**event.data, "text": ""}
    take_from_messages(session, report, mail_folder)
    report.forgotten_at = now
