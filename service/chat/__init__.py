"""Buttons in chats: the platform's proof is checked, the person is known, one step is done."""

from flask import Blueprint

from service.chat import slack, telegram

blueprint = Blueprint("chat", __name__)
blueprint.post("/chat/telegram/<bot>")(telegram.update)
blueprint.post("/chat/slack")(slack.interaction)
