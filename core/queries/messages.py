"""Messages owed to editors or sent."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.errors import NotFound
from core.models import Channel, Delivery
from core.queries.narrowing import of_sites
from core.queries.paging import Listing, cursor_at, page_of, read_cursor
from core.queries.search import SiteIds


def list_deliveries(
    session: Session,
    site_ids: SiteIds,
    status: str | None,
    channel_id: int | None,
    cursor: str | None,
    limit: int,
) -> Listing[Delivery]:
    """Messages owed or sent, newest first, with their channel."""
    query = (
        select(Delivery)
        .join(Delivery.channel)
        .where(*of_sites(Channel.site_id, site_ids))
        .options(joinedload(Delivery.channel).joinedload(Channel.site), joinedload(Delivery.case))
        .order_by(Delivery.id.desc())
    )
    if status is not None:
        query = query.where(Delivery.status == status)
    if channel_id is not None:
        query = query.where(Delivery.channel_id == channel_id)
    if cursor is not None:
        query = query.where(Delivery.id < read_cursor(cursor, "deliveries")[1])
    return page_of(session, query, limit, lambda delivery: cursor_at("deliveries", 0, delivery.id))


def get_delivery(session: Session, delivery_id: int, site_ids: SiteIds) -> Delivery:
    """One message. Raises NotFound, also for a foreign site's."""
    query = (
        select(Delivery)
        .join(Delivery.channel)
        .where(Delivery.id == delivery_id, *of_sites(Channel.site_id, site_ids))
        .options(joinedload(Delivery.channel))
    )
    delivery = session.scalar(query)
    if delivery is None:
        raise NotFound("There is no such delivery.")
    return delivery


def count_dead(session: Session, site_ids: SiteIds) -> int:
    """How many messages were given up."""
    query = select(func.count()).select_from(Delivery).join(Delivery.channel)
    return session.scalars(
        query.where(Delivery.status == "dead", *of_sites(Channel.site_id, site_ids))
    ).one()
