"""A digest that failed goes again as it was, and takes nothing else along."""

import pytest
from sqlalchemy import select

from core import delivery, messages
from core.channels import PermanentFailure
from core.delivery import WAITS, Delivered
from core.models import Delivery
from tests.core.delivery.newsroom import Newsroom
from tests.servers.mail import MailSink


def _digest(newsroom: Newsroom, *numbers: int) -> list[Delivery]:
    """New cases whose first words go together."""
    for number in numbers:
        newsroom.report(number)
    with newsroom.db.write() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        for row in rows:
            row.rhythm = "digest"
    return list(rows)[-len(numbers) :]


def test_what_may_have_arrived_goes_again_alone_under_its_own_id(
    newsroom: Newsroom, smtp_sink: MailSink
) -> None:
    newsroom.channel()
    _digest(newsroom, 1, 2)
    smtp_sink.mode = "cut"
    assert newsroom.deliver() == Delivered(0, 1)
    later = _digest(newsroom, 3, 4)
    smtp_sink.mode = "451"
    assert newsroom.deliver() == Delivered(0, 1)
    smtp_sink.mode = "fine"
    assert newsroom.deliver(WAITS[0] * 2) == Delivered(2, 0)
    first, *others = smtp_sink.messages
    (again,) = (mail for mail in others if mail["Message-ID"] == first["Message-ID"])
    (second,) = (mail for mail in others if mail is not again)
    assert first["Subject"] == again["Subject"] == second["Subject"]  # two errors each
    assert second["Message-ID"][1:33] == later[0].message_key
    assert set(newsroom.states()) == {"sent"}


def test_who_sends_one_row_of_a_digest_again_sends_all_that_went_with_it(
    newsroom: Newsroom, smtp_sink: MailSink
) -> None:
    newsroom.channel()
    _digest(newsroom, 1, 2)
    smtp_sink.mode = "550"
    newsroom.deliver()
    _digest(newsroom, 3)
    smtp_sink.mode = "fine"
    with newsroom.db.write() as session:
        delivery.retry(session, session.get_one(Delivery, 2), newsroom.now)
    assert newsroom.deliver() == Delivered(2, 0)
    assert set(newsroom.states()) == {"sent"}
    assert len({mail["Message-ID"] for mail in smtp_sink.messages}) == 2


def test_what_could_not_be_written_does_not_go_again_under_the_id_of_the_others(
    newsroom: Newsroom, smtp_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.channel()
    bad, _ = _digest(newsroom, 1, 2)
    written = messages.compose

    def write(session: object, rows: list[Delivery], *rest: object) -> object:
        if any(row.id == bad.id for row in rows):
            raise PermanentFailure("No words.")
        return written(session, rows, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(messages, "compose", write)
    newsroom.deliver()
    monkeypatch.setattr(messages, "compose", written)
    with newsroom.db.write() as session:
        delivery.retry(session, session.get_one(Delivery, bad.id), newsroom.now)
    assert newsroom.deliver() == Delivered(1, 0)
    assert len({mail["Message-ID"] for mail in smtp_sink.messages}) == 2
