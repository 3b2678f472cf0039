"""Which stored secrets this installation's key does not open."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.models import Channel, CmsConnection, SecondFactor, Site
from core.sealing import unseal


@dataclass(frozen=True)
class Unopened:
    """By the numbers of channels, the keys of sites with a CMS, and how many people's devices."""

    channels: tuple[int, ...]
    systems: tuple[str, ...]
    devices: int

    def __bool__(self) -> bool:
        return bool(self.channels or self.systems or self.devices)

    def __str__(self) -> str:
        said = []
        if self.channels:
            said.append(f"channels {', '.join(map(str, self.channels))}")
        if self.systems:
            said.append(f"the CMS of {', '.join(self.systems)}")
        if self.devices:
            said.append(f"the second step of {self.devices} people")
        return "; ".join(said)


def unopened_secrets(session: Session, secret_key: str) -> Unopened:
    """All that was sealed with another key than this, and so cannot be used."""
    channels = session.execute(
        select(Channel.id, Channel.sealed_secret)
        .where(Channel.sealed_secret.is_not(None))
        .order_by(Channel.id)
    )
    systems = session.execute(
        select(Site.key, CmsConnection.sealed_secret)
        .join(CmsConnection, CmsConnection.site_id == Site.id)
        .order_by(Site.key)
    )
    devices = session.scalars(select(SecondFactor.sealed))
    return Unopened(
        tuple(number for number, sealed in channels if not _opens(sealed or "", secret_key)),
        tuple(key for key, sealed in systems if not _opens(sealed, secret_key)),
        sum(not _opens(sealed, secret_key) for sealed in devices),
    )


def _opens(sealed: str, secret_key: str) -> bool:
    try:
        unseal(sealed, secret_key)
    except Conflict:
        return False
    return True
