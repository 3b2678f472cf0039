"""Telegram: a bot's message with buttons, changed in place when the case moves.

The target is the chat's number, the secret the bot's token. See core.telegram.org/bots/api.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from html import escape, unescape
from typing import Any

from core.channels.calling import asked_for, call_json, cut, patience, read_json
from core.channels.contract import Card, OutgoingChat, PassingFailure, PermanentFailure, Taken
from core.channels.plain import is_public, left_off
from core.channels.shortening import fitted
from core.settings import Settings

API = "https://api.telegram.org"
_TEXT = 4_000  # of 4,096, counted in UTF-16 as they read: no marks, no addresses
_TAG = re.compile(r"<[^>]*>")
_MOST_BUTTONS = 96  # of 100
_KEYBOARD = 8_000  # of 10 KB
_NOTHING_TO_CHANGE = (
    "message is not modified",
    "message to edit not found",
    "message_id_invalid",
    "can't be edited",
)


def send(chat: OutgoingChat, settings: Settings, clock: Callable[[], datetime]) -> Taken:
    """Send or change one message. A group that has become a supergroup is followed there.

    429 and 5xx pass, with the patience that Telegram asks for; all else is final.
    """
    message = _message(chat)
    if chat.edits is not None:
        target, _, number = chat.edits.rpartition("/")
        wanted = {**message, "chat_id": target, "message_id": int(number)}
        told = _call(chat, "editMessageText", wanted, settings, clock)
        return Taken(moved_to=_moved_to(told))  # what the group that was has been told, stays
    answer = _call(chat, "sendMessage", {**message, "chat_id": chat.target}, settings, clock)
    moved = _moved_to(answer)
    if moved is not None:
        answer = _call(chat, "sendMessage", {**message, "chat_id": moved}, settings, clock)
    return _taken(chat, answer, moved)


def listen(
    chat: OutgoingChat, url: str, proof: str, settings: Settings, clock: Callable[[], datetime]
) -> None:
    """Have Telegram call `url` with `proof` when a button is pressed, and ask for nothing else."""
    wanted = {"url": url, "secret_token": proof, "allowed_updates": ["message", "callback_query"]}
    _call(chat, "setWebhook", wanted, settings, clock)


def _call(
    chat: OutgoingChat,
    method: str,
    wanted: dict[str, Any],
    settings: Settings,
    clock: Callable[[], datetime],
) -> dict[str, Any]:
    """One call. Returns the answer's object; the two refusals that are none are returned too."""
    api = str(chat.options.get("api", API))
    answer = call_json(f"{api}/bot{chat.secret}/{method}", wanted, settings)
    told = read_json(answer)
    if told.get("ok") is True or _moved_to(told) is not None or _needs_no_change(chat, told):
        return told
    reason = f"Telegram answered {answer.status}."
    if answer.status == 429 or answer.status >= 500 or answer.ok:
        asked = asked_for(_parameters(told).get("retry_after"))
        raise PassingFailure(reason, asked or patience(answer, clock()))
    raise PermanentFailure(reason)


def _taken(chat: OutgoingChat, told: dict[str, Any], moved: str | None) -> Taken:
    result = told.get("result")
    number = result.get("message_id") if isinstance(result, dict) else None
    if number is None:
        return Taken(moved_to=moved)
    return Taken(reference=f"{moved or chat.target}/{number}", moved_to=moved)


def _moved_to(told: dict[str, Any]) -> str | None:
    """The new number of a group that has become a supergroup."""
    number = _parameters(told).get("migrate_to_chat_id")
    return None if number is None else str(number)


def _parameters(told: dict[str, Any]) -> dict[str, Any]:
    found = told.get("parameters")
    return found if isinstance(found, dict) else {}


def _needs_no_change(chat: OutgoingChat, told: dict[str, Any]) -> bool:
    """A message that says so already, or that somebody has deleted, needs no change any more."""
    said = str(told.get("description", "")).lower()
    return chat.edits is not None and any(part in said for part in _NOTHING_TO_CHANGE)


def _message(chat: OutgoingChat) -> dict[str, Any]:
    parts = [escape(cut(chat.lead, 1_000), quote=False)]
    keyboard: list[list[dict[str, str]]] = []
    for number, card in enumerate(chat.cards, 1):
        short = fitted(card, _size, _TEXT - _length("\n\n".join(parts)))
        rows = [*keyboard, *_rows(card, str(number) if len(chat.cards) > 1 else "")]
        if short is None or not _has_room(rows):
            parts.append(left_off(len(chat.cards) - number + 1))
            break
        parts.append(_card(short))
        keyboard = rows
    return {
        "text": "\n\n".join(parts),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": keyboard},
    }


def _has_room(rows: list[list[dict[str, str]]]) -> bool:
    """Whether Telegram takes so large a keyboard."""
    length = len(json.dumps(rows, ensure_ascii=False).encode())
    return sum(map(len, rows)) <= _MOST_BUTTONS and length <= _KEYBOARD


def _size(card: Card) -> int:
    return _length(_card(card)) + len("\n\n")


def _length(text: str) -> int:
    """As Telegram counts it."""
    return len(unescape(_TAG.sub("", text)).encode("utf-16-le", "surrogatepass")) // 2


def _card(card: Card) -> str:
    title = escape(card.title, quote=False)
    lines = [f'<b><a href="{escape(card.url)}">{title}</a></b>' if card.url else f"<b>{title}</b>"]
    lines.append(escape(card.byline, quote=False))
    before, exact, after = (
        escape(part, quote=False) for part in (card.before, card.exact, card.after)
    )
    lines.append(f"{before}<u>{exact}</u>{after}" if exact else before)
    if card.wrong:
        lines.append(f"<b>{escape(f'{card.wrong} → {card.right}', quote=False)}</b>")
    lines.append(escape(card.state, quote=False))
    lines += [f"<blockquote>{escape(text, quote=False)}</blockquote>" for text in card.comments]
    in_house = [way for way in card.ways if not is_public(way.url)]
    lines += [escape(f"{way.label}: {way.url}", quote=False) for way in in_house]
    return "\n".join(line for line in lines if line)


def _rows(card: Card, number: str) -> list[list[dict[str, str]]]:
    mark = f"{number}. " if number else ""
    pressed = [(button.label, button.value) for button in card.buttons]
    if card.choice is not None:  # pressed, it is answered with the reasons (service/chat)
        pressed.append((card.choice.label, card.choice.value))
    buttons = [{"text": mark + label, "callback_data": value} for label, value in pressed]
    rows = [buttons[place : place + 3] for place in range(0, len(buttons), 3)]
    links = [{"text": way.label, "url": way.url} for way in card.ways if is_public(way.url)]
    return [*rows, links] if links and not number else rows
