"""Readers' words as every chat can show them: they are read, and do nothing."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from core.channels.contract import Card, OutgoingChat
from core.text.lookalikes import oddities

_LONGEST_LINK = 1_000  # platforms refuse a whole message for a link that is longer
_DIRECTING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CALLING = re.compile(r"@(?=\w)|<(?=[!@#])")
_LINKING = re.compile(r"(?<=\w):(?=//)")


def harmless(chat: OutgoingChat) -> OutgoingChat:
    """The same message, in which nothing that a reader or a page says is more than words."""
    cards = tuple(_card(card) for card in chat.cards)
    return replace(chat, subject=words(chat.subject), cards=cards)


def words(text: str) -> str:
    """Text by which nobody is called and that leads nowhere. What reorders a line is named."""
    if _DIRECTING.search(text):
        names = {odd.char: odd.short for odd in oddities(text)}
        text = _DIRECTING.sub(lambda found: f"‹{names.get(found[0], '…')}›", text)
    text = _CALLING.sub("\\g<0>\u200b", _CONTROL.sub(" ", text))
    return _LINKING.sub(":\u200b", text)


def is_public(url: str) -> bool:
    """Whether a platform makes a link or a button of an address: its server's name has a dot.

    Telegram and Discord refuse a whole message for one that leads to `localhost`.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return "." in host.strip(".") and len(url) <= _LONGEST_LINK


def left_off(count: int) -> str:
    """What says that a message has so many more cards than it shows; empty if it shows all."""
    return f"… +{count}" if count else ""


def _card(card: Card) -> Card:
    return replace(
        card,
        title=words(card.title),
        byline=words(card.byline),
        before=words(card.before),
        exact=words(card.exact),
        after=words(card.after),
        wrong=words(card.wrong),
        right=words(card.right),
        state=words(card.state),
        comments=tuple(words(text) for text in card.comments),
        ways=tuple(way for way in card.ways if len(way.url) <= _LONGEST_LINK),
    )
