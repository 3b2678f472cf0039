"""Mattermost: an incoming webhook. The secret is its address, which is all the proof it asks for.

See developers.mattermost.com: incoming webhooks, message attachments.
"""

import re
from collections.abc import Callable
from datetime import datetime

from core.channels.calling import call_json, check, cut
from core.channels.contract import Card, OutgoingChat, Taken
from core.channels.plain import left_off
from core.settings import Settings

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>])")
_FIELD = 600
_MOST_CARDS = 20


def send(chat: OutgoingChat, settings: Settings, clock: Callable[[], datetime]) -> Taken:
    """Post one message. Who presses a button cannot be proven here, so there are links only."""
    cards = [_attachment(card) for card in chat.cards[:_MOST_CARDS]]
    lead = [_plain(cut(chat.lead, 2_000)), left_off(len(chat.cards) - len(cards))]
    wanted = {"text": "\n".join(part for part in lead if part), "attachments": cards}
    check(call_json(chat.secret, wanted, settings), "Mattermost", clock())
    return Taken()


def _attachment(card: Card) -> dict[str, str]:
    lines = [_plain(cut(card.before, _FIELD))]
    if card.exact:
        words = f"**{_plain(cut(card.exact, _FIELD))}**"
        lines[0] += words + _plain(cut(card.after, _FIELD))
    if card.wrong:
        lines.append(f"{_plain(cut(card.wrong, _FIELD))} → {_plain(cut(card.right, _FIELD))}")
    lines += [f"> {_plain(text)}" for text in card.comments]
    lines.append(_plain(" · ".join(part for part in (card.byline, card.state) if part)))
    lines.append(" · ".join(f"[{_plain(way.label)}]({_address(way.url)})" for way in card.ways))
    title = _uncalled(cut(card.title, 200))
    shown = {"fallback": title, "title": title}
    if card.url:
        shown["title_link"] = card.url
    return {**shown, "text": "\n\n".join(line for line in lines if line)}


def _plain(text: str) -> str:
    """Text that is read as text: no marks, no picture, and nobody is called by `@all`."""
    return _uncalled(_MARKS.sub(r"\\\1", text))


def _uncalled(text: str) -> str:
    return text.replace("@", "@\u200b")


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
