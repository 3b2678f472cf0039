"""Webhooks: one signed POST an event, as Standard Webhooks 1.0 has it."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from core import net
from core.channels.calling import outside
from core.channels.contract import OutgoingHook, PassingFailure, PermanentFailure, Taken
from core.settings import Settings

LIMITS = net.Limits(total_seconds=15.0)
_ASKS_FOR_PATIENCE = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}


def send(hook: OutgoingHook, settings: Settings, clock: Callable[[], datetime]) -> Taken:
    """Post one event. Taken is any 2xx answer; no redirect is followed.

    5xx, 408, 425, 429 and no answer are passing, everything else is final: whoever says 404 or 410
    to a webhook says the same tomorrow.
    """
    try:
        headers = signed(hook, clock())
        called = net.Call(url=hook.url, body=hook.body, headers=headers, limits=LIMITS)
        answer = net.call(called, outside(settings))
    except net.NetError as fault:
        failure = PassingFailure if fault.passing else PermanentFailure
        raise failure(str(fault)) from fault
    except ValueError as fault:
        raise PermanentFailure("The webhook's secret or address cannot be used.") from fault
    if answer.ok:
        return Taken()
    if answer.status not in _ASKS_FOR_PATIENCE and answer.status < 500:
        raise PermanentFailure(f"The webhook answered {answer.status}.")
    now = clock()
    retry_at = answer.retry_at(now)
    wait = None if retry_at is None else retry_at - now
    raise PassingFailure(f"The webhook answered {answer.status}.", wait)


def signed(hook: OutgoingHook, now: datetime) -> dict[str, str]:
    """The headers that prove who speaks, by each secret that is valid now.

    Raises ValueError for a secret that is not base64.
    """
    timestamp = str(int(now.timestamp()))
    content = f"{hook.key}.{timestamp}.".encode() + hook.body
    valid = [hook.secret] if hook.former_secret is None else [hook.secret, hook.former_secret]
    return {
        "Content-Type": "application/json",
        "webhook-id": hook.key,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in valid),
    }


def _signature(secret: str, content: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as fault:
        raise ValueError("not a webhook secret") from fault
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode("ascii")
