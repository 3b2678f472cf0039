"""How the address of each chat kind is written, and which part of it is a secret."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from core.channels import apprise

_BOT = re.compile(r"(\d{3,20}):[\w-]{20,100}")
_CHAT = re.compile(r"-?\d{1,20}|@\w{4,40}")
_SLACK_TOKEN = re.compile(r"xox[bp]-[\w-]{10,300}")
_SLACK_PROOF = re.compile(r"[0-9a-f]{32}")
_SLACK_CHANNEL = re.compile(r"[CDGU][A-Z0-9]{5,20}")
_LONGEST = 2_048


class WrongSecret(ValueError):
    """The address is right; the secret that came with it is not."""


@dataclass(frozen=True)
class Target:
    """Where a chat is: what may be shown of it, the secret, its server, and what else is known."""

    shown: str
    secret: str = field(repr=False)
    host: str
    options: Mapping[str, str] = field(default_factory=dict)


def read_target(kind: str, text: str, secret: str | None) -> Target:
    """The parts of an address as an administrator writes it. Raises ValueError saying how, and
    WrongSecret where a secret of its own is at fault.

    telegram: `CHAT` with the bot's token as secret, or `TOKEN/CHAT`.
    slack: `CHANNEL` with `TOKEN SIGNING_SECRET` as secret, or `TOKEN/SIGNING_SECRET/CHANNEL`.
    discord, mattermost, msteams: the webhook's whole address, which is its secret.
    apprise: Apprise's address of a service, which is its secret.
    """
    return _READERS[kind](text.strip(), (secret or "").strip())


def _telegram(text: str, secret: str) -> Target:
    written = text.removeprefix("tgram://").rstrip("/")
    if secret and _CHAT.fullmatch(written) and not _BOT.fullmatch(secret):
        raise WrongSecret("must be the bot's token")
    if not secret:
        secret, _, written = written.rpartition("/")
    bot = _BOT.fullmatch(secret)
    if bot is None or not _CHAT.fullmatch(written):
        raise ValueError("must be the chat's number, with the bot's token as secret: TOKEN/-100123")
    return Target(written, secret, "api.telegram.org", {"bot": bot[1]})


def _slack(text: str, secret: str) -> Target:
    parts = secret.split()
    channel = text
    if not parts:
        *parts, channel = text.split("/")
    proves = (
        len(parts) == 2 and _SLACK_TOKEN.fullmatch(parts[0]) and _SLACK_PROOF.fullmatch(parts[1])
    )
    if secret and not proves and _SLACK_CHANNEL.fullmatch(channel):
        raise WrongSecret("must be the bot's token and the app's signing secret, a space between")
    if not proves or not _SLACK_CHANNEL.fullmatch(channel):
        raise ValueError(
            "must be the channel's number (C0123ABCD), with the bot's token and the app's signing "
            "secret as secret: TOKEN/SIGNING_SECRET/CHANNEL"
        )
    return Target(channel, " ".join(parts), "slack.com")


def _address(text: str, _secret: str) -> Target:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(text) > _LONGEST:
        raise ValueError("must be the whole address of the incoming webhook")
    if not text.isascii() or any(char.isspace() for char in text):
        raise ValueError("must have no spaces")
    return Target(f"{parts.scheme}://{parts.netloc}/…{_mark(text)}", text, parts.hostname)


def _apprise(text: str, _secret: str) -> Target:
    apprise.check_address(text)
    scheme = urlsplit(text).scheme
    return Target(f"{scheme}://…{_mark(text)}", text, f"apprise.{scheme}")


def _mark(text: str) -> str:
    """By which one secret address is told from another without being shown."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


_READERS: dict[str, Callable[[str, str], Target]] = {
    "apprise": _apprise,
    "discord": _address,
    "mattermost": _address,
    "msteams": _address,
    "slack": _slack,
    "telegram": _telegram,
}
KINDS = tuple(_READERS)
