"""What a program is told: the event's type and the case as the API shows it."""

import json

from sqlalchemy.orm import Session

from core import queries, representations
from core.channels import OutgoingHook, PassingFailure
from core.errors import Conflict
from core.models import Channel, Delivery
from core.sealing import unseal
from core.settings import Settings


def compose(
    session: Session, channel: Channel, delivery: Delivery, settings: Settings
) -> OutgoingHook:
    """One event for one webhook. `timestamp` is when the event happened, in UTC.

    Raises PassingFailure while the secret cannot be read, for an operator can put that right.
    """
    ids = queries.report_ids(session, [delivery.case_id])[delivery.case_id]
    body = {
        "type": delivery.event_type,
        "timestamp": representations.moment(delivery.event.at),
        "data": {"case": representations.case_json(delivery.case, ids)},
    }
    return OutgoingHook(
        key=delivery.message_key,
        url=channel.target,
        secret=_secret(channel, settings),
        event_type=delivery.event_type,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
    )


def _secret(channel: Channel, settings: Settings) -> str:
    try:
        return unseal(channel.sealed_secret or "", settings.secret_key)
    except Conflict as fault:
        raise PassingFailure(str(fault)) from fault
