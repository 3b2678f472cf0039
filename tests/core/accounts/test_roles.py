"""Owners of the installation, and who may decide about whom."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select, text

from core import accounts
from core.db import Database, migrate
from core.errors import Conflict, Forbidden, Invalid
from core.models import Membership, Site, User
from core.rights import Rights, rights_of
from tests.factories import make_site, make_user

PASSWORD = "жеті қазына тоғыз"
_OF_YESTERDAY = (
    (
        'INSERT INTO "user" (id, email, name, password_hash, language, theme, created_at) '
        "VALUES (:id, :email, '', '-', 'kk', 'auto', :at)"
    ),
    "INSERT INTO membership (user_id, role) VALUES (:id, :role)",
)


@pytest.fixture
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        return make_site(session, now)


def _add(db: Database, now: datetime, email: str, role: str, site: str | None = None) -> User:
    with db.write() as session:
        return accounts.add_user(session, email, "", PASSWORD, role, site, "kk", now)


def _held(db: Database, user: User) -> list[str]:
    with db.read() as session:
        return [each.held for each in session.get_one(User, user.id).memberships]


def _give(db: Database, now: datetime, by: User, to: User, role: str | None) -> None:
    with db.write() as session:
        person = session.get_one(User, to.id)
        accounts.set_role(session, person, None, role, by, rights_of(by), now)


def test_who_first_administers_all_sites_owns_the_installation(
    db: Database, site: Site, now: datetime
) -> None:
    first = _add(db, now, "a@dala.example.kz", "admin")
    assert _held(db, first) == ["owner"]
    assert rights_of(first).may("admin", site.id)
    assert _held(db, _add(db, now, "b@dala.example.kz", "admin")) == ["admin"]
    assert _held(db, _add(db, now, "c@dala.example.kz", "owner")) == ["owner"]
    assert _held(db, _add(db, now, "d@dala.example.kz", "admin", "dala")) == ["admin"]


def test_nobody_owns_a_single_site(db: Database, site: Site, now: datetime) -> None:
    with pytest.raises(Invalid):
        _add(db, now, "a@dala.example.kz", "owner", "dala")
    owner, editor = _add(db, now, "a@b.kz", "owner"), _add(db, now, "b@b.kz", "editor", "dala")
    with db.write() as session, pytest.raises(Invalid):
        person = session.get_one(User, editor.id)
        accounts.set_role(session, person, site.id, "owner", owner, rights_of(owner), now)


def test_only_an_owner_gives_roles_on_all_sites(db: Database, now: datetime) -> None:
    owner = _add(db, now, "a@b.kz", "admin")
    admin, third = _add(db, now, "b@b.kz", "admin"), _add(db, now, "c@b.kz", "viewer")
    for role in ("viewer", "admin", "owner", None):
        with pytest.raises(Forbidden):
            _give(db, now, admin, third, role)
    with pytest.raises(Forbidden):
        _give(db, now, admin, owner, "viewer")
    _give(db, now, owner, third, "owner")
    assert _held(db, third) == ["owner"]


def test_one_owner_always_remains(db: Database, now: datetime) -> None:
    first, second = _add(db, now, "a@b.kz", "owner"), _add(db, now, "b@b.kz", "owner")
    _give(db, now, first, second, "admin")
    for role in ("admin", "viewer", None):
        with pytest.raises(Conflict):
            _give(db, now, first, first, role)
    assert (_held(db, first), _held(db, second)) == (["owner"], ["admin"])


def test_two_owners_cannot_make_each_other_none_at_the_same_moment(
    db: Database, now: datetime
) -> None:
    first, second = _add(db, now, "a@b.kz", "owner"), _add(db, now, "b@b.kz", "owner")
    both = threading.Barrier(2, timeout=10)

    def demote(by: User, to: User) -> bool:
        both.wait()
        try:
            _give(db, now, by, to, "admin")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(demote, [first, second], [second, first]))
    assert done == [False, True]
    assert sorted(_held(db, first) + _held(db, second)) == ["admin", "owner"]


@pytest.mark.parametrize(
    ("by", "about", "may"),
    [
        (("admin", 1), [("editor", 1)], True),
        (("admin", 1), [("admin", 1)], True),
        (("admin", 1), [("viewer", 1), ("viewer", 2)], False),
        (("admin", 1), [("viewer", None)], False),
        (("admin", None), [("viewer", None), ("admin", 2)], True),
        (("admin", None), [("admin", None)], True),
        (("admin", None), [("owner", None)], False),
        (("owner", None), [("owner", None)], True),
        (("editor", None), [("viewer", 1)], False),
    ],
)
def test_nobody_decides_about_who_may_do_more(
    by: tuple[str, int | None], about: list[tuple[str, int | None]], may: bool
) -> None:
    me, other = User(id=1, memberships=[_role(*by)]), User(id=2)
    other.memberships = [_role(*each) for each in about]
    rights: Rights = rights_of(me)
    assert accounts.is_over(rights, me, other) is may
    assert not accounts.is_over(rights, me, me)


def test_an_owner_is_reset_by_owners_alone(db: Database, now: datetime) -> None:
    with db.write() as session:
        owner = make_user(session, now, "a@b.kz", "owner")
        other = make_user(session, now, "b@b.kz", "admin")
        with pytest.raises(Forbidden):
            accounts.reset_second_step(session, owner, other, rights_of(other), now)


def test_who_administered_everything_before_there_were_owners_is_one(
    database_url: str, now: datetime
) -> None:
    migrate(database_url, "base")
    migrate(database_url, "0010")
    db = Database(database_url)
    with db.write() as session:
        for n, role in enumerate(["admin", "editor"], 1):
            fields = {"id": n, "email": f"{n}@b.kz", "at": now, "role": role}
            for statement in _OF_YESTERDAY:
                session.execute(text(statement), fields)
    migrate(database_url)
    with db.read() as session:
        users = session.scalars(select(User).order_by(User.id)).all()
    db.close()
    assert [user.memberships[0].held for user in users] == ["owner", "editor"]


def _role(role: str, site_id: int | None) -> Membership:
    return Membership(
        role="admin" if role == "owner" else role, site_id=site_id, owns=role == "owner"
    )
