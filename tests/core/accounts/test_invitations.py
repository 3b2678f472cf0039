"""Invitations of who has a log-in already: they gain a role, and the inviter learns nothing."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core import accounts
from core.accounts import InvitationOver
from core.accounts.invitations import LASTS
from core.db import Database
from core.errors import Conflict, Forbidden
from core.models import AdministrativeAct, Site, User
from core.rights import rights_of
from tests.factories import make_site, make_user

EMAIL = "aigerim@tan.example.kz"


@pytest.fixture
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        return make_site(session, now)


@pytest.fixture
def admin(db: Database, now: datetime, site: Site) -> User:
    with db.write() as session:
        return make_user(session, now, "admin@dala.example.kz", "admin", site)


@pytest.fixture
def elsewhere(db: Database, now: datetime) -> User:
    """An editor of another site of the same installation."""
    with db.write() as session:
        other = make_site(session, now, "tan", name="Таң", url="https://tan.example.kz")
        return make_user(session, now, EMAIL, "editor", other)


def _invite(db: Database, now: datetime, by: User, role: str = "viewer", email: str = EMAIL) -> str:
    with db.write() as session:
        return accounts.invite(session, email, role, "dala", by, rights_of(by), now)[1]


def _held(db: Database, user: User) -> list[tuple[str, str]]:
    with db.read() as session:
        keys = {site.id: site.key for site in session.scalars(select(Site))}
        kept = session.get_one(User, user.id).memberships
        return sorted((keys[each.site_id or 0], each.held) for each in kept)


def test_who_works_on_another_site_gains_a_role_on_this_one(
    db: Database, now: datetime, admin: User, elsewhere: User
) -> None:
    secret = _invite(db, now, admin)
    with db.write() as session:
        accounts.gain(session, secret, elsewhere.id, now)
    assert _held(db, elsewhere) == [("dala", "viewer"), ("tan", "editor")]
    with db.read() as session:
        acts = session.execute(
            select(AdministrativeAct.act, AdministrativeAct.actor).order_by(AdministrativeAct.id)
        ).all()
    assert [tuple(act) for act in acts] == [("invited", admin.email), ("joined", EMAIL)]


def test_a_role_is_gained_once(db: Database, now: datetime, admin: User, elsewhere: User) -> None:
    secret = _invite(db, now, admin)
    with db.write() as session:
        accounts.gain(session, secret, elsewhere.id, now)
    with db.write() as session, pytest.raises(InvitationOver):
        accounts.gain(session, secret, elsewhere.id, now)
    late = _invite(db, now, admin, email="late@tan.example.kz")
    with db.write() as session, pytest.raises(InvitationOver):
        accounts.gain(session, late, elsewhere.id, now + LASTS)


def test_nobody_takes_up_somebody_elses_invitation(
    db: Database, now: datetime, admin: User, elsewhere: User
) -> None:
    secret = _invite(db, now, admin, email="new@dala.example.kz")
    with db.write() as session, pytest.raises(Forbidden):
        accounts.gain(session, secret, elsewhere.id, now)
    assert _held(db, elsewhere) == [("tan", "editor")]


def test_an_invitation_takes_no_role_away(
    db: Database, now: datetime, site: Site, admin: User, elsewhere: User
) -> None:
    lower, higher = _invite(db, now, admin), ""
    with db.write() as session:
        person = session.get_one(User, elsewhere.id)
        accounts.set_role(session, person, site.id, "editor", admin, rights_of(admin), now)
        accounts.gain(session, lower, elsewhere.id, now)
    assert _held(db, elsewhere) == [("dala", "editor"), ("tan", "editor")]
    with db.write() as session:
        person = session.get_one(User, elsewhere.id)
        accounts.set_role(session, person, site.id, None, admin, rights_of(admin), now)
    higher = _invite(db, now, admin, "admin")
    with db.write() as session:
        person = session.get_one(User, elsewhere.id)
        accounts.set_role(session, person, site.id, "viewer", admin, rights_of(admin), now)
        accounts.gain(session, higher, elsewhere.id, now)
    assert _held(db, elsewhere) == [("dala", "admin"), ("tan", "editor")]


def test_who_has_a_role_on_that_very_site_is_not_invited(
    db: Database, now: datetime, admin: User
) -> None:
    with pytest.raises(Conflict):
        _invite(db, now, admin, email="ADMIN@dala.example.kz")


@pytest.mark.parametrize("left_with", ["viewer", None])
def test_an_invitation_holds_no_longer_than_its_sender_may_give_the_role(
    db: Database, now: datetime, admin: User, elsewhere: User, left_with: str | None
) -> None:
    secret = _invite(db, now, admin, role="admin")
    with db.write() as session:
        (there,) = session.get_one(User, admin.id).memberships
        if left_with is None:
            session.delete(there)
        else:
            there.role = left_with
    with db.write() as session, pytest.raises(InvitationOver):
        accounts.gain(session, secret, elsewhere.id, now)
    with db.write() as session, pytest.raises(InvitationOver):
        accounts.accept(session, secret, "Сая", "жеті қазына бір", "kk", now)
