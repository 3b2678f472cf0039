"""A mail server that is away for a while."""

from pathlib import Path

import pytest
from sqlalchemy import select

from core.models import Delivery
from tests.faults.newsroom import newsroom
from tests.faults.scenarios import LONGEST_WAIT_S, lose_the_mail_server
from tests.servers.mail import MailSink
from tests.servers.tuzet import until

pytestmark = pytest.mark.faults


def test_mail_waits_for_its_server_and_says_why(tmp_path: Path, smtp_sink: MailSink) -> None:
    with newsroom(tmp_path, smtp_sink, TUZET_TIME_SCALE="30") as desk:

        def errors() -> list[str | None]:
            with desk.db.read() as session:
                return list(session.scalars(select(Delivery.last_error)))

        def say_why() -> None:
            until(lambda: all(errors()), LONGEST_WAIT_S, desk.explain)

        lose_the_mail_server(desk, say_why)
