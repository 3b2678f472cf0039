"""What is open besides the cases that a message names, and where the desk shows it."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.messages.texts import cut
from core.models import Case, Site
from core.queries.narrowing import asleep
from core.settings import Settings
from core.workflow import OPEN

_TITLE_LENGTH = 80


def open_besides(session: Session, site_id: int, named: Collection[int], now: datetime) -> int:
    """How many open cases of a site that nobody has put off a message does not name."""
    query = select(func.count()).where(
        Case.site_id == site_id,
        Case.status.in_(OPEN),
        Case.merged_into_id.is_(None),
        ~asleep(now),
        Case.id.not_in(named),
    )
    return session.scalars(query).one()


def queue_address(settings: Settings, site: Site, title: str | None = None) -> str:
    """The queue of a site, or of one of its articles, which it finds by the title."""
    parts = {"site": site.key}
    if title is not None:
        parts |= {"status": "all", "q": cut(title, _TITLE_LENGTH).rstrip("…")}
    return f"{settings.base_url}/queue?{urlencode(parts)}"
