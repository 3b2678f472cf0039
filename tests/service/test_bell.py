"""The web's bell reaches a real broker, and holds nobody up when the broker is away."""

import os
import signal
from pathlib import Path

import pytest
import redis

from core.ringing import QUEUE
from core.settings import Settings
from core.signals import ALL, SORT
from service.bell import BrokerBell, broker_fault
from tests.factories import make_settings
from tests.servers.redis import RedisServer, server


def _waiting(url: str) -> int:
    with redis.Redis.from_url(url) as client:
        return int(client.llen(QUEUE))


@pytest.fixture
def embedded(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


def test_a_signal_lies_in_redis_for_the_workers(redis_url: str, tmp_path: Path) -> None:
    bell = BrokerBell(make_settings(tmp_path, redis_url=redis_url))
    for name in ALL:
        bell.ring(name)
    assert bell.drain(5)
    assert _waiting(redis_url) == len(ALL)


def test_a_signal_carries_nothing_but_its_name(redis_url: str, tmp_path: Path) -> None:
    bell = BrokerBell(make_settings(tmp_path, redis_url=redis_url))
    bell.ring(SORT)
    assert bell.drain(5)
    with redis.Redis.from_url(redis_url) as client:
        message = client.lindex(QUEUE, 0)
    assert SORT in str(message)
    assert "W1tdLCB7fSwg" in str(message)  # [[], {}, in base64: no arguments


def test_a_signal_lies_in_the_folder_of_the_embedded_broker(embedded: Settings) -> None:
    bell = BrokerBell(embedded)
    bell.ring(SORT)
    assert bell.drain(5)
    assert len(list((embedded.broker_folder / "signals").iterdir())) == 1


def test_a_thousand_reports_ring_only_a_few_times(redis_url: str, tmp_path: Path) -> None:
    bell = BrokerBell(make_settings(tmp_path, redis_url=redis_url))
    for _ in range(1000):
        bell.ring(SORT)
    assert bell.drain(5)
    assert _waiting(redis_url) <= 20


def test_ringing_for_a_broker_that_is_not_there_raises_nothing(tmp_path: Path) -> None:
    with server() as gone:
        settings = make_settings(tmp_path, redis_url=gone.url)
    bell = BrokerBell(settings)
    bell.ring(SORT)
    assert not bell.drain(1)
    assert bell.tally().away


def test_a_flushed_broker_is_rung_like_any_other(redis_url: str, tmp_path: Path) -> None:
    bell = BrokerBell(make_settings(tmp_path, redis_url=redis_url))
    bell.ring(SORT)
    assert bell.drain(5)
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    bell.ring(SORT)
    assert bell.drain(5)
    assert _waiting(redis_url) == 1


def test_a_hung_broker_hears_the_signal_once_it_goes_on(
    own_redis: RedisServer, tmp_path: Path
) -> None:
    assert own_redis.pid is not None
    bell = BrokerBell(make_settings(tmp_path, redis_url=own_redis.url))
    os.kill(own_redis.pid, signal.SIGSTOP)
    bell.ring(SORT)
    assert not bell.drain(1)
    os.kill(own_redis.pid, signal.SIGCONT)
    assert bell.drain(20)
    assert _waiting(own_redis.url) >= 1


def test_a_broker_that_answers_has_no_fault(redis_url: str, embedded: Settings) -> None:
    assert broker_fault(make_settings(embedded.data_dir, redis_url=redis_url)) is None
    assert broker_fault(embedded) is None


def test_a_broker_that_hangs_is_found_out(own_redis: RedisServer, tmp_path: Path) -> None:
    assert own_redis.pid is not None
    os.kill(own_redis.pid, signal.SIGSTOP)
    fault = broker_fault(make_settings(tmp_path, redis_url=own_redis.url))
    assert fault is not None
    assert "Timeout" in fault
