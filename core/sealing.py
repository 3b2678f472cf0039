"""Secrets at rest: encrypted in the database, with the key outside it."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken

from core.errors import Conflict

_SECRET_BYTES = 32


def signing_secret() -> str:
    """As Standard Webhooks wants it: base64 behind a prefix by which leaked ones are found."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def seal(secret: str, secret_key: str) -> str:
    """Encrypt a channel's secret with the installation's key."""
    return _fernet(secret_key).encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str, secret_key: str) -> str:
    """Decrypt it again. Raises Conflict if the installation's key has changed since."""
    try:
        return _fernet(secret_key).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as fault:
        raise Conflict(
            "A stored secret does not fit TUZET_SECRET_KEY. Put the old key back, or add the "
            "channel again."
        ) from fault


def _fernet(secret_key: str) -> Fernet:
    derived = hashlib.sha256(b"tuzet channel secrets\0" + secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
