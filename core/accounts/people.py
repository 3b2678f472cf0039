"""Users: made with a role, change their own profile and password."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from core.accounts.attempts import WrongPassword, forgive, note_attempt
from core.accounts.passwords import NO_PASSWORD, check_password, fits, hashed
from core.accounts.sessions import end_sessions
from core.db import Database
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.i18n import LANGUAGES
from core.models import Membership, Site, User
from core.rights import ROLES

THEMES = ("auto", "light", "dark")
_EMAIL = re.compile(
    r"[^\s@<>\"',;:\\\x00-\x1f]+@[^\s@<>\"',;:\\\x00-\x1f]+\.[^\s@.<>\"',;:\\\x00-\x1f]+"
)


def add_user(
    session: Session,
    email: str,
    name: str,
    password: str | None,
    role: str,
    site_key: str | None,
    language: str,
    now: datetime,
) -> User:
    """A person with a role on one site, or on all of them if no site is named.

    Without a name the e-mail's first part stands for it. While nobody owns the installation, who
    is to administer all of it owns it. Raises Invalid naming each wrong field, Conflict if
    somebody has this e-mail already.
    """
    email, name = email.strip().lower(), name.strip()
    site_id = _site_id(session, site_key)
    _check_choice("role", role, ROLES if site_id is None else ROLES[:-1])
    _check_choice("language", language, LANGUAGES)
    _check_names(email, name)
    if password is not None:
        check_password(password, "password", email, name)
    if session.scalar(select(User.id).where(User.email == email)) is not None:
        raise Conflict(f"{email} is a user already.")
    user = User(
        email=email,
        name=name or email.partition("@")[0],
        password_hash=NO_PASSWORD if password is None else hashed(password),
        language=language,
        created_at=now,
        memberships=[make_membership(_first_owns(session, role, site_id), site_id)],
    )
    session.add(user)
    session.flush()
    return user


def set_profile(session: Session, user_id: int, name: str, language: str, theme: str) -> User:
    """A person's own name, language and theme. Raises Invalid."""
    _check_choice("language", language, LANGUAGES)
    _check_choice("theme", theme, THEMES)
    user = session.get_one(User, user_id)
    _check_names(user.email, name)
    if not name.strip():
        raise Invalid(FieldError("name", "must not be empty"))
    user.name, user.language, user.theme = name.strip(), language, theme
    return user


def speak(session: Session, user_id: int, language: str) -> None:
    """From now on the desk speaks this language with a person. Raises Invalid."""
    _check_choice("language", language, LANGUAGES)
    session.get_one(User, user_id).language = language


def change_password(
    db: Database,
    user: User,
    old: str,
    new: str,
    keep: str,
    address: str,
    now: datetime,
) -> None:
    """A new password, for who knows the old one. Ends all sessions but `keep`, by its id.

    A wrong old password counts like a failed log-in. Hashing takes long, so no session is open
    meanwhile. Raises Invalid, WrongPassword, Throttled.
    """
    check_password(new, "new", user.email, user.name)
    demand_password(db, user, old, address, now)
    new_hash = hashed(new)
    with db.write() as session:
        session.get_one(User, user.id).password_hash = new_hash
        end_sessions(session, user.id, keep)


def demand_password(db: Database, user: User, password: str, address: str, now: datetime) -> None:
    """Ask a person who has come in once more who they are, before what cannot be taken back.

    Counts like a log-in. Raises Invalid for an empty one, WrongPassword, Throttled.
    """
    if not password:
        raise Invalid(FieldError("password", "must be said again"))
    with db.write() as session:
        tries_left = note_attempt(session, user.email, address, now)
    if not fits(user.password_hash, password):
        raise WrongPassword(tries_left)
    with db.write() as session:
        forgive(session, user.email, address, now)


def editors(session: Session, site_ids: frozenset[int] | None) -> list[User]:
    """Everybody who may decide cases on one of these sites (None: on any), by name. What else
    they may do is read when it is asked for."""
    role = Membership.role.in_(("editor", "admin"))
    query = select(User).where(User.memberships.any(role)).order_by(User.name, User.id)
    query = query.options(lazyload(User.memberships))
    if site_ids is not None:
        there = Membership.site_id.is_(None) | Membership.site_id.in_(site_ids)
        query = query.where(User.memberships.any(role & there))
    return list(session.scalars(query))


def make_membership(role: str, site_id: int | None) -> Membership:
    """A role as it is kept: an owner is an administrator with a mark."""
    owns = role == "owner"
    return Membership(role="admin" if owns else role, site_id=site_id, owns=owns)


def owners(session: Session) -> list[int]:
    """Who owns the installation, by id. Their rows stay locked, so that two owners cannot make
    each other none at the same moment."""
    query = select(Membership.user_id).where(Membership.owns.is_(True)).with_for_update()
    return list(session.scalars(query))


def _first_owns(session: Session, role: str, site_id: int | None) -> str:
    return "owner" if role == "admin" and site_id is None and not owners(session) else role


def check_email(email: str) -> str:
    """An address as it is kept. Raises Invalid."""
    email = email.strip().lower()
    _check_names(email, "")
    return email


def _site_id(session: Session, site_key: str | None) -> int | None:
    if site_key is None:
        return None
    site_id = session.scalar(select(Site.id).where(Site.key == site_key))
    if site_id is None:
        raise NotFound(f"There is no site with the key {site_key}.")
    return site_id


def _check_choice(field: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise Invalid(FieldError(field, f"must be one of {', '.join(choices)}"))


def _check_names(email: str, name: str) -> None:
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise Invalid(FieldError("email", "must be an address like name@example.kz"))
    if len(name) > 100 or not name.isprintable():
        raise Invalid(FieldError("name", "must be one line of at most 100 characters"))
