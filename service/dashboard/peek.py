"""The case under the queue's cursor in short, for the column beside the list on wide screens."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint
from werkzeug.wrappers import Response

from core.casefile import Proposal
from core.clock import utcnow
from service.context import service
from service.dashboard.access import needs
from service.dashboard.cases import Opened, opened_case
from service.dashboard.histories import Line, Note
from service.dashboard.marks import Mark, calm_runs_of
from service.dashboard.rendering import page

_LONGEST_ERROR, _LONGEST_PROPOSAL = 600, 300  # characters, of what stands and what should stand
_MOST_RUNS, _MOST_RUNS_PROPOSED = 40, 20
_MOST_PROPOSALS, _MOST_TEXTS, _MOST_LINES = 3, 2, 3


@dataclass(frozen=True)
class Glimpse:
    """What is shown of a case in passing; its own page has the rest.

    `fits`: the error is short enough to be marked here. `left_out`: suggestions not among
    `proposals`. `comments`: readers' words, the first ones; `notes`: the last ones; `lines`: newest
    first.
    """

    opened: Opened
    fits: bool
    proposals: list[tuple[Proposal, tuple[Mark, ...]]]
    left_out: int
    comments: list[str]
    notes: list[Note]
    lines: list[Line]


def register(blueprint: Blueprint) -> None:
    """The address of the case in short."""
    blueprint.get("/cases/<int:case_id>/peek")(peek)


@needs("viewer")
def peek(case_id: int) -> Response:
    """A case in short, for whom its page is open.

    It is no presence: the cursor passes over cases that nobody thinks about, and a colleague would
    keep off from each of them. Who opens the page of a case is looking at it.
    """
    with service().db.read() as session:
        glimpse = _glimpse(opened_case(session, case_id, utcnow()))
    return page("desk/peek.html", glimpse=glimpse, opened=glimpse.opened)


def _glimpse(opened: Opened) -> Glimpse:
    short = [(p, marks) for p, marks in opened.proposals if _is_short(opened, p, marks)]
    shown = short[:_MOST_PROPOSALS]
    said = [r.comment for r in opened.file.reports if r.comment and not r.erased_at]
    return Glimpse(
        opened=opened,
        fits=_fits(opened),
        proposals=shown,
        left_out=len(opened.proposals) - len(shown),
        comments=said[:_MOST_TEXTS],
        notes=opened.notes[-_MOST_TEXTS:],
        lines=opened.lines[:_MOST_LINES],
    )


def _fits(opened: Opened) -> bool:
    """Whether the error with its difference can stand in the column, and in 20 KB."""
    row = opened.row
    around = [calm_runs_of(text) for text in (*opened.around, row.before, row.after)]
    runs = _runs(row.marks) + sum(map(len, around))
    length = len(row.case.exact) + len(row.case.suggestion or "")
    return length <= _LONGEST_ERROR and runs <= _MOST_RUNS


def _is_short(opened: Opened, proposal: Proposal, marks: Sequence[Mark]) -> bool:
    length = len(opened.file.case.exact) + len(proposal.text)
    return length <= _LONGEST_PROPOSAL and _runs(marks) <= _MOST_RUNS_PROPOSED


def _runs(marks: Sequence[Mark]) -> int:
    return sum(len(mark.runs) for mark in marks)
