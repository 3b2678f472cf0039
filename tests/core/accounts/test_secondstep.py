"""Six digits after the password: turned on, taken once, and what stands in for a lost device."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from core import accounts
from core.accounts import HalfWay, LoggedIn, WrongCode
from core.accounts.attempts import CODES_FROM_ANYWHERE, FROM_ONE_ADDRESS, WINDOW
from core.accounts.secondstep import SETUP_LASTS
from core.db import Database
from core.errors import Conflict, Invalid, NotFound, Throttled
from core.models import AdministrativeAct, HalfLogIn, RecoveryCode, SecondFactor, User

EMAIL, PASSWORD, KEY = "aigerim@dala.example.kz", "жеті қазына", "k" * 43
HERE = "192.0.2.7"
HALF_MINUTE = timedelta(seconds=30)


class Device:
    """A person's telephone, and the codes they have printed."""

    def __init__(self, secret: str, codes: list[str]) -> None:
        self.secret, self.codes = secret, codes

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.secret).at(at)


@pytest.fixture
def user(db: Database, now: datetime) -> User:
    with db.write() as session:
        return accounts.add_user(session, EMAIL, "Айгерім", PASSWORD, "editor", None, "kk", now)


@pytest.fixture
def device(db: Database, user: User, now: datetime) -> Device:
    """The second step was turned on two minutes ago."""
    then = now - timedelta(minutes=2)
    with db.write() as session:
        secret = accounts.begin_setup(session, user, KEY, then).secret
        code = pyotp.TOTP(secret).at(then)
        return Device(secret, accounts.turn_on(session, user, code, "", KEY, then))


def _half(db: Database, now: datetime) -> str:
    half = accounts.log_in(db, EMAIL, PASSWORD, HERE, "Firefox", now)
    assert isinstance(half, HalfWay)
    return half.cookie


def _finish(
    db: Database, cookie: str, code: str, now: datetime, address: str = HERE
) -> accounts.LoggedIn:
    return accounts.finish(db, cookie, code, address, "Firefox", KEY, now)


def test_a_right_password_is_half_of_a_log_in(db: Database, device: Device, now: datetime) -> None:
    cookie = _half(db, now)
    assert accounts.current(db, cookie, now) is None
    come = _finish(db, cookie, device.code(now), now)
    found = accounts.current(db, come.cookie, now)
    assert found is not None
    assert found.user.email == EMAIL


def test_a_code_is_taken_once(db: Database, device: Device, now: datetime) -> None:
    code = device.code(now)
    _finish(db, _half(db, now), code, now)
    with pytest.raises(WrongCode):
        _finish(db, _half(db, now), code, now)
    with pytest.raises(WrongCode):  # nor one of before, which nobody has used
        _finish(db, _half(db, now), device.code(now - HALF_MINUTE), now)
    later = now + HALF_MINUTE
    assert _finish(db, _half(db, later), device.code(later), later).cookie


def test_the_code_that_turned_it_on_does_not_open_the_door(
    db: Database, user: User, now: datetime
) -> None:
    with db.write() as session:
        secret = accounts.begin_setup(session, user, KEY, now).secret
        accounts.turn_on(session, user, pyotp.TOTP(secret).at(now), "", KEY, now)
    with pytest.raises(WrongCode):
        _finish(db, _half(db, now), pyotp.TOTP(secret).at(now), now)


@pytest.mark.parametrize("steps", [-1, 1])
def test_a_clock_may_be_wrong_by_one_step(
    db: Database, device: Device, now: datetime, steps: int
) -> None:
    code = device.code(now + steps * HALF_MINUTE)
    assert _finish(db, _half(db, now), f"{code[:3]} {code[3:]}", now).cookie


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_clock_may_not_be_wrong_by_more(
    db: Database, device: Device, now: datetime, steps: int
) -> None:
    with pytest.raises(WrongCode):
        _finish(db, _half(db, now), device.code(now + steps * HALF_MINUTE), now)


@pytest.mark.parametrize("code", ["", "000000", "१२३४५६", "x" * 16, "\0\ud800", "9" * 40])
def test_anything_else_is_wrong(db: Database, device: Device, now: datetime, code: str) -> None:
    if code == device.code(now):
        code = "111111"
    with pytest.raises(WrongCode):
        _finish(db, _half(db, now), code, now)


def test_half_a_log_in_is_finished_once_and_in_time(
    db: Database, device: Device, now: datetime
) -> None:
    cookie = _half(db, now)
    with pytest.raises(NotFound):
        _finish(db, cookie, device.code(now), now + accounts.HALF_LASTS)
    _finish(db, cookie, device.code(now), now)
    with pytest.raises(NotFound):
        _finish(db, cookie, device.codes[0], now)
    with pytest.raises(NotFound):
        _finish(db, "another cookie", device.codes[0], now)


def test_a_recovery_code_opens_once_and_leaves_a_line(
    db: Database, device: Device, now: datetime
) -> None:
    spent = device.codes[3]
    assert _finish(db, _half(db, now), spent.upper().replace("-", " "), now).cookie
    with pytest.raises(WrongCode):
        _finish(db, _half(db, now), spent, now)
    with db.read() as session:
        assert accounts.codes_left(session, 1) == 9
        acts = list(session.scalars(select(AdministrativeAct.act)))
    assert acts == ["second step on", "recovery code"]


