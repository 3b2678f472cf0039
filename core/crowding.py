"""How many messages go to one server at the same time: never more than two, whoever sends them.

What is under way is held by leases, in rows of deliveries and of readers, so that it is counted for
all workers together.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, literal, select, text, union
from sqlalchemy.orm import Session

from core.models import Channel, Delivery, ReaderAddress

LEASE = timedelta(seconds=30)  # a send may take 20 s; never scaled, for sending is not waiting
SENDS_PER_HOST = 2
MAIL = ""  # `Channel.host` of mail, which has one server for all; readers are written to there too
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7251101)")


def one_at_a_time(session: Session) -> None:
    """Let nobody else begin a send until this transaction is over."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(_ONE_AT_A_TIME)


def busy_hosts(session: Session, now: datetime, waiting: bool = True) -> Sequence[str]:
    """Hosts that are being spoken to as often as they may be.

    A test that waits for its turn holds a lease too, and counts no try yet: the others let it go
    first. It asks without those who are `waiting` like itself.
    """
    to_channels = (
        select(Channel.host.label("host"), Delivery.lease.label("lease"))
        .join(Delivery, Delivery.channel_id == Channel.id)
        .where(Delivery.leased_until >= now)
    )
    if not waiting:
        to_channels = to_channels.where(Delivery.attempts > 0)
    to_readers = select(literal(MAIL).label("host"), ReaderAddress.lease.label("lease")).where(
        ReaderAddress.leased_until >= now
    )
    sends = union(to_channels, to_readers).subquery()  # a lease once, however many rows it holds
    query = select(sends.c.host).group_by(sends.c.host)
    return session.scalars(query.having(func.count() >= SENDS_PER_HOST)).all()
