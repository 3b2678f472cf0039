"""Channels to which nothing goes any more."""

import pytest

from core import delivery, tending
from core.delivery import Delivered
from core.errors import Conflict
from core.models import Channel, Delivery
from tests import factories
from tests.core.delivery.newsroom import Hooks, Newsroom
from tests.servers.mail import MailSink


@pytest.mark.parametrize("end", ["unsubscribed", "removed"])
def test_nothing_that_was_owed_to_an_ended_channel_is_sent_again(
    newsroom: Newsroom, hooks: Hooks, smtp_sink: MailSink, end: str
) -> None:
    newsroom.channel()
    newsroom.channel(hooks.url(), "webhook")
    newsroom.report()
    with newsroom.db.write() as session:
        for number in (1, 2):
            channel = session.get_one(Channel, number)
            if end == "removed":
                tending.remove(session, channel)
            else:
                delivery.unsubscribe(session, channel, newsroom.now)
    for number in (1, 2):
        with newsroom.db.write() as session, pytest.raises(Conflict, match=end):
            delivery.retry(session, session.get_one(Delivery, number), newsroom.now)
        with pytest.raises(Conflict, match=end):
            delivery.try_channel(newsroom.db, newsroom.settings, number, lambda: newsroom.now)
    assert newsroom.deliver() == Delivered(0, 0)
    assert newsroom.states() == ["dead", "dead"]
    assert (smtp_sink.messages, hooks.got) == ([], [])


def test_whoever_resumes_an_unsubscribed_channel_may_send_again(
    newsroom: Newsroom, smtp_sink: MailSink
) -> None:
    newsroom.channel()
    newsroom.report()
    with newsroom.db.write() as session:
        channel = session.get_one(Channel, 1)
        delivery.unsubscribe(session, channel, newsroom.now)
        delivery.resume(channel)
        delivery.retry(session, session.get_one(Delivery, 1), newsroom.now)
    assert newsroom.deliver() == Delivered(1, 0)


def test_an_administrator_who_wants_no_mail_gets_none_about_channels_either(
    newsroom: Newsroom, smtp_sink: MailSink
) -> None:
    with newsroom.db.write() as session:
        person = factories.make_user(session, newsroom.now, "admin@dala.example.kz", "admin")
        tending.set_own_mail(session, person, {"is_off": True}, {})
    newsroom.channel()
    with newsroom.db.write() as session:
        delivery.unsubscribe(session, session.get_one(Channel, 1), newsroom.now)
    assert newsroom.rows() == []
