"""What Slack tells us: a button was pressed, or a reason chosen.

See docs.slack.dev: verifying requests from Slack, handling user interaction.
"""

import hmac
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from flask import Response, make_response, request
from sqlalchemy import select

from core.channels import slack
from core.clock import utcnow
from core.errors import Conflict, Forbidden
from core.models import Channel
from core.sealing import unseal
from service.chat.pressing import Presser, channels_in, press
from service.context import service

_OLDEST_S = 300


def interaction() -> Response:
    """One press. Slack wants its answer within three seconds; what is said goes to the presser."""
    proven = _proven_by(request.get_data(cache=True))
    told = _payload()
    team, user = told.get("team") or {}, told.get("user") or {}
    here = channels_in("slack", str((told.get("channel") or {}).get("id")))
    presser = Presser(
        "slack", str(team.get("id")), str(user.get("id")), str(user.get("name")), proven & here
    )
    for action in told.get("actions") or []:
        value = (action.get("selected_option") or {}).get("value") or action.get("value")
        if not value:
            continue
        answer = press(presser, str(value))
        if not answer.shown:
            text = f"{answer.text} {answer.link}" if answer.link else answer.text
            slack.whisper(str(told.get("response_url")), text, service().settings)
    return make_response("", 200)


def _proven_by(body: bytes) -> frozenset[int]:
    """The channels with whose signing secret Slack has signed this within the last minutes.

    Raises Forbidden where there is none.
    """
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise Forbidden("This call is not Slack's.")
    if abs(utcnow().timestamp() - int(stamp)) > _OLDEST_S:
        raise Forbidden("This call is too old.")
    given = request.headers.get("X-Slack-Signature", "").encode()
    content = f"v0:{stamp}:".encode() + body
    proven = {
        number
        for number, secret in _signing_secrets()
        if hmac.compare_digest(
            given, b"v0=" + hmac.digest(secret.encode(), content, "sha256").hex().encode()
        )
    }
    if not proven:
        raise Forbidden("This call is not Slack's.")
    return frozenset(proven)


def _signing_secrets() -> Iterator[tuple[int, str]]:
    """Of each channel in Slack; one that this installation's key does not open proves nothing."""
    with service().db.read() as session:
        query = select(Channel.id, Channel.sealed_secret).where(Channel.kind == "slack")
        sealed = session.execute(query).all()
    for number, text in sealed:
        with suppress(Conflict):
            _, _, secret = unseal(text or "", service().settings.secret_key).partition(" ")
            if secret:
                yield number, secret


def _payload() -> dict[str, Any]:
    try:
        found = json.loads(request.form.get("payload", ""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
