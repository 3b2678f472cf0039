"""The promise: nothing is lost, and the states are true."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import delivery, messages
from core.channels import smtp, webhook
from core.delivery import HOOK_WAITS, WAITS, Delivered
from core.models import Delivery
from core.net import Limits
from core.representations import delivery_json
from tests import factories
from tests.core.delivery.newsroom import Hooks, Newsroom
from tests.servers.mail import MailSink, Mode

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("fine", "sent"),
        ("down", "pending"),
        ("451", "pending"),
        ("550", "dead"),
        ("slow", "pending"),
        ("cut", "pending"),
        ("reset", "pending"),
    ],
)
def test_no_mail_is_lost_whatever_the_mail_server_does(
    newsroom: Newsroom,
    smtp_sink: MailSink,
    monkeypatch: pytest.MonkeyPatch,
    mode: Mode,
    status: str,
) -> None:
    monkeypatch.setattr(smtp, "SEND_LIMIT", timedelta(seconds=0.7))
    newsroom.channel()
    newsroom.report()
    smtp_sink.mode = mode
    newsroom.deliver()
    (row,) = newsroom.rows()
    told = delivery_json(row)
    assert (told["status"], told["attempts"]) == (status, 1)
    assert (told["last_error"] is None) is (mode == "fine")
    smtp_sink.mode = "fine"
    if status == "dead":
        with newsroom.db.write() as session:
            delivery.retry(session, session.get_one(Delivery, row.id), newsroom.now)
    newsroom.deliver(WAITS[0] * 2)
    assert newsroom.states() == ["sent"]
    assert {mail["Message-ID"] for mail in smtp_sink.messages} == {
        f"<{row.message_key}@{newsroom.settings.mail_from.rpartition('@')[2].rstrip('>')}>"
    }
    assert len(smtp_sink.messages) == (2 if mode == "cut" else 1)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("200", "sent"),
        ("500", "pending"),
        ("hang", "pending"),
        ("301", "dead"),
        ("410", "dead"),
        ("429", "pending"),
        ("10 MB", "sent"),
    ],
)
def test_no_event_is_lost_whatever_a_webhook_answers(
    newsroom: Newsroom,
    hooks: Hooks,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    status: str,
) -> None:
    monkeypatch.setattr(webhook, "LIMITS", Limits(total_seconds=0.5))
    newsroom.channel(hooks.url(), "webhook")
    newsroom.report()
    hooks.status = int(answer) if answer.isdigit() else 200
    hooks.pause = 1.2 if answer == "hang" else 0.0
    hooks.body = b"x" * 10_000_000 if answer == "10 MB" else b""
    hooks.headers = {"Location": hooks.url()} if answer == "301" else {}
    newsroom.deliver()
    (row,) = newsroom.rows()
    told = delivery_json(row)
    assert (told["status"], told["attempts"]) == (status, 1)
    assert (told["last_error"] is None) is (status == "sent")
    hooks.status, hooks.pause, hooks.body = 200, 0.0, b""
    if status == "pending":
        assert HOOK_WAITS[0] <= row.due_at - newsroom.now <= HOOK_WAITS[0] * 1.1
        newsroom.deliver(HOOK_WAITS[0] * 2)
        assert newsroom.states() == ["sent"]
    ids = {headers["webhook-id"] for headers, _ in hooks.got}
    assert ids == {row.message_key}


def test_a_webhook_follows_the_standards_table_and_is_dead_then(
    newsroom: Newsroom, hooks: Hooks
) -> None:
    newsroom.channel(hooks.url(), "webhook")
    newsroom.report()
    hooks.status = 503
    after = timedelta(0)
    for wait in HOOK_WAITS:
        newsroom.deliver(after)
        (row,) = newsroom.rows()
        assert row.status == "pending"
        assert wait <= row.due_at - (newsroom.now + after) <= wait * 1.1
        after = row.due_at - newsroom.now + timedelta(hours=1)  # past an hour of a pause, too
    newsroom.deliver(after)
    (row,) = newsroom.rows()
    assert (row.status, row.attempts) == ("dead", len(HOOK_WAITS) + 1)


@pytest.mark.parametrize(("asked", "waits"), [("300", 300), ("7200", 3_600)])
def test_retry_after_is_honoured_up_to_an_hour_for_the_whole_channel(
    newsroom: Newsroom, hooks: Hooks, asked: str, waits: int
) -> None:
    newsroom.channel(hooks.url(), "webhook")
    newsroom.report(1)
    newsroom.report(2)
    hooks.status, hooks.headers = 429, {"Retry-After": asked}
    assert newsroom.deliver() == Delivered(0, 1)
    first = newsroom.rows()[0]
    # The other side speaks of its own clock; what is kept is how long it asked for.
    assert abs((first.due_at - newsroom.now).total_seconds() - waits) <= 1
    hooks.status = 200
    assert newsroom.deliver(timedelta(seconds=waits - 5)) == Delivered(0, 0)
    assert newsroom.deliver(timedelta(seconds=waits + 5)) == Delivered(2, 0)


def test_twenty_readers_of_one_error_are_one_message_at_once_and_one_in_the_digest(
    newsroom: Newsroom, smtp_sink: MailSink
) -> None:
    newsroom.channel("a@dala.example.kz")
    newsroom.channel("b@dala.example.kz")
    for reader in range(20):
        factories.sorted_case(
            newsroom.db, newsroom.settings, newsroom.now + timedelta(seconds=reader)
        )
    newsroom.deliver()
    assert sorted(smtp_sink.recipients) == [["a@dala.example.kz"], ["b@dala.example.kz"]]
    newsroom.deliver(DAY)
    assert len(smtp_sink.messages) == 4
    body = smtp_sink.messages[-1].get_body(("plain",))
    assert body is not None
    assert "20 readers, 19 of them new" in body.get_content()


def test_a_message_that_cannot_be_written_is_dead_with_its_reason_and_harms_no_other(
    newsroom: Newsroom, smtp_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.channel()
    good, bad = newsroom.report(1), newsroom.report(2)
    written = messages.compose

    def write(session: Any, rows: Any, settings: Any, now: Any) -> Any:
        if any(row.case_id == bad.id for row in rows):
            raise KeyError("Айша, 87011234567")
        return written(session, rows, settings, now)

    monkeypatch.setattr(messages, "compose", write)
    with newsroom.db.write() as session:
        for row in session.scalars(select(Delivery)):
            row.rhythm = "digest"
    newsroom.deliver()
    states = {row.case_id: (row.status, row.last_error) for row in newsroom.rows()}
    assert states[good.id] == ("sent", None)
    assert states[bad.id] == ("dead", "The message could not be written (KeyError).")
    assert len(smtp_sink.messages) == 1
