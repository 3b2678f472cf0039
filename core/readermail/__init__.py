"""The reader hears: one message a day at most, with all that became of their reports."""

from core.readermail.choices import Choice, confirm, find, stop
from core.readermail.letters import Letter, compose
from core.readermail.links import address_of
from core.readermail.rounds import longest_due, thank_due
from core.readermail.wording import WORDINGS, Wording, change_wording, say, wordings

__all__ = [
    "WORDINGS",
    "Choice",
    "Letter",
    "Wording",
    "address_of",
    "change_wording",
    "compose",
    "confirm",
    "find",
    "longest_due",
    "say",
    "stop",
    "thank_due",
    "wordings",
]
