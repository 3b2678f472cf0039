"""How much one reader, one page and one site may send, whatever becomes of Redis."""

import os
import signal
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.errors import Throttled
from core.incoming import NewReport
from service.limits import ReportLimits, reader_network
from tests import factories
from tests.factories import PAGE_URL, new_report
from tests.servers.redis import RedisServer

DAY = date(2026, 3, 10)
HERE = "203.0.113.7"


class _Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def _limits(folder: Path, clock: _Clock | None = None, **values: Any) -> ReportLimits:
    return ReportLimits(factories.make_settings(folder, **values), clock or _Clock())


def _report(n: int = 0, **values: Any) -> NewReport:
    return new_report(url=f"{PAGE_URL}/{n}", canonical_url=None, **values)


def _passed(limits: ReportLimits, address: str, tries: int, **values: Any) -> int:
    """How many of so many reports, each about another page, get through."""
    passed = 0
    for n in range(tries):
        try:
            limits.count(_report(n, **values), address, DAY)
            passed += 1
        except Throttled:
            continue
    return passed


@pytest.fixture(params=["memory", "redis"])
def limits(request: pytest.FixtureRequest, tmp_path: Path) -> ReportLimits:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    return _limits(tmp_path, redis_url=url)


def test_one_reader_may_send_thirty_in_a_minute(limits: ReportLimits) -> None:
    assert _passed(limits, HERE, 35) == 30
    assert _passed(limits, "203.0.113.8", 5) == 5


def test_who_sends_too_much_is_told_when_to_come_again(limits: ReportLimits) -> None:
    _passed(limits, HERE, 30)
    with pytest.raises(Throttled, match="one reader") as fault:
        limits.count(_report(), HERE, DAY)
    assert 1 <= fault.value.retry_after <= 60


def test_a_household_with_ipv6_is_one_reader(limits: ReportLimits) -> None:
    assert _passed(limits, "2001:db8:1:2::1", 20) == 20
    assert _passed(limits, "2001:db8:1:2:ffff::9", 20) == 10
    assert _passed(limits, "2001:db8:1:3::1", 5) == 5


def test_what_one_reader_sends_too_much_counts_against_nobody_else(limits: ReportLimits) -> None:
    about = _report()
    for _ in range(200):
        try:
            limits.count(about, HERE, DAY)
        except Throttled:
            continue
    for n in range(30):
        limits.count(about, f"198.51.100.{n}", DAY)


def test_one_page_takes_only_so_many(limits: ReportLimits) -> None:
    about = _report()
    for n in range(120):
        limits.count(about, f"198.51.100.{n}", DAY)
    with pytest.raises(Throttled, match="one page"):
        limits.count(about, HERE, DAY)
    limits.count(_report(1), HERE, DAY)


def test_forms_of_one_address_are_one_page(limits: ReportLimits) -> None:
    for n in range(120):
        limits.count(new_report(url=f"{PAGE_URL}?utm_source={n}#x"), f"198.51.100.{n}", DAY)
    with pytest.raises(Throttled, match="one page"):
        limits.count(new_report(url=f"{PAGE_URL}/amp"), HERE, DAY)


def test_one_site_takes_only_so_many(tmp_path: Path) -> None:
    limits = _limits(tmp_path)
    for n in range(1200):
        limits.count(_report(n), f"198.51.{n // 200}.{n % 200}", DAY)
    with pytest.raises(Throttled, match="one site"):
        limits.count(_report(2000), HERE, DAY)
    limits.count(_report(2000, site="tan"), HERE, DAY)


def test_limits_can_be_switched_off(tmp_path: Path) -> None:
    assert _passed(_limits(tmp_path, rate_limits=False), HERE, 100) == 100


def test_a_reader_is_somebody_else_the_next_day(limits: ReportLimits) -> None:
    assert _passed(limits, HERE, 31) == 30
    limits.count(_report(99), HERE, date(2026, 3, 11))


def test_no_address_can_be_read_in_redis(redis_url: str, tmp_path: Path) -> None:
    import redis

    _limits(tmp_path, redis_url=redis_url).count(_report(), HERE, DAY)
    with redis.Redis.from_url(redis_url) as client:
        keys = b" ".join(client.keys())
    assert keys.startswith(b"tuzet.limits")
    assert HERE.encode() not in keys
    assert b"dala" not in keys


def test_processes_that_share_a_redis_share_the_counts(redis_url: str, tmp_path: Path) -> None:
    assert _passed(_limits(tmp_path, redis_url=redis_url), HERE, 20) == 20
    assert _passed(_limits(tmp_path, redis_url=redis_url), HERE, 20) == 10


def test_a_dead_redis_is_left_alone_while_the_process_counts(tmp_path: Path) -> None:
    limits = _limits(tmp_path, redis_url="redis://127.0.0.1:1/0")
    assert _passed(limits, HERE, 35) == 30


@pytest.mark.faults
def test_a_hung_redis_is_asked_once_in_a_while_only(own_redis: RedisServer, tmp_path: Path) -> None:
    assert own_redis.pid is not None
    clock = _Clock()
    limits = _limits(tmp_path, clock, redis_url=own_redis.url)
    assert _passed(limits, HERE, 5) == 5
    os.kill(own_redis.pid, signal.SIGSTOP)
    try:
        assert _passed(limits, HERE, 200) == 30
        clock.at += 5
        assert _passed(limits, HERE, 200) == 0
    finally:
        os.kill(own_redis.pid, signal.SIGCONT)
    clock.at += 5
    # What was asked of the hung Redis may be counted when it wakes.
    assert 20 <= _passed(limits, HERE, 200) <= 25


@pytest.mark.parametrize(
    ("address", "reader"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_reader_is_an_address_or_a_network(address: str, reader: str) -> None:
    assert reader_network(address) == reader
