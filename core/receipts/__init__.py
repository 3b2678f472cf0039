"""What the holder of a receipt may do: see what became of a report, answer, and erase it."""

from core.receipts.erasing import erase
from core.receipts.forgetting import forget_reader
from core.receipts.outcome import Step, case_of, find, outcome, steps
from core.receipts.replying import LONGEST, may_reply, reply

__all__ = [
    "LONGEST",
    "Step",
    "case_of",
    "erase",
    "find",
    "forget_reader",
    "may_reply",
    "outcome",
    "reply",
    "steps",
]
