"""Many at once: each host has its turn, and nobody waits for others."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import readermail
from core.delivery import LEASE, Delivered, try_channel
from core.models import Channel, Delivery, ReaderAddress
from tests.core.delivery.newsroom import Hooks, Newsroom
from tests.servers.mail import MailSink


def test_five_hundred_due_at_once_are_two_sends_at_a_time_for_one_host(
    newsroom: Newsroom, hooks: Hooks
) -> None:
    newsroom.channel(hooks.url(), "webhook")
    case = newsroom.report()
    with newsroom.db.write() as session:
        channel_id = session.scalars(select(Channel.id)).one()
        session.add_all(
            Delivery(
                channel_id=channel_id,
                case_id=case.id,
                event_type="case.updated",
                due_at=newsroom.now,
                message_key=f"{number:032x}",
                created_at=newsroom.now,
            )
            for number in range(499)
        )
    hooks.pause = 0.002
    postmen = [threading.Thread(target=_deliver_all, args=(newsroom, hooks)) for _ in range(5)]
    for postman in postmen:
        postman.start()
    for postman in postmen:
        postman.join(120)
    assert set(newsroom.states()) == {"sent"}
    assert len({headers["webhook-id"] for headers, _ in hooks.got}) == len(hooks.got) == 500
    assert hooks.most == 2


def _deliver_all(newsroom: Newsroom, hooks: Hooks) -> None:
    while len(hooks.got) < 500:
        if newsroom.deliver(most=1) == Delivered(0, 0):
            threading.Event().wait(0.005)


def test_a_host_that_hangs_holds_up_nobody_else(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url("127.0.0.2"), "webhook")
    newsroom.channel(hooks.url("127.0.0.3"), "webhook")
    hooks.hold = threading.Event()
    for number in range(6):
        newsroom.report(number)
    postmen = [threading.Thread(target=newsroom.deliver) for _ in range(3)]
    for postman in postmen:
        postman.start()
    waited = 0
    while sum(state == "sent" for state in newsroom.states()) < 6 and waited < 500:
        threading.Event().wait(0.02)
        waited += 1
    assert sum(state == "sent" for state in newsroom.states()) == 6
    hooks.hold.set()
    for postman in postmen:
        postman.join(60)


def test_who_was_slow_stands_back_behind_the_others(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url("127.0.0.2"), "webhook")
    newsroom.channel(hooks.url("127.0.0.3"), "webhook")
    newsroom.report(1)
    newsroom.report(2)
    with newsroom.db.write() as session:
        session.get_one(Channel, 1).is_slow = True
    newsroom.deliver(most=2)
    assert [row.status for row in newsroom.rows() if row.channel_id == 2] == ["sent", "sent"]
    newsroom.deliver(most=1)
    with newsroom.db.read() as session:
        assert not session.get_one(Channel, 1).is_slow


SECOND = timedelta(seconds=1)


def _under_way(newsroom: Newsroom, to_editors: int, to_readers: int) -> None:
    """So many mails are being sent right now, by other workers."""
    with newsroom.db.write() as session:
        leased = {"leased_until": newsroom.now + LEASE, "created_at": newsroom.now}
        for number in range(to_editors):
            row = Delivery(
                channel_id=session.scalars(select(Channel.id)).first(),
                event_type="case.updated",
                attempts=1,
                due_at=newsroom.now,
                message_key=f"{number:032x}",
                lease=f"editors-{number}",
                **leased,
            )
            session.add(row)
        for number in range(to_readers):
            reader = ReaderAddress(
                site_id=newsroom.site.id,
                digest=f"{number:064x}",
                due_at=newsroom.now,
                attempts=1,
                lease=f"readers-{number}",
                **leased,
            )
            session.add(reader)


@pytest.mark.parametrize(("to_editors", "to_readers"), [(2, 0), (1, 1), (0, 2)])
def test_the_mail_server_gets_two_at_a_time_whoever_they_are_for(
    newsroom: Newsroom, smtp_sink: MailSink, to_editors: int, to_readers: int
) -> None:
    newsroom.channel()
    newsroom.report()
    _owe_a_reader(newsroom)
    _under_way(newsroom, to_editors, to_readers)
    assert newsroom.deliver(most=1) == Delivered(0, 0)
    assert readermail.thank_due(newsroom.db, newsroom.settings, lambda: newsroom.now, 1) == 0
    later = newsroom.now + LEASE + SECOND
    assert newsroom.deliver(LEASE + SECOND, most=1) == Delivered(1, 0)
    assert readermail.thank_due(newsroom.db, newsroom.settings, lambda: later, 1) == 1


def _owe_a_reader(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        owed = ReaderAddress(
            site_id=newsroom.site.id, digest="f" * 64, due_at=newsroom.now, created_at=newsroom.now
        )
        session.add(owed)


def test_a_letter_to_a_reader_waits_for_no_webhook(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url(), "webhook")
    _under_way(newsroom, to_editors=2, to_readers=0)
    _owe_a_reader(newsroom)
    assert readermail.thank_due(newsroom.db, newsroom.settings, lambda: newsroom.now, 1) == 1


def test_a_test_of_a_channel_takes_the_next_turn(newsroom: Newsroom, smtp_sink: MailSink) -> None:
    newsroom.channel()
    newsroom.report()
    _under_way(newsroom, to_editors=1, to_readers=1)
    waited: list[float] = []

    def pause(seconds: float) -> None:
        """One of the two ends; nobody takes its turn before the test."""
        waited.append(seconds)
        assert smtp_sink.attempts == 0
        with newsroom.db.write() as session:
            reader = session.scalars(select(ReaderAddress)).one()
            reader.lease = reader.leased_until = reader.due_at = None
        assert newsroom.deliver(most=1) == Delivered(0, 0)

    tried = try_channel(newsroom.db, newsroom.settings, 1, lambda: newsroom.now, pause)
    assert tried.fault is None
    assert len(waited) == len(smtp_sink.messages) == 1
    assert newsroom.deliver(most=1) == Delivered(1, 0)


def test_a_test_counts_while_it_is_sent_and_gives_up_where_all_turns_stay_taken(
    newsroom: Newsroom, smtp_sink: MailSink
) -> None:
    newsroom.channel()
    _under_way(newsroom, to_editors=2, to_readers=0)
    waited: list[float] = []
    tried = try_channel(newsroom.db, newsroom.settings, 1, lambda: newsroom.now, waited.append)
    assert tried.fault == "Other messages to this server are still under way. Try again soon."
    assert sum(waited) < 11
    assert smtp_sink.attempts == 0
    (row,) = (row for row in newsroom.rows() if row.event_type == "channel.test")
    assert (row.status, row.lease, row.last_error) == ("dead", None, tried.fault)
