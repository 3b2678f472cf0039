"""How people come in, and how they are kept out."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import accounts
from core.accounts import WrongPassword
from core.accounts.attempts import FROM_ONE_ADDRESS, WINDOW
from core.accounts.sessions import IDLE, LASTS
from core.db import Database
from core.errors import Conflict, Invalid, NotFound, Throttled
from core.models import DeskSession, LoginFailure, Site, User
from core.rights import rights_of

EMAIL, PASSWORD = "aigerim@dala.example.kz", "жеті қазына"
HERE = "192.0.2.7"


@pytest.fixture
def user(db: Database, now: datetime) -> User:
    with db.write() as session:
        return accounts.add_user(session, EMAIL, "Айгерім", PASSWORD, "editor", None, "kk", now)


def _log_in(
    db: Database, now: datetime, password: str = PASSWORD, address: str = HERE
) -> accounts.LoggedIn:
    come = accounts.log_in(db, EMAIL, password, address, "Firefox", now)
    assert isinstance(come, accounts.LoggedIn)
    return come


def _fail(db: Database, now: datetime, times: int, address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            _log_in(db, now, "not the password", address)


def test_a_new_user_has_a_role_on_every_site(db: Database, user: User) -> None:
    assert rights_of(user).may("editor", site_id=1)
    assert not rights_of(user).may("admin", site_id=1)


def test_a_user_can_belong_to_one_site_only(db: Database, now: datetime) -> None:
    with db.write() as session:
        site = Site(key="dala", name="Дала үні", url="https://dala.example.kz", created_at=now)
        site.origins, site.languages = ["https://dala.example.kz"], ["kk"]
        session.add(site)
        session.flush()
        user = accounts.add_user(session, EMAIL, "", PASSWORD, "viewer", "dala", "ru", now)
        assert rights_of(user).site_ids() == frozenset({site.id})
        assert user.name == "aigerim"


def test_an_address_is_used_once_whatever_its_case(db: Database, user: User, now: datetime) -> None:
    with db.write() as session, pytest.raises(Conflict):
        accounts.add_user(session, EMAIL.upper(), "", PASSWORD, "editor", None, "kk", now)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("name", "two\nlines"),
        ("password", "short"),
        ("role", "owner of all"),
        ("language", "tlh"),
    ],
)
def test_a_wrong_field_is_named(db: Database, now: datetime, field: str, value: str) -> None:
    fields = {"email": EMAIL, "name": "", "password": PASSWORD, "role": "editor", "language": "kk"}
    with db.write() as session, pytest.raises(Invalid) as wrong:
        accounts.add_user(session, **{**fields, field: value}, site_key=None, now=now)
    assert [error.field for error in wrong.value.errors] == [field]


def test_a_site_that_is_not_there_is_said(db: Database, now: datetime) -> None:
    with db.write() as session, pytest.raises(NotFound):
        accounts.add_user(session, EMAIL, "", PASSWORD, "editor", "nowhere", "kk", now)


def test_the_cookie_of_a_log_in_finds_the_person(db: Database, user: User, now: datetime) -> None:
    logged_in = _log_in(db, now)
    found = accounts.current(db, logged_in.cookie, now)
    assert found is not None
    assert found.user.email == EMAIL
    assert accounts.current(db, "another cookie", now) is None


def test_the_database_does_not_hold_what_the_cookie_says(
    db: Database, user: User, now: datetime
) -> None:
    logged_in = _log_in(db, now)
    assert logged_in.cookie not in (
        logged_in.desk_session.id,
        logged_in.desk_session.form_token,
    )


def test_a_session_ends_after_its_time_or_when_it_lies_idle(
    db: Database, user: User, now: datetime
) -> None:
    cookie = _log_in(db, now).cookie
    assert accounts.current(db, cookie, now + IDLE - timedelta(days=1)) is not None
    assert accounts.current(db, cookie, now + LASTS - timedelta(days=5)) is not None
    assert accounts.current(db, cookie, now + LASTS) is None
    idle = _log_in(db, now).cookie
    assert accounts.current(db, idle, now + IDLE) is None


def test_logging_out_ends_the_session(db: Database, user: User, now: datetime) -> None:
    logged_in = _log_in(db, now)
    with db.write() as session:
        accounts.log_out(session, logged_in.desk_session.id)
    assert accounts.current(db, logged_in.cookie, now) is None


def test_wrong_passwords_make_one_wait(db: Database, user: User, now: datetime) -> None:
    _fail(db, now, FROM_ONE_ADDRESS)
    with pytest.raises(Throttled) as throttled:
        _log_in(db, now + timedelta(minutes=1))
    assert throttled.value.retry_after == 9 * 60
    assert _log_in(db, now + WINDOW).cookie


def test_the_tries_left_are_counted_down(db: Database, user: User, now: datetime) -> None:
    left = []
    for _ in range(FROM_ONE_ADDRESS):
        with pytest.raises(WrongPassword) as wrong:
            _log_in(db, now, "not the password")
        left.append(wrong.value.tries_left)
    assert left == [4, 3, 2, 1, 0]


def test_somebody_far_away_cannot_lock_an_editor_out(
    db: Database, user: User, now: datetime
) -> None:
    _fail(db, now, FROM_ONE_ADDRESS, address="203.0.113.9")
    assert _log_in(db, now).cookie


def test_a_household_counts_as_one(db: Database, user: User, now: datetime) -> None:
    _fail(db, now, FROM_ONE_ADDRESS, address="2001:db8:1:2::1")
    with pytest.raises(Throttled):
        _log_in(db, now, address="2001:db8:1:2:ffff::7")


def test_a_success_wipes_the_slate(db: Database, user: User, now: datetime) -> None:
    _fail(db, now, FROM_ONE_ADDRESS - 1)
    _log_in(db, now)
    _fail(db, now, FROM_ONE_ADDRESS - 1)
    assert _log_in(db, now).cookie


def test_a_stranger_is_refused_like_a_wrong_password(db: Database, now: datetime) -> None:
    with pytest.raises(WrongPassword):
        accounts.log_in(db, "nobody@example.kz", PASSWORD, HERE, "Firefox", now)


def test_a_new_password_ends_the_other_sessions(db: Database, user: User, now: datetime) -> None:
    here, elsewhere = _log_in(db, now), _log_in(db, now)
    keep = here.desk_session.id
    accounts.change_password(db, user, PASSWORD, "a longer password", keep, HERE, now)
    assert accounts.current(db, here.cookie, now) is not None
    assert accounts.current(db, elsewhere.cookie, now) is None
    with pytest.raises(WrongPassword):
        _log_in(db, now)
    assert _log_in(db, now, "a longer password").cookie


def test_a_new_password_needs_the_old_one(db: Database, user: User, now: datetime) -> None:
    with pytest.raises(WrongPassword):
        accounts.change_password(db, user, "a guess", "a longer password", "", HERE, now)
    assert _log_in(db, now).cookie


def test_a_profile_keeps_only_what_the_desk_knows(db: Database, user: User) -> None:
    with db.write() as session:
        accounts.set_profile(session, user.id, "Айгерім Сәрсен", "ru", "dark")
    with db.write() as session, pytest.raises(Invalid):
        accounts.set_profile(session, user.id, "Айгерім Сәрсен", "ru", "pink")
    with db.read() as session:
        kept = session.get_one(User, user.id)
        assert (kept.name, kept.language, kept.theme) == ("Айгерім Сәрсен", "ru", "dark")


def test_what_is_over_is_forgotten(db: Database, user: User, now: datetime) -> None:
    _log_in(db, now)
    _fail(db, now, 1)
    with db.write() as session:
        accounts.forget(session, now + LASTS)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(DeskSession)) == 0
        assert session.scalar(select(func.count()).select_from(LoginFailure)) == 0
