"""What became of a report, for the reader who holds its receipt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.models import Case, Event, Report

_TOLD = ("accepted", "fixed", "verified", "dismissed", "regressed")


@dataclass(frozen=True)
class Step:
    """One stage of a report's way: `sent`, a status that its case came to, or `regressed`.

    `still_there`: somebody had said that it is fixed, and the page shows that it is not.
    """

    kind: str
    at: datetime


def find(session: Session, receipt: str) -> Report:
    """The report that a receipt is for. Raises NotFound."""
    report = None
    if receipt.isascii() and receipt.isprintable():
        report = session.scalar(select(Report).where(Report.receipt == receipt))
    if report is None:
        raise NotFound("There is no report with this receipt. Check that the address is whole.")
    return report


def case_of(session: Session, report: Report) -> Case | None:
    """The case that a report belongs to; None while it is not sorted."""
    return None if report.case_id is None else session.get(Case, report.case_id)


def outcome(report: Report, case: Case | None) -> dict[str, Any]:
    """What became of a report, as the contract has it.

    `already_known`: another reader had reported it before; `already_fixed`: editors had already
    put it right when this report came.
    """
    answer = None
    if case is not None:
        answer = {
            "status": case.status,
            "resolution": case.resolution,
            "readers": case.readers,
            "already_known": report.already_known,
            "already_fixed": report.already_fixed,
        }
    return {"status": "received" if report.sorted_at is None else "sorted", "case": answer}


def steps(session: Session, report: Report, case: Case | None) -> list[Step]:
    """The way of a report so far, in the order of time; what was taken back is left out."""
    way = {0: Step("sent", report.received_at)}
    if case is not None:
        history = select(Event).where(Event.case_id == case.id).order_by(Event.id)
        for event in session.scalars(history):
            if event.type == "undone":
                way.pop(event.data["event"], None)
            elif event.type in _TOLD:
                way[event.id] = Step(_kind(event), event.at)
    return sorted(way.values(), key=lambda step: step.at)


def _kind(event: Event) -> str:
    sent_back = event.type == "accepted" and event.data.get("verdict") == "still_there"
    return "still_there" if sent_back else event.type
