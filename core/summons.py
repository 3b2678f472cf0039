"""Look at this page now: what makes its next reading due at once."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.models import Case


def read_now(session: Session, page_id: int, now: datetime) -> None:
    """Let a page be read next for all its cases that are read for at all.

    Its host's turns and its site's budget are kept all the same. Ring READ after the commit.
    """
    waiting = update(Case).where(Case.page_id == page_id, Case.check_due_at > now)
    session.execute(waiting.values(check_due_at=now))
