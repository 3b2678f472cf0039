"""What a program is told: the event's type and the case as the API shows it."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import queries, representations
from core.channels import OutgoingHook
from core.messages.occasions import case_of
from core.messages.secrets import former_secret_of, secret_of
from core.models import Channel, Delivery
from core.settings import Settings


def compose(
    session: Session, channel: Channel, delivery: Delivery, settings: Settings, now: datetime
) -> OutgoingHook:
    """One event for one webhook. `timestamp` is when the event happened, in UTC."""
    case = case_of(delivery)
    ids = queries.report_ids(session, [case.id])[case.id]
    at = delivery.event.at if delivery.event else delivery.created_at
    body = {
        "type": delivery.event_type,
        "timestamp": representations.moment(at),
        "data": {"case": representations.case_json(case, ids)},
    }
    return hook(channel, delivery, body, settings, now)


def hook(
    channel: Channel,
    delivery: Delivery,
    body: dict[str, Any],
    settings: Settings,
    now: datetime,
) -> OutgoingHook:
    """One call, signed by each secret that is valid now."""
    return OutgoingHook(
        key=delivery.message_key,
        url=channel.target,
        secret=secret_of(channel, settings),
        event_type=delivery.event_type,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        former_secret=former_secret_of(channel, settings, now),
    )
