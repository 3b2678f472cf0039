"""The link by which somebody in a chat makes themselves known: signed, for one account, one hour.

Also the proof that Telegram's calls carry.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

from core.errors import NotFound
from core.settings import Settings

VALID_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Account:
    """An account of a chat platform."""

    kind: str
    place: str
    name: str


def address(settings: Settings, kind: str, place: str, name: str, now: datetime) -> str:
    """Where the person of an account says who they are."""
    token = _serializer(settings).dumps([kind, place, name, int(now.timestamp())])
    return f"{settings.base_url}/chat/link/{token}"


def read(settings: Settings, token: str, now: datetime) -> Account:
    """The account of a link. Raises NotFound for a wrong one and for one that is over."""
    try:
        kind, place, name, issued = _serializer(settings).loads(token)
    except (BadSignature, ValueError, TypeError) as fault:
        raise NotFound("This link is not valid.") from fault
    if now >= datetime.fromtimestamp(issued, UTC) + VALID_FOR:
        raise NotFound("This link is over: ask for a new one in the chat.")
    return Account(kind, place, name)


def telegram_proof(settings: Settings, bot: str) -> str:
    """What Telegram sends along with each call for a bot, so that nobody else can call."""
    key = f"tuzet telegram {settings.secret_key}".encode()
    return hmac.digest(key, bot.encode(), "sha256").hex()


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(
        settings.secret_key,
        salt="tuzet chat account",
        signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
    )
