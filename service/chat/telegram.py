"""What Telegram tells us: a button was pressed, somebody asks for a link, a group has moved.

An answer to the call itself may name one method, which Telegram then does; so nothing is called
from here. See core.telegram.org/bots/api: setWebhook, "Making requests when getting updates".
"""

import hmac
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import select

from core import chatlinks, delivery
from core.errors import Forbidden
from core.models import Channel
from service.chat.pressing import Presser, channels_in, link_for, press
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
    message = _part(query, "message")
    chat = _part(message, "chat")
    here = channels_in("telegram", str(chat.get("id")), str(chat.get("username", "")))
    told = press(_presser(bot, query, here), str(query.get("data", "")))
    answer = {"method": "answerCallbackQuery", "callback_query_id": query.get("id")}
    name = _part(message, "from").get("username")
    if told.link is not None and name:  # an alert cannot hold a link, but it can open our bot
        return {**answer, "url": f"https://t.me/{name}?start=link"}
    text = f"{told.text} /link" if told.link else told.text
    return {**answer, "text": text[:_LONGEST_ALERT], "show_alert": told.link is not None}


def _written(bot: str, message: dict[str, Any]) -> dict[str, Any]:
    chat = _part(message, "chat")
    if "migrate_to_chat_id" in message:
        _follow(bot, str(chat.get("id")), str(message["migrate_to_chat_id"]))
        return {}
    command = str(message.get("text", "")).split(maxsplit=1)[:1]  # `/start link` from our own link
    if chat.get("type") != "private" or command not in (["/start"], ["/link"]):
        return {}
    language = str(_part(message, "from").get("language_code", ""))
    told = link_for(_presser(bot, message, frozenset()), language)
    return {"method": "sendMessage", "chat_id": chat.get("id"), "text": f"{told.text}\n{told.link}"}


def _follow(bot: str, old: str, new: str) -> None:
    """A group that has become a supergroup has another number."""
    with service().db.write() as session:
        query = select(Channel).where(Channel.kind == "telegram", Channel.target == old)
        for channel in session.scalars(query).all():
            if channel.options.get("bot") == bot:
                delivery.follow(session, channel, new)


def _presser(bot: str, update: dict[str, Any], here: frozenset[int]) -> Presser:
    who = _part(update, "from")
    return Presser("telegram", bot, str(who.get("id", "")), str(who.get("first_name", "")), here)


def _part(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}
