"""Pages of a list by keyset: a cursor holds the last value and id seen, never a number of rows."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid

T = TypeVar("T")


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A page of a list. `next` is the cursor of the page after it, None on the last one."""

    items: list[T]
    next: str | None


def page_of(
    session: Session, query: Select[T], limit: int, cursor_of: Callable[[T], str]
) -> Listing[T]:
    """The first rows of a query, and the cursor after them."""
    rows = list(session.scalars(query.limit(limit + 1)))
    items = rows[:limit]
    return Listing(items, cursor_of(items[-1]) if len(rows) > limit else None)


def cursor_at(of: str, value: object, last_id: int) -> str:
    """A cursor of the list `of`, after the row with this value and id."""
    plain = value.isoformat() if isinstance(value, datetime) else value
    packed = json.dumps([of, plain, last_id]).encode()
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def read_cursor(cursor: str, of: str, moments: bool = False) -> tuple[Any, int]:
    """The last value and id seen. Raises Invalid for a cursor that this list has not given.

    `moments`: the values of the list are points in time.
    """
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, value, last_id = json.loads(packed)
        if made_for == of and _fits_a_key(last_id):
            return _moment(value) if moments else _count(value), last_id
    except (ValueError, TypeError, OverflowError, RecursionError):
        pass  # told below, like a cursor of another list
    message = "is not a cursor of this list; take `next` from the page before"
    raise Invalid(FieldError("cursor", message))


def _fits_a_key(last_id: object) -> bool:
    return isinstance(last_id, int) and 0 <= last_id < 2**63


def _count(value: object) -> int:
    """A value that columns of counts hold, and that no comparison with them can choke on."""
    if not isinstance(value, int) or abs(value) >= 2**31:
        raise ValueError("not a count of ours")
    return value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
