"""What a reader may choose: no message any more, or one about each report."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import thanks
from core.errors import NotFound
from core.models import ReaderAddress, Site
from core.readermail import links
from core.settings import Settings


@dataclass(frozen=True)
class Choice:
    """A reader of one site and what they have chosen so far."""

    address: ReaderAddress
    site: Site

    @property
    def stopped(self) -> bool:
        """Whether they want no message."""
        return self.address.stopped_at is not None

    @property
    def confirmed(self) -> bool:
        """Whether they have asked for more than the first message."""
        return self.address.confirmed_at is not None and not self.stopped


def find(session: Session, settings: Settings, token: str, *, lock: bool = False) -> Choice:
    """The reader whose link it is. Raises NotFound for a wrong one."""
    address_id = links.read(settings, token)
    address = session.get(ReaderAddress, address_id, with_for_update=lock or None)
    if address is None:
        raise NotFound("This link is not valid. Check that the address is whole.")
    return Choice(address, session.get_one(Site, address.site_id))


def stop(choice: Choice, now: datetime) -> None:
    """Write no more to this reader for this site, whatever they report later."""
    if not choice.stopped:
        choice.address.stopped_at = now
    choice.address.confirmed_at = choice.address.due_at = None


def confirm(choice: Choice, now: datetime, settings: Settings) -> None:
    """The reader has used a message to ask for more: the address is theirs, and they may hear.

    What came about since the last message is told a day after it.
    """
    address = choice.address
    if choice.confirmed:
        return
    address.confirmed_at, address.stopped_at = now, None
    told_at = address.last_sent_at or now
    address.due_at = max(now, told_at + settings.scaled(thanks.BETWEEN))
