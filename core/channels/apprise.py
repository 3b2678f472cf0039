"""The long tail of chat services, through Apprise: an extra, `pip install tuzet[apprise]`.

Apprise waits between sends, follows redirects and knows how to run programs. So it speaks only to
services of a short list, in a process of its own that is ended when its time is over.
The secret is Apprise's address of the service.
"""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from urllib.parse import unquote, urlsplit

from core.channels.calling import cut
from core.channels.contract import (
    SEND_LIMIT,
    Card,
    OutgoingChat,
    PassingFailure,
    PermanentFailure,
    Taken,
)
from core.settings import Settings

# Chat services with a fixed server of their own, so that no address leads into a private network.
ALLOWED = frozenset(
    {"gchat", "guilded", "line", "pover", "pbul", "revolt", "twist", "webex", "wxteams", "zulip"}
)
# Of these only Zulip takes a server's name, "org.example.com" for a house's own.
_ZULIP = re.compile(r"([\w-]+@)?[\w-]{1,32}(\.zulipchat\.com)?", re.ASCII | re.IGNORECASE)
_PROGRAM = (
    "import json, sys, apprise\n"
    "told = json.load(sys.stdin)\n"
    "service = apprise.Apprise.instantiate(told['url'], suppress_exceptions=True)\n"
    "if service is None:\n"
    "    sys.exit(3)\n"
    "sent = service.notify(title=told['title'], body=told['body'], body_format='text')\n"
    "sys.exit(0 if sent else 4)\n"
)
_UNUSABLE = 3


def check_address(address: str) -> None:
    """Raises ValueError, saying how it must be, where Apprise would call a server that is not one
    of the list's own, or call one without asking for its certificate."""
    if not address.isascii() or any(not char.isprintable() or char.isspace() for char in address):
        raise ValueError("must have no spaces")
    parts = urlsplit(address)
    if parts.scheme not in ALLOWED:
        raise ValueError(f"must begin with one of {', '.join(sorted(ALLOWED))}")
    if parts.scheme == "zulip" and not _ZULIP.fullmatch(parts.netloc):
        raise ValueError("must name an organisation of zulipchat.com: zulip://BOT@ORG/TOKEN")
    if "verify" in unquote(unquote(address.partition("?")[2])).lower():
        raise ValueError("must not say verify=: certificates are always checked")


def send(chat: OutgoingChat, _settings: Settings, _clock: Callable[[], datetime]) -> Taken:
    """Send one message as plain text. Apprise does not say why it fails, so that passes."""
    try:
        check_address(chat.secret)
    except ValueError as fault:
        raise PermanentFailure(
            "This service is not on the list of those that Apprise may call."
        ) from fault
    if importlib.util.find_spec("apprise") is None:
        raise PermanentFailure("Apprise is not installed: pip install tuzet[apprise]")
    text = "\n\n".join([chat.lead, *(_text(card) for card in chat.cards)])
    told = {"url": chat.secret, "title": chat.subject, "body": cut(text, 1_800)}
    try:
        ended = subprocess.run(  # noqa: S603 - our own program; what it is told comes in as data
            [sys.executable, "-I", "-c", _PROGRAM],
            input=json.dumps(told).encode(),
            capture_output=True,
            timeout=SEND_LIMIT.total_seconds() - 2,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise PassingFailure("The service was too slow.") from fault
    if ended.returncode == _UNUSABLE:
        raise PermanentFailure("Apprise cannot use this address.")
    if ended.returncode != 0:
        raise PassingFailure("The service did not take the message.")
    return Taken()


def _text(card: Card) -> str:
    lines = [card.title, f"{card.before}[{card.exact}]{card.after}" if card.exact else card.before]
    if card.wrong:
        lines.append(f"{card.wrong} → {card.right}")
    lines += [card.state, *(f"{way.label}: {way.url}" for way in card.ways)]
    return "\n".join(line for line in lines if line)
