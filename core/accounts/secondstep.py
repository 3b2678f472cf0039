"""The second step of a log-in: six digits that a device counts out anew each half minute (TOTP).

The secret is sealed with the installation's key. Ten recovery codes stand in for a lost device,
each once; they are kept as hashes only and do not hang on that key.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.accounts.audit import note_act
from core.accounts.sessions import end_sessions
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.models import RecoveryCode, SecondFactor, User
from core.sealing import seal, unseal

SETUP_LASTS = timedelta(minutes=10)
CODES = 10
_DRIFT = (-1, 0, 1)  # half minutes that a device's clock may be wrong
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
_CODE_LETTERS = 16  # nearly 80 bits: nobody counts these through, not even from their hashes


@dataclass(frozen=True)
class Setup:
    """What a person's device needs: the secret as text, and the address that a QR code holds."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def second_step(session: Session, user_id: int) -> SecondFactor | None:
    """A person's second step; None where it is off or not yet on."""
    found = session.get(SecondFactor, user_id)
    return found if found and found.on_since else None


def in_two_steps(session: Session) -> frozenset[int]:
    """Everybody whose second step is on, by id."""
    query = select(SecondFactor.user_id).where(SecondFactor.on_since.is_not(None))
    return frozenset(session.scalars(query))


def codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes a person has not used."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id)
    return session.scalars(query.where(RecoveryCode.used_at.is_(None))).one()


def begin_setup(session: Session, user: User, secret_key: str, now: datetime) -> Setup:
    """A new secret, for who has said the password again; it counts from the first right code on.

    An earlier one that was never used is forgotten. Raises Conflict where the step is on.
    """
    if second_step(session, user.id):
        raise Conflict("The second step is on already.")
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    secret = pyotp.random_base32()
    sealed = seal(secret, secret_key)
    session.add(SecondFactor(user_id=user.id, sealed=sealed, made_at=now, last_step=0))
    session.flush()
    return _setup(user, secret)


def setup_of(session: Session, user: User, secret_key: str, now: datetime) -> Setup:
    """The secret that waits for its first code. Raises NotFound after ten minutes."""
    found = session.get(SecondFactor, user.id)
    if found is None or found.on_since or found.made_at <= now - SETUP_LASTS:
        raise NotFound("There is nothing to set up: begin anew.")
    return _setup(user, unseal(found.sealed, secret_key))


def turn_on(
    session: Session, user: User, code: str, keep: str, secret_key: str, now: datetime
) -> list[str]:
    """From now on a code is asked for. Returns the recovery codes, which are shown only here.

    Ends all log-ins but `keep`. Raises NotFound, and Invalid for a code that is not right.
    """
    setup = setup_of(session, user, secret_key, now)
    step = _step(setup.secret, code, now)
    if step is None:
        raise Invalid(FieldError("code", "is not the code that the device shows now"))
    found = session.get_one(SecondFactor, user.id)
    found.on_since, found.last_step = now, step
    note_act(session, user.email, "second step on", user.email, None, now)
    end_sessions(session, user.id, keep)
    return _new_codes(session, user.id)


def turn_off(session: Session, user: User, by: str, now: datetime) -> None:
    """A password is enough again. Raises NotFound where the step is off.

    A reset stands in the book of each site where the person has a role, so that whoever
    administers one of them reads it.
    """
    if second_step(session, user.id) is None:
        raise NotFound("The second step is off.")
    for kept in (RecoveryCode, SecondFactor):
        session.execute(delete(kept).where(kept.user_id == user.id))
    if by == user.email:
        note_act(session, by, "second step off", user.email, None, now)
        return
    for site_id in {each.site_id for each in user.memberships} or {None}:
        note_act(session, by, "second step reset", user.email, site_id, now)


def renew_codes(session: Session, user: User, now: datetime) -> list[str]:
    """New recovery codes; the old ones end. Raises NotFound where the step is off."""
    if second_step(session, user.id) is None:
        raise NotFound("The second step is off.")
    note_act(session, user.email, "recovery codes", user.email, None, now)
    return _new_codes(session, user.id)


def take_code(session: Session, user: User, code: str, secret_key: str, now: datetime) -> bool:
    """Whether a code is right; it is taken once only, and so is each recovery code.

    Of two at the same moment one is refused: the database decides.
    """
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    if len(plain) == _CODE_LETTERS:
        return _take_recovery_code(session, user, plain, now)
    found = second_step(session, user.id)
    step = _step(unseal(found.sealed, secret_key), plain, now) if found else None
    if step is None:
        return False
    taken = session.execute(
        update(SecondFactor)
        .where(SecondFactor.user_id == user.id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.user_id)
    )
    return taken.first() is not None


def _take_recovery_code(session: Session, user: User, plain: str, now: datetime) -> bool:
    taken = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.digest == _digest(user.id, plain), RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.user_id)
    ).first()
    if taken is not None:
        note_act(session, user.email, "recovery code", user.email, None, now)
    return taken is not None


def _setup(user: User, secret: str) -> Setup:
    address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="Tuzet")
    return Setup(secret, address)


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The half minute that a code belongs to; None for none that is near enough."""
    device = pyotp.TOTP(secret)
    plain = "".join(code.split())
    for drift in _DRIFT:
        step = device.timecode(now) + drift
        if hmac.compare_digest(device.generate_otp(step).encode(), plain.encode(errors="replace")):
            return step
    return None


def _new_codes(session: Session, user_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS)) for _ in range(CODES)]
    session.add_all(RecoveryCode(digest=_digest(user_id, code), user_id=user_id) for code in codes)
    session.flush()
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def _digest(user_id: int, code: str) -> str:
    return hashlib.sha256(f"{user_id} {code}".encode(errors="replace")).hexdigest()
