"""Two people at one form of the settings: the second is told, and replaces nothing unknowingly.

A form carries a mark of what stood when it was opened. What stands at another mark when it comes
back was saved by somebody else in between: then nothing is saved, what was typed is shown again
with the mark of what stands now, and only saving once more puts it in the other's place.
"""

import hashlib
import json

from flask import request

from core.errors import Conflict


class Overtaken(Conflict):
    """Somebody else has saved since the form was opened. `shown`: what its page says of that."""

    def __init__(self, stands: str) -> None:
        super().__init__("Somebody else has changed these settings meanwhile.")
        self.shown = {"overtaken": True, "seen": stands}


def mark_of(standing: object) -> str:
    """A mark of values as they stand: other values, another mark."""
    told = json.dumps(standing, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def check_seen(standing: object) -> None:
    """Raises Overtaken if these values stand otherwise than when the form sent was opened.

    A form without a mark shows nothing that stands, so that it cannot be overtaken.
    """
    seen, stands = request.form.get("seen", ""), mark_of(standing)
    if seen and seen != stands:
        raise Overtaken(stands)
