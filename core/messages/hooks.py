"""What a program is told: the event's type and the case as the API shows it."""

import json
from datetime import UTC

from sqlalchemy.orm import Session

from core import queries, representations
from core.channels import OutgoingHook
from core.models import Channel, Delivery
from core.sealing import unseal
from core.settings import Settings


def compose(
    session: Session, channel: Channel, delivery: Delivery, settings: Settings
) -> OutgoingHook:
    """One event for one webhook. `timestamp` is when the event happened, in UTC."""
    ids = queries.report_ids(session, [delivery.case_id])[delivery.case_id]
    body = {
        "type": delivery.event_type,
        "timestamp": delivery.event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {"case": representations.case_json(delivery.case, ids)},
    }
    return OutgoingHook(
        key=delivery.message_key,
        url=channel.target,
        secret=unseal(channel.sealed_secret or "", settings.secret_key),
        event_type=delivery.event_type,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
    )
