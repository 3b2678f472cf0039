"""The one way to write a line into a case's history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.models import Case, Event


@dataclass(frozen=True)
class Actor:
    """Who acts, and by which way.

    `name` is an e-mail address, or `reader`, `verifier`, `scheduler`; `via` is `snippet`, `desk`,
    `api`, `mail` or `clock`; `user_id` is the person's, None for machines and unknown addresses.
    """

    name: str
    via: str
    user_id: int | None = None


READER = Actor("reader", "snippet")


def write_event(
    session: Session, case: Case, kind: str, by: Actor, now: datetime, data: dict[str, Any]
) -> Event:
    """Add a line to the history and give it its number."""
    event = Event(case_id=case.id, type=kind, actor=by.name, via=by.via, at=now, data=data)
    session.add(event)
    session.flush()
    return event
