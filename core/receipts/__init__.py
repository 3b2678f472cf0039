"""What the holder of a receipt may do: see what became of a report, and erase it."""

from core.receipts.erasing import erase
from core.receipts.outcome import Step, case_of, find, outcome, steps

__all__ = ["Step", "case_of", "erase", "find", "outcome", "steps"]
