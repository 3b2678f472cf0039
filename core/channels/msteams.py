"""Microsoft Teams: a workflow that posts what its webhook is given, as an Adaptive Card.

The secret is the workflow's address. Answers with 202; a message has at most 28 KB.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.channels.calling import call_json, check, cut
from core.channels.contract import Card, OutgoingChat, Taken
from core.channels.plain import left_off
from core.channels.shortening import fitted
from core.settings import Settings

_MARKS = re.compile(r"([\\`*_\[\]()#+\-<>~])")
_BYTES = 24_000


def send(chat: OutgoingChat, settings: Settings, clock: Callable[[], datetime]) -> Taken:
    """Post one message. Who presses a button cannot be proven here, so there are links only."""
    check(call_json(chat.secret, _message(chat), settings), "The workflow", clock())
    return Taken()


def _message(chat: OutgoingChat) -> dict[str, Any]:
    body = [_text(cut(chat.lead, 1_000))]
    for place, card in enumerate(chat.cards):
        short = fitted(card, _size, _BYTES - _length(body))
        if short is None:
            body.append(_text(left_off(len(chat.cards) - place)))
            break
        body.append(_container(short))
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body,
        "actions": _links(chat.cards[0]) if len(chat.cards) == 1 else [],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": content,
    }
    return {"type": "message", "attachments": [attachment]}


def _size(card: Card) -> int:
    return _length(_container(card))


def _length(written: object) -> int:
    """In bytes, as a workflow hands it on to Teams: as text within JSON of its own."""
    return len(json.dumps(json.dumps(written, ensure_ascii=False), ensure_ascii=False).encode())


def _container(card: Card) -> dict[str, Any]:
    sentence = _plain(card.before)
    if card.exact:
        sentence += f"**{_plain(card.exact)}**{_plain(card.after)}"
    title = _plain(card.title)
    items = [
        _block(f"[{title}]({_address(card.url)})" if card.url else title, weight="Bolder"),
        _block(sentence),
    ]
    if card.wrong:
        items.append(_text(f"{card.wrong} → {card.right}"))
    items += [_text(f"“{comment}”") for comment in card.comments]
    about = _plain(" · ".join(part for part in (card.byline, card.state) if part))
    items.append(_block(about, isSubtle=True))
    return {"type": "Container", "separator": True, "items": items}


def _links(card: Card) -> list[dict[str, str]]:
    return [{"type": "Action.OpenUrl", "title": way.label, "url": way.url} for way in card.ways]


def _text(text: str) -> dict[str, Any]:
    return _block(_plain(text))


def _block(text: str, **style: object) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **style}


def _plain(text: str) -> str:
    """Text that is read as text: a TextBlock understands a little Markdown."""
    return _MARKS.sub(r"\\\1", text)


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
