"""Discord: a channel's webhook, with embeds; its message is changed when the case moves.

The secret is the webhook's address. See discord.com/developers/docs/resources/webhook.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.channels.calling import asked_for, call_json, check, cut, read_json
from core.channels.contract import Card, OutgoingChat, PassingFailure, Taken
from core.channels.plain import is_public, left_off
from core.channels.shortening import fitted
from core.settings import Settings

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-!|~<>])")
_ALL_EMBEDS = 5_500  # of 6,000 characters in all embeds of a message; addresses do not count
_DESCRIPTION = 4_000  # of 4,096
_MOST_CARDS = 10


def send(chat: OutgoingChat, settings: Settings, clock: Callable[[], datetime]) -> Taken:
    """Post or change one message; nobody is mentioned by it, whatever a reader wrote."""
    embeds = _embeds(chat.cards)
    lead = [_plain(cut(chat.lead, 900)), left_off(len(chat.cards) - len(embeds))]
    wanted = {
        "content": "\n".join(part for part in lead if part),
        "embeds": embeds,
        "allowed_mentions": {"parse": []},
    }
    address, _, thread = chat.secret.partition("?")  # it may name a thread of its channel
    if chat.edits is None:
        query = "&".join(part for part in (thread, "wait=true") if part)
        answer = call_json(f"{address}?{query}", wanted, settings)
    else:
        url = f"{address}/messages/{chat.edits}" + (f"?{thread}" if thread else "")
        answer = call_json(url, wanted, settings, method="PATCH")
        if answer.status == 404 and read_json(answer).get("code") == 10_008:  # somebody deleted it
            return Taken()
    told = read_json(answer)
    asked = asked_for(told.get("retry_after"))
    if answer.status == 429 and asked is not None:
        raise PassingFailure("Discord answered 429.", asked)
    check(answer, "Discord", clock())
    number = told.get("id")
    return Taken(reference=str(number) if number and chat.edits is None else None)


def _embeds(cards: tuple[Card, ...]) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    left = _ALL_EMBEDS
    for card in cards[:_MOST_CARDS]:
        short = fitted(card, _size, min(left, _DESCRIPTION))
        if short is None:
            break
        shown.append(_embed(short))
        left -= _size(short)
    return shown


def _size(card: Card) -> int:
    """The characters that Discord counts."""
    embed = _embed(card)
    counted = embed["title"] + embed["description"] + embed["footer"]["text"]
    return len(counted.encode("utf-16-le", "surrogatepass")) // 2


def _embed(card: Card) -> dict[str, Any]:
    lines = [_plain(card.before)]
    if card.exact:
        lines[0] += f"__{_plain(card.exact)}__{_plain(card.after)}"
    if card.wrong:
        lines.append(f"**{_plain(card.wrong)}** → **{_plain(card.right)}**")
    lines += [f"> {_plain(text)}" for text in card.comments]
    lines.append(_plain(card.state))
    lines.append(" · ".join(f"[{_plain(way.label)}]({_address(way.url)})" for way in card.ways))
    embed: dict[str, Any] = {
        "title": card.title,
        "description": "\n".join(line for line in lines if line),
        "footer": {"text": card.byline},
    }
    if card.url and is_public(card.url):
        embed["url"] = card.url
    return embed


def _plain(text: str) -> str:
    """Text that is read as text."""
    return _MARKS.sub(r"\\\1", text)


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
