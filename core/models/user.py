"""People who triage, how they come in, and the programs that act for them."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, BigId, Key


class User(Base):
    """A person with a log-in. `email` is kept in lower case.

    `feed_salt` is the random part of the address of their feed (None: made by a version that knew
    none); with `feed_old` the address made of the password's hash holds as well.
    """

    __tablename__ = "user"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="kk")
    theme: Mapped[str] = mapped_column(default="auto")
    created_at: Mapped[datetime]
    feed_salt: Mapped[str | None] = mapped_column(default=lambda: secrets.token_urlsafe(24))
    feed_old: Mapped[bool] = mapped_column(default=False, server_default=true())

    memberships: Mapped[list["Membership"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )


class Membership(Base):
    """What a person may do, on one site or (no site named) on all of them.

    An owner of the installation is an administrator of all sites who `owns` it besides, so that
    whoever asks for administrators finds owners too.
    """

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_user_id", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    role: Mapped[str]
    owns: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def held(self) -> str:
        """The role as people name it: `owner`, or what `role` says."""
        return "owner" if self.owns else self.role


class SecondFactor(Base):
    """A person's secret for one-time codes, sealed. `on_since`: None until a first code was right.

    `last_step` is the half minute of the last code that was taken; no earlier one is taken again.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    sealed: Mapped[str]
    made_at: Mapped[datetime]
    on_since: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigId)


class RecoveryCode(Base):
    """A code that stands in for the lost device, once. Kept only as its SHA-256."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    used_at: Mapped[datetime | None]


class HalfLogIn(Base):
    """A log-in of which a step is still owed. The cookie's secret is kept only as its SHA-256.

    `way` says how it began: `password`, or `provider` (an OpenID Connect provider). Without
    `user_id` the provider has not yet said who it is. `data`: where to go, what is joined.
    """

    __tablename__ = "half_log_in"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    way: Mapped[str]
    data: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]


class DeskSession(Base):
    """A log-in that lasts. The cookie's secret is kept only as its SHA-256."""

    __tablename__ = "desk_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    form_token: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    user_agent: Mapped[str]
    way: Mapped[str] = mapped_column(default="password", server_default="password")

    user: Mapped[User] = relationship()


class Token(Base):
    """A program's way in, acting as a person. Kept only as its SHA-256.

    `scope` is `write`, or `read` for one that changes nothing; without `expires_at` it never ends.
    """

    __tablename__ = "token"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    scope: Mapped[str] = mapped_column(default="write")
    expires_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Invitation(Base):
    """Somebody who is asked to join. The secret of the link is kept only as its SHA-256."""

    __tablename__ = "invitation"

    id: Mapped[Key]
    email: Mapped[str]
    role: Mapped[str]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    invited_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AdministrativeAct(Base):
    """One line of the book of what administrators did. Lines are only ever added.

    `actor` and most subjects are e-mail addresses; without a site it was for all of them.
    """

    __tablename__ = "administrative_act"
    __table_args__ = (Index("ix_administrative_act_site_id", "site_id", "id"),)

    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    site_id: Mapped[int | None] = mapped_column(BigId)
    data: Mapped[dict[str, Any]]


class SavedView(Base):
    """A person's own name for a selection of the queue. `query` is that of its address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str]
    query: Mapped[str]
    created_at: Mapped[datetime]


class LoginFailure(Base):
    """A wrong password, remembered for as long as it slows the next try."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_subject_at", "subject", "at"),)

    id: Mapped[Key]
    subject: Mapped[str]
    at: Mapped[datetime]
