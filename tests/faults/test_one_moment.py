"""Many readers who see one error at the same moment."""

from pathlib import Path

import pytest

from tests.faults.newsroom import newsroom
from tests.faults.scenarios import report_at_once
from tests.servers.mail import MailSink

ROUNDS = 3

pytestmark = pytest.mark.faults


def test_sixteen_readers_at_once_make_one_case_and_one_mail(
    tmp_path: Path, smtp_sink: MailSink, database_url: str, redis_url: str
) -> None:
    servers = {"TUZET_REDIS_URL": redis_url, "TUZET_DATABASE_URL": database_url}
    with newsroom(tmp_path, smtp_sink, **servers) as desk:
        for number in range(ROUNDS):
            report_at_once(desk, f"page-{number}")
