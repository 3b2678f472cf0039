"""Telegram: a bot's message with buttons, changed in place when the case moves.

The target is the chat's number, the secret the bot's token. See core.telegram.org/bots/api.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape, unescape
from typing import Any

from core.channels.calling import call_json, cut, patience, read_json
from core.channels.contract import Card, OutgoingChat, PassingFailure, PermanentFailure, Taken
from core.channels.shortening import fitted
from core.settings import Settings

API = "https://api.telegram.org"
_TEXT = 4_000  # of 4,096, counted in UTF-16 as they read: no marks, no addresses
_TAG = re.compile(r"<[^>]*>")
_NOTHING_TO_CHANGE = ("message is not modified", "message to edit not found", "can't be edited")


def send(chat: OutgoingChat, settings: Settings, clock: Callable[[], datetime]) -> Taken:
    """Send or change one message. A group that has become a supergroup is followed there.

    429 and 5xx pass, with the patience that Telegram asks for; all else is final.
    """
    message = _message(chat)
    if chat.edits is not None:
        target, _, number = chat.edits.rpartition("/")
        wanted = {**message, "chat_id": target, "message_id": int(number)}
        return _taken(chat, _call(chat, "editMessageText", wanted, settings, clock), None)
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
        asked = told.get("parameters", {}).get("retry_after")
        wait = timedelta(seconds=asked) if isinstance(asked, int) else patience(answer, clock())
        raise PassingFailure(reason, wait)
    raise PermanentFailure(reason)


def _taken(chat: OutgoingChat, told: dict[str, Any], moved: str | None) -> Taken:
    result = told.get("result")
    number = result.get("message_id") if isinstance(result, dict) else None
    if chat.edits is not None or number is None:
        return Taken(moved_to=moved)
    return Taken(reference=f"{moved or chat.target}/{number}", moved_to=moved)


def _moved_to(told: dict[str, Any]) -> str | None:
    """The new number of a group that has become a supergroup."""
    number = told.get("parameters", {}).get("migrate_to_chat_id")
    return None if number is None else str(number)


def _needs_no_change(chat: OutgoingChat, told: dict[str, Any]) -> bool:
    """A message that says so already, or that somebody has deleted, needs no change any more."""
    said = str(told.get("description", ""))
    return chat.edits is not None and any(part in said for part in _NOTHING_TO_CHANGE)


def _message(chat: OutgoingChat) -> dict[str, Any]:
    parts, keyboard = [escape(cut(chat.lead, 1_000), quote=False)], []
    for number, card in enumerate(chat.cards, 1):
        short = fitted(card, _size, _TEXT - _length("\n\n".join(parts)))
        if short is None:
            parts.append("…")
            break
        parts.append(_card(short))
        keyboard += _rows(card, str(number) if len(chat.cards) > 1 else "")
    return {
        "text": "\n\n".join(parts),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": keyboard},
    }


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
    return "\n".join(line for line in lines if line)


def _rows(card: Card, number: str) -> list[list[dict[str, str]]]:
    mark = f"{number}. " if number else ""
    pressed = [(button.label, button.value) for button in card.buttons]
    if card.choice is not None:  # pressed, it is answered with the reasons (service/hooks)
        pressed.append((card.choice.label, card.choice.value))
    buttons = [{"text": mark + label, "callback_data": value} for label, value in pressed]
    rows = [buttons[place : place + 3] for place in range(0, len(buttons), 3)]
    links = [{"text": way.label, "url": way.url} for way in card.ways]
    return [*rows, links] if links and not number else rows