def test_the_database_holds_neither_the_secret_nor_the_codes(db: Database, device: Device) -> None:
    with db.read() as session:
        assert device.secret not in session.scalars(select(SecondFactor.sealed)).one()
        digests = set(session.scalars(select(RecoveryCode.digest)))
    assert len(digests) == len(set(device.codes)) == 10
    assert digests.isdisjoint({code.replace("-", "") for code in device.codes} | {*device.codes})


def test_guessing_makes_one_wait_even_who_knows_the_password(
    db: Database, device: Device, now: datetime
) -> None:
    left = []
    for _ in range(FROM_ONE_ADDRESS):
        with pytest.raises(WrongCode) as wrong:
            _finish(db, _half(db, now), "x", now)  # the right password wipes no slate of codes
        left.append(wrong.value.tries_left)
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(Throttled):
        _finish(db, _half(db, now), device.code(now), now)
    later = now + WINDOW
    assert _finish(db, _half(db, later), device.code(later), later).cookie


def test_guessing_from_many_addresses_is_stopped_too(
    db: Database, device: Device, now: datetime
) -> None:
    cookie = _half(db, now)
    for n in range(CODES_FROM_ANYWHERE):
        with pytest.raises(WrongCode):
            _finish(db, cookie, "x", now, f"198.51.100.{n}")
    with pytest.raises(Throttled):
        _finish(db, cookie, device.code(now), now)


def test_without_a_right_code_nothing_is_turned_on(db: Database, user: User, now: datetime) -> None:
    with db.write() as session:
        accounts.begin_setup(session, user, KEY, now)
        with pytest.raises(Invalid):
            accounts.turn_on(session, user, "000", "", KEY, now)
    assert isinstance(accounts.log_in(db, EMAIL, PASSWORD, HERE, "", now), LoggedIn)


def test_a_secret_waits_ten_minutes_for_its_first_code(
    db: Database, user: User, now: datetime
) -> None:
    with db.write() as session:
        accounts.begin_setup(session, user, KEY, now)
    with db.read() as session, pytest.raises(NotFound):
        accounts.setup_of(session, user, KEY, now + SETUP_LASTS)


def test_turning_it_on_ends_the_other_log_ins(db: Database, user: User, now: datetime) -> None:
    here = accounts.log_in(db, EMAIL, PASSWORD, HERE, "", now)
    there = accounts.log_in(db, EMAIL, PASSWORD, HERE, "", now)
    assert isinstance(here, LoggedIn)
    assert isinstance(there, LoggedIn)
    with db.write() as session:
        secret = accounts.begin_setup(session, user, KEY, now).secret
        code, keep = pyotp.TOTP(secret).at(now), here.desk_session.id
        accounts.turn_on(session, user, code, keep, KEY, now)
    assert accounts.current(db, here.cookie, now) is not None
    assert accounts.current(db, there.cookie, now) is None


def test_while_it_is_on_no_other_secret_takes_its_place(
    db: Database, user: User, device: Device, now: datetime
) -> None:
    with db.write() as session, pytest.raises(Conflict):
        accounts.begin_setup(session, user, KEY, now)


def test_new_recovery_codes_end_the_old_ones(
    db: Database, user: User, device: Device, now: datetime
) -> None:
    with db.write() as session:
        fresh = accounts.renew_codes(session, user, now)
    with pytest.raises(WrongCode):
        _finish(db, _half(db, now), device.codes[0], now)
    assert _finish(db, _half(db, now), fresh[0], now).cookie


def test_turned_off_the_password_is_enough(
    db: Database, user: User, device: Device, now: datetime
) -> None:
    with db.write() as session:
        accounts.turn_off(session, user, EMAIL, now)
    assert isinstance(accounts.log_in(db, EMAIL, PASSWORD, HERE, "", now), LoggedIn)
    with db.write() as session, pytest.raises(NotFound):
        accounts.turn_off(session, user, EMAIL, now)


def test_a_new_password_ends_half_log_ins(
    db: Database, user: User, device: Device, now: datetime
) -> None:
    cookie = _half(db, now)
    accounts.change_password(db, user, PASSWORD, "a longer password", "", HERE, now)
    with pytest.raises(NotFound):
        _finish(db, cookie, device.code(now), now)


def test_half_log_ins_that_are_over_are_forgotten(
    db: Database, device: Device, now: datetime
) -> None:
    _half(db, now)
    with db.write() as session:
        accounts.forget(session, now + accounts.HALF_LASTS)
    with db.read() as session:
        assert session.scalars(select(HalfLogIn)).all() == []


def test_of_two_at_the_same_moment_one_gets_in(db: Database, device: Device, now: datetime) -> None:
    cookies = [_half(db, now) for _ in range(2)]
    code = device.code(now)
    both = threading.Barrier(2, timeout=10)

    def come(cookie: str) -> bool:
        both.wait()
        try:
            return bool(_finish(db, cookie, code, now).cookie)
        except WrongCode:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(come, cookies)) == [False, True]
