"""Links that let an editor act from a mail: signed for one channel, one case and one action."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, cast

from itsdangerous import BadSignature, Signer

from core.errors import NotFound
from core.settings import Settings

Verb = Literal["accept", "fixed", "dismiss"]
STATUS_AFTER: dict[Verb, str] = {"accept": "accepted", "fixed": "fixed", "dismiss": "dismissed"}
VALID_FOR = timedelta(days=7)


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


def _signer(settings: Settings) -> Signer:
    return Signer(
        settings.secret_key, salt="tuzet action link", key_derivation="hmac", digest_method=sha256
    )
