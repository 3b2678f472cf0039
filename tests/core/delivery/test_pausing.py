"""Channels that fail for long, new secrets, and tests of a channel."""

import base64
import json
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from core import delivery, tending
from core.clock import utcnow
from core.db import Database
from core.delivery import Delivered
from core.models import Channel, Site
from tests import factories
from tests.core.delivery.newsroom import Hooks, Newsroom
from tests.servers.mail import MailSink

DAY = timedelta(days=1)


def test_a_channel_that_fails_for_a_day_is_paused_and_an_administrator_hears(
    newsroom: Newsroom, hooks: Hooks, smtp_sink: MailSink
) -> None:
    with newsroom.db.write() as session:
        factories.make_user(session, newsroom.now, "admin@dala.example.kz", "admin")
    newsroom.channel(hooks.url(), "webhook")
    hooks.status = 410
    for number in range(6):
        newsroom.report(number)
        assert smtp_sink.recipients == []
        newsroom.deliver(timedelta(hours=5 * number))
    assert newsroom.states() == ["dead"] * 6 + ["sent"]
    assert smtp_sink.recipients == [["admin@dala.example.kz"]]
    newsroom.report(7)
    assert newsroom.deliver(timedelta(hours=25, minutes=30)) == Delivered(0, 0)
    hooks.status = 200
    assert newsroom.deliver(timedelta(hours=26, minutes=30)).sent == 2  # and the good news
    with newsroom.db.read() as session:
        channel = session.get_one(Channel, 1)
        assert (channel.paused_at, channel.failures) == (None, 0)
    assert [mail["Subject"] is not None for mail in smtp_sink.messages] == [True, True]


def test_one_refusal_pauses_nothing(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url(), "webhook")
    hooks.status = 410
    newsroom.report(1)
    newsroom.deliver()
    hooks.status = 200
    newsroom.report(2)
    assert newsroom.deliver().sent == 1


def test_who_pauses_a_channel_by_hand_resumes_it_by_hand(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url(), "webhook")
    with newsroom.db.write() as session:
        delivery.pause(session.get_one(Channel, 1), "by hand", newsroom.now)
    newsroom.report()
    assert newsroom.deliver(DAY * 30) == Delivered(0, 0)
    with newsroom.db.write() as session:
        delivery.resume(session.get_one(Channel, 1))
    assert newsroom.deliver().sent == 1


def test_during_a_rotation_both_secrets_verify_and_then_the_new_one_alone(
    db: Database, tmp_path: Path, hooks: Hooks
) -> None:
    now = utcnow()
    networks = (ip_network("127.0.0.0/8"),)
    newsroom = Newsroom(db, factories.make_settings(tmp_path, private_networks=networks), now)
    old = newsroom.channel(hooks.url(), "webhook")
    assert old is not None
    with newsroom.db.write() as session:
        new = tending.rotate(session.get_one(Channel, 1), newsroom.settings, now)
    newsroom.report(1)
    newsroom.deliver()
    headers, body = hooks.got[0]
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers) == json.loads(body)
    with newsroom.db.write() as session:
        session.get_one(Channel, 1).former_until = now
    newsroom.report(2)
    newsroom.deliver()
    headers, body = hooks.got[1]
    assert Webhook(new).verify(body, headers)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(old).verify(body, headers)
    assert len(base64.b64decode(new.removeprefix("whsec_"))) == 32


def test_a_test_is_sent_at_once_and_stands_in_the_log(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url(), "webhook")
    newsroom.channel()
    hooks.status = 404
    refused = delivery.try_channel(newsroom.db, newsroom.settings, 1, lambda: newsroom.now)
    taken = delivery.try_channel(newsroom.db, newsroom.settings, 2, lambda: newsroom.now)
    assert (refused.fault, taken.fault) == ("The webhook answered 404.", None)
    assert [(row.event_type, row.status) for row in newsroom.rows()] == [
        ("channel.test", "dead"),
        ("channel.test", "sent"),
    ]
    with newsroom.db.read() as session:
        assert session.get_one(Site, newsroom.site.id) is not None
