"""The broker is a bell: without it all is still taken, sorted and mailed."""

from pathlib import Path

import pytest

from tests.faults import brokers
from tests.faults.newsroom import newsroom
from tests.faults.scenarios import report_through
from tests.servers.mail import MailSink
from tests.servers.redis import RedisServer

REPORTS = 150  # and fifty more at the end

pytestmark = pytest.mark.faults


def test_a_dead_broker_costs_no_reader_a_moment_and_loses_nothing(
    tmp_path: Path, smtp_sink: MailSink
) -> None:
    broker = brokers.Mortal()
    try:
        with newsroom(tmp_path, smtp_sink, TUZET_REDIS_URL=broker.url) as desk:
            report_through(desk, broker.dead(), REPORTS)
    finally:
        broker.close()


def test_a_hung_broker_costs_no_reader_a_moment_and_loses_nothing(
    tmp_path: Path, smtp_sink: MailSink, own_redis: RedisServer
) -> None:
    with newsroom(tmp_path, smtp_sink, TUZET_REDIS_URL=own_redis.url) as desk:
        report_through(desk, brokers.hung(own_redis), REPORTS)


def test_a_flushed_broker_loses_nothing(
    tmp_path: Path, smtp_sink: MailSink, own_redis: RedisServer, postgresql_url: str
) -> None:
    servers = {"TUZET_REDIS_URL": own_redis.url, "TUZET_DATABASE_URL": postgresql_url}
    with newsroom(tmp_path, smtp_sink, **servers) as desk:
        report_through(desk, brokers.flushed(own_redis), REPORTS)


def test_an_embedded_broker_that_is_swept_away_loses_nothing(
    tmp_path: Path, smtp_sink: MailSink
) -> None:
    with newsroom(tmp_path, smtp_sink) as desk:
        report_through(desk, brokers.swept_away(tmp_path / "data" / "broker"), REPORTS)
