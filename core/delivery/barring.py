"""To which channels nothing may be sent any more, whatever is owed to them."""

from sqlalchemy.orm import Session

from core.errors import Conflict
from core.models import Channel, User
from core.rights import rights_of


def why_barred(session: Session, channel: Channel) -> str | None:
    """Why nothing goes to a channel: it was removed, its mails were ended, or the person whose own
    it is may not see the site any more. None for one that may hear.

    Asked right before each send, so that what was owed before does not go out after.
    """
    if channel.options.get("removed"):
        return "The channel was removed."
    if channel.options.get("stopped"):
        return "The channel was unsubscribed."
    if channel.user_id is not None:
        owner = session.get(User, channel.user_id)
        if owner is None or not rights_of(owner).may("viewer", channel.site_id):
            return "Its person has no role on the site any more."
    return None


def demand_open(session: Session, channel: Channel) -> None:
    """Raise Conflict, with the reason, for a channel to which nothing goes any more."""
    barred = why_barred(session, channel)
    if barred is not None:
        raise Conflict(barred)
