"""The person behind a report is forgotten; what they pointed at stays."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from core.models import Report
from core.receipts.erasing import take_answers, take_from_deliveries, take_from_messages
from core.receipts.visiting import lock, visits


def forget_reader(session: Session, report: Report, mail_folder: Path, now: datetime) -> None:
    """Take the reader out of a report: e-mail address, comment, answers, what was written to them.

    The error, its place and the suggestion stay, and so does the receipt. Mails about the case,
    and about those that the report was in before, go from the folder as a whole. Doing it
    again changes nothing.
    """
    lock(session, report)
    said = {text for text in (report.comment, report.email) if text}
    report.comment = report.email = None
    for visit in visits(session, report):
        take_from_deliveries(session, visit.case, said, mail_folder)
        take_answers(visit, report)
    take_from_messages(session, report, mail_folder)
    report.forgotten_at = now
