"""What chat platforms have in common: a JSON call, and failures that mean the same everywhere."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Literal

from core import net
from core.channels.contract import PassingFailure, PermanentFailure
from core.settings import Settings

# Two calls, one after the other, still end within the limit of one send.
_SECONDS = 9.0
_LONGEST_WAIT = 7 * 24 * 3600
PATIENCE_ASKED = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}


def outside(settings: Settings) -> net.Outside:
    """The world as a channel may reach it."""
    agent = net.user_agent(version("tuzet"), settings.base_url)
    return net.Outside(user_agent=agent, private_networks=settings.private_networks)


def call_json(
    url: str,
    payload: object,
    settings: Settings,
    headers: Mapping[str, str] | None = None,
    method: Literal["POST", "PATCH"] = "POST",
    seconds: float = _SECONDS,
) -> net.Answer:
    """Send JSON and give the answer, whatever its status.

    No redirect is followed. Raises PassingFailure, PermanentFailure where no answer comes.
    """
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    wanted = net.Call(
        url=url,
        method=method,
        body=body,
        headers={"Content-Type": "application/json; charset=utf-8", **(headers or {})},
        limits=net.Limits(total_seconds=seconds),
    )
    try:
        return net.call(wanted, outside(settings))
    except net.NetError as fault:
        failure = PassingFailure if fault.passing else PermanentFailure
        raise failure(str(fault)) from fault


def check(answer: net.Answer, who: str, now: datetime) -> None:
    """Raise the failure that a status means: 5xx, 408, 425 and 429 pass, all else is final."""
    if answer.ok:
        return
    reason = f"{who} answered {answer.status}."
    if answer.status in PATIENCE_ASKED or answer.status >= 500:
        raise PassingFailure(reason, patience(answer, now))
    raise PermanentFailure(reason)


def patience(answer: net.Answer, now: datetime) -> timedelta | None:
    """How long the other side asks us to wait, if it does."""
    retry_at = answer.retry_at(now)
    return None if retry_at is None else retry_at - now


def asked_for(seconds: object) -> timedelta | None:
    """A number of seconds that an answer asks us to wait; None for what is no such number."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return timedelta(seconds=seconds) if 0 <= seconds <= _LONGEST_WAIT else None


def read_json(answer: net.Answer) -> dict[str, Any]:
    """The object in an answer; an empty one if there is none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def cut(text: str, length: int) -> str:
    """At most so many characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
