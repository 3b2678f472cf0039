"""Who is owed a message about what has just happened."""

from core.cadence import DIGEST_HOUR
from core.notices.audience import Audience, Hearer
from core.notices.owing import TYPES, assign, assignee, owed, rows_owed

__all__ = [
    "DIGEST_HOUR",
    "TYPES",
    "Audience",
    "Hearer",
    "assign",
    "assignee",
    "owed",
    "rows_owed",
]
