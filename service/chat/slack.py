"""What Slack tells us: a button was pressed, or a reason chosen.

See docs.slack.dev: verifying requests from Slack, handling user interaction.
"""

import hmac
import json
from typing import Any

from flask import Response, make_response, request
from sqlalchemy import select

from core.channels import slack
from core.clock import utcnow
from core.errors import Forbidden, NotFound
from core.models import Channel
from core.sealing import unseal
from service.chat.pressing import Presser, press
from service.context import service

_OLDEST_S = 300


def interaction() -> Response:
    """One press. Slack wants its answer within three seconds; what is said goes to the presser."""
    body = request.get_data(cache=True)
    _check(body)
    told = _payload()
    team, user = told.get("team") or {}, told.get("user") or {}
    presser = Presser("slack", str(team.get("id")), str(user.get("id")), str(user.get("name")))
    for action in told.get("actions", []):
        value = (action.get("selected_option") or {}).get("value") or action.get("value")
        if not value:
            continue
        try:
            answer = press(presser, str(value))
        except NotFound as fault:
            slack.whisper(str(told.get("response_url")), str(fault), service().settings)
            continue
        if answer.link is not None or not answer.text:
            text = f"{answer.text} {answer.link}"
            slack.whisper(str(told.get("response_url")), text, service().settings)
    return make_response("", 200)


def _check(body: bytes) -> None:
    """Raise Forbidden for what none of our Slack apps has signed within the last minutes."""
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise Forbidden("This call is not Slack's.")
    if abs(utcnow().timestamp() - int(stamp)) > _OLDEST_S:
        raise Forbidden("This call is too old.")
    given = request.headers.get("X-Slack-Signature", "").encode()
    content = f"v0:{stamp}:".encode() + body
    for secret in _signing_secrets():
        expected = "v0=" + hmac.digest(secret.encode(), content, "sha256").hex()
        if hmac.compare_digest(given, expected.encode()):
            return
    raise Forbidden("This call is not Slack's.")


def _signing_secrets() -> set[str]:
    with service().db.read() as session:
        sealed = session.scalars(
            select(Channel.sealed_secret).where(
                Channel.kind == "slack", Channel.sealed_secret.is_not(None)
            )
        ).all()
    key = service().settings.secret_key
    opened = [unseal(text, key) for text in sealed if text is not None]
    return {parts[1] for text in opened if len(parts := text.split()) == 2}


def _payload() -> dict[str, Any]:
    try:
        found = json.loads(request.form.get("payload", ""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
