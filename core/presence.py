"""Who is looking at which case now: so that two editors do not do the same work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.models import Presence, User

LASTS = timedelta(seconds=30)  # the desk says every ten that it is still there


def look(session: Session, case_id: int, user_id: int, now: datetime) -> None:
    """Note that a person has a case before them. What has run out goes."""
    session.execute(delete(Presence).where(Presence.seen_at < now - LASTS))
    found = session.get(Presence, (case_id, user_id))
    if found is None:
        session.add(Presence(case_id=case_id, user_id=user_id, seen_at=now))
    else:
        found.seen_at = now


def lookers(
    session: Session, case_ids: Sequence[int], but_for: int, now: datetime
) -> dict[int, list[str]]:
    """The names of others who look at these cases now, by case."""
    query = (
        select(Presence.case_id, User.name)
        .join(User, User.id == Presence.user_id)
        .where(Presence.case_id.in_(case_ids), Presence.user_id != but_for)
        .where(Presence.seen_at >= now - LASTS)
        .order_by(User.name)
    )
    found: dict[int, list[str]] = {}
    for case_id, name in session.execute(query):
        found.setdefault(case_id, []).append(name)
    return found
