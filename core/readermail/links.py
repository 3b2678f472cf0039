"""The link in a reader's message: who holds it may stop the messages, or ask for more."""

from hashlib import sha256

from itsdangerous import BadSignature, Signer

from core.errors import NotFound
from core.settings import Settings


def address_of(settings: Settings, address_id: int) -> str:
    """The whole address of the page on which a reader chooses. It works for good."""
    token = _signer(settings).sign(str(address_id)).decode("ascii")
    return f"{settings.base_url}/mail/{token}"


def read(settings: Settings, token: str) -> int:
    """The number of the reader whose link it is. Raises NotFound for a wrong one."""
    try:
        return int(_signer(settings).unsign(token).decode("ascii"))
    except (BadSignature, ValueError) as fault:
        raise NotFound("This link is not valid. Check that the address is whole.") from fault


def _signer(settings: Settings) -> Signer:
    return Signer(
        settings.secret_key, salt="tuzet reader", key_derivation="hmac", digest_method=sha256
    )
