"""Saved views of the queue: a person's own names for addresses that they come back to."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Invalid, NotFound
from core.models import SavedView

NAME_LENGTH = 60
QUERY_LENGTH = 2_000
MOST_VIEWS = 30


def views_of(session: Session, user_id: int) -> list[SavedView]:
    """A person's views in the order in which they were saved."""
    query = select(SavedView).where(SavedView.user_id == user_id).order_by(SavedView.id)
    return list(session.scalars(query))


def get_view(session: Session, view_id: int, user_id: int) -> SavedView:
    """One view. Raises NotFound, also for somebody else's."""
    found = session.get(SavedView, view_id)
    if found is None or found.user_id != user_id:
        raise NotFound("There is no such view.")
    return found


def view_named(session: Session, user_id: int, name: str) -> SavedView | None:
    """The view that a person has under this name, if there is one."""
    name = " ".join(name.split())
    same = select(SavedView).where(SavedView.user_id == user_id, SavedView.name == name)
    return session.scalar(same)


def save_view(session: Session, user_id: int, name: str, query: str, now: datetime) -> SavedView:
    """Keep the query of an address under a name. Raises Invalid, Conflict when there are too many.

    A name that the person has used already now stands for this query.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise Invalid(FieldError("name", f"must have 1 to {NAME_LENGTH} characters"))
    if len(query) > QUERY_LENGTH:
        raise Invalid(FieldError("query", "is too long"))
    found = view_named(session, user_id, name)
    if found is not None:
        found.query = query
        return found
    counted = select(func.count()).where(SavedView.user_id == user_id)
    if session.scalars(counted).one() >= MOST_VIEWS:
        raise Conflict(f"A person keeps at most {MOST_VIEWS} views.")
    view = SavedView(user_id=user_id, name=name, query=query, created_at=now)
    session.add(view)
    session.flush()
    return view


def forget_view(session: Session, view_id: int, user_id: int) -> None:
    """Remove a view. Raises NotFound, also for somebody else's."""
    session.delete(get_view(session, view_id, user_id))
