"""What Telegram tells us: a button was pressed, somebody asks for a link, a group has moved.

An answer to the call itself may name one method, which Telegram then does; so nothing is called
from here. See core.telegram.org/bots/api: setWebhook, "Making requests when getting updates".
"""

import hmac
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import select

from core import chatlinks
from core.errors import Forbidden
from core.models import Channel
from service.chat.pressing import Presser, link_for, press
from service.context import service

_LONGEST_ALERT = 200


def update(bot: str) -> Response:
    """One update. Always 200 once it is known to be Telegram's, or it would come again."""
    proof = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not hmac.compare_digest(
        proof.encode(), chatlinks.telegram_proof(service().settings, bot).encode()
    ):
        raise Forbidden("This call is not Telegram's.")
    told = request.get_json(force=True, silent=True)
    told = told if isinstance(told, dict) else {}
    query, message = told.get("callback_query"), told.get("message")
    if isinstance(query, dict):
        return jsonify(_pressed(bot, query))
    if isinstance(message, dict):
        return jsonify(_written(bot, message))
    return jsonify({})


def _pressed(bot: str, query: dict[str, Any]) -> dict[str, Any]:
    presser = _presser(bot, query.get("from"))
    told = press(presser, str(query.get("data", "")))
    text = f"{told.text} /link" if told.link else told.text  # an alert cannot hold a link
    return {
        "method": "answerCallbackQuery",
        "callback_query_id": query.get("id"),
        "text": text[:_LONGEST_ALERT],
        "show_alert": told.link is not None,
    }


def _written(bot: str, message: dict[str, Any]) -> dict[str, Any]:
    chat = message.get("chat", {})
    if "migrate_to_chat_id" in message:
        _follow(bot, str(chat.get("id")), str(message["migrate_to_chat_id"]))
        return {}
    command = str(message.get("text", "")).split("@")[0].strip()
    if chat.get("type") != "private" or command not in ("/start", "/link"):
        return {}
    sender = message.get("from", {})
    told = link_for(_presser(bot, sender), str(sender.get("language_code", "")))
    return {"method": "sendMessage", "chat_id": chat.get("id"), "text": f"{told.text}\n{told.link}"}


def _follow(bot: str, old: str, new: str) -> None:
    """A group that has become a supergroup has another number."""
    with service().db.write() as session:
        for channel in session.scalars(
            select(Channel).where(Channel.kind == "telegram", Channel.target == old)
        ):
            if channel.options.get("bot") == bot:
                channel.target = new


def _presser(bot: str, sender: object) -> Presser:
    who = sender if isinstance(sender, dict) else {}
    return Presser("telegram", bot, str(who.get("id", "")), str(who.get("first_name", "")))
