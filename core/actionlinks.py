"""Links that let an editor act from a mail: signed for one channel, one case and one action."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, cast

from itsdangerous import BadSignature, Signer

from core.errors import NotFound
from core.settings import Settings

Verb = Literal["accept", "fixed", "dismiss", "mine", "snooze"]
VERBS: tuple[Verb, ...] = ("accept", "fixed", "dismiss", "mine", "snooze")
STATUS_AFTER: dict[Verb, str] = {"accept": "accepted", "fixed": "fixed", "dismiss": "dismissed"}
VALID_FOR = timedelta(days=7)
_LETTERS_OF_A_BUTTON = 24


@dataclass(frozen=True)
class Action:
    """What a link may do: on which case, in the name of which channel, and until when."""

    case_id: int
    channel_id: int
    verb: Verb
    issued_at: datetime

    @property
    def expires_at(self) -> datetime:
        """From then on the link does nothing."""
        return self.issued_at + VALID_FOR


def sign(settings: Settings, case_id: int, channel_id: int, verb: Verb, now: datetime) -> str:
    """The token of a link. Whoever holds it may do this one thing."""
    facts = f"{case_id}.{channel_id}.{verb}.{int(now.timestamp())}"
    return _signer(settings).sign(facts).decode("ascii")


def read(settings: Settings, token: str, now: datetime) -> Action:
    """What a token allows. Raises NotFound for a wrong one and for one that is over."""
    signer = _signer(settings)
    try:
        facts = signer.unsign(token).decode("ascii")
    except (BadSignature, ValueError) as fault:
        raise NotFound("This link is not valid.") from fault
    if signer.sign(facts).decode("ascii") != token:  # the last letter of base64 has spare bits
        raise NotFound("This link is not valid.")
    case_id, channel_id, verb, issued = facts.split(".")
    action = Action(
        int(case_id), int(channel_id), cast(Verb, verb), datetime.fromtimestamp(int(issued), UTC)
    )
    if now >= action.expires_at:
        raise NotFound("This link is over: links in mails work for seven days.")
    return action


def address(settings: Settings, case_id: int, channel_id: int, verb: Verb, now: datetime) -> str:
    """The whole address of a link, for a mail."""
    return f"{settings.base_url}/act/{sign(settings, case_id, channel_id, verb, now)}"


def button(settings: Settings, case_id: int, channel_id: int, step: str) -> str:
    """What a chat button carries: at most 64 bytes. The platform proves who presses, and when it
    was sent; this proves that the button is one of ours. `step` is a verb, or one with a reason."""
    facts = f"{step}.{case_id}.{channel_id}"
    return f"{facts}.{_seal(settings, facts)}"


def read_button(settings: Settings, value: str) -> tuple[str, int, int]:
    """The step, the case and the channel of a button. Raises NotFound for one that is not ours."""
    facts, _, seal = value.rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(settings, facts).encode()):
        raise NotFound("This button is not valid.")
    step, case_id, channel_id = facts.split(".")
    return step, int(case_id), int(channel_id)


def _seal(settings: Settings, facts: str) -> str:
    key = f"tuzet chat button {settings.secret_key}".encode()
    return hmac.digest(key, facts.encode("utf-8", "replace"), "sha256").hex()[:_LETTERS_OF_A_BUTTON]


def stop_address(settings: Settings, channel_id: int) -> str:
    """The address by which a mail's reader ends the mails of a channel. It works for good."""
    token = _signer(settings, "stop").sign(str(channel_id)).decode("ascii")
    return f"{settings.base_url}/stop/{token}"


def read_stop(settings: Settings, token: str) -> int:
    """The number of the channel whose link it is. Raises NotFound for a wrong one."""
    signer = _signer(settings, "stop")
    try:
        facts = signer.unsign(token).decode("ascii")
    except (BadSignature, ValueError) as fault:
        raise NotFound("This link is not valid.") from fault
    if signer.sign(facts).decode("ascii") != token:
        raise NotFound("This link is not valid.")
    return int(facts)


def _signer(settings: Settings, purpose: str = "action") -> Signer:
    return Signer(
        settings.secret_key,
        salt=f"tuzet {purpose} link",
        key_derivation="hmac",
        digest_method=sha256,
    )
