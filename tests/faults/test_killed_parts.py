"""Web and worker may be killed at any moment: what was promised is kept."""

import random
from pathlib import Path

import pytest

from tests.faults.newsroom import newsroom
from tests.faults.scenarios import kill_at_random
from tests.servers.mail import MailSink
from tests.servers.redis import RedisServer

KILLS = 4
REPORTS = 240

pytestmark = pytest.mark.faults


def test_killing_parts_of_the_embedded_service_loses_no_report(
    tmp_path: Path, smtp_sink: MailSink
) -> None:
    with newsroom(tmp_path, smtp_sink) as desk:
        kill_at_random(desk, KILLS, REPORTS, random.Random(5))


def test_killing_parts_on_real_servers_loses_no_report(
    tmp_path: Path, smtp_sink: MailSink, own_redis: RedisServer, postgresql_url: str
) -> None:
    servers = {"TUZET_REDIS_URL": own_redis.url, "TUZET_DATABASE_URL": postgresql_url}
    with newsroom(tmp_path, smtp_sink, **servers) as desk:
        kill_at_random(desk, KILLS, REPORTS, random.Random(6))
