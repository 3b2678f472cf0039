"""The postman, in front of a real mail server."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import delivery
from core.db import Database
from core.delivery import LEASE, MOST_TRIES, WAITS, Delivered, deliver_due, rounds
from core.delivery.claims import claim_next
from core.errors import Conflict
from core.models import Delivery, Site
from core.settings import Settings
from tests import factories
from tests.servers.mail import MailSink

TARGET = "desk@dala.example.kz"


@pytest.fixture
def settings(tmp_path: Path, smtp_sink: MailSink) -> Settings:
    return factories.make_settings(tmp_path, smtp_url=smtp_sink.url)


@pytest.fixture(autouse=True)
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_channel(session, now, site, TARGET)
        return site


class Post:
    """A postman on one database, at any time."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.db, self.settings = db, settings

    def deliver(self, at: datetime) -> Delivered:
        return deliver_due(self.db, self.settings, lambda: at)

    def rows(self) -> list[Delivery]:
        with self.db.read() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))


@pytest.fixture
def post(db: Database, settings: Settings, now: datetime) -> Post:
    """With one mail that is due."""
    factories.sorted_case(db, settings, now)
    return Post(db, settings)


def test_a_due_message_is_sent_once(post: Post, smtp_sink: MailSink, now: datetime) -> None:
    assert post.deliver(now) == Delivered(sent=1, failed=0)
    assert post.deliver(now + timedelta(days=1)) == Delivered(0, 0)
    assert smtp_sink.recipients == [[TARGET]]
    (row,) = post.rows()
    assert (row.status, row.attempts, row.sent_at, row.lease) == ("sent", 1, now, None)


def test_a_passing_failure_is_tried_again_later_with_the_same_id(
    post: Post, smtp_sink: MailSink, now: datetime
) -> None:
    smtp_sink.mode = "451"
    assert post.deliver(now) == Delivered(0, 1)
    (row,) = post.rows()
    assert row.status == "pending"
    assert WAITS[0] <= row.due_at - now <= WAITS[0] * 1.1
    assert row.last_error
    assert post.deliver(now + WAITS[0] / 2) == Delivered(0, 0)
    smtp_sink.mode = "fine"
    assert post.deliver(now + WAITS[0] * 2) == Delivered(1, 0)
    (mail,) = smtp_sink.messages
    assert row.message_key in mail["Message-ID"]
    assert post.rows()[0].last_error is None


def test_a_refusal_for_good_is_dead_at_once_and_visible(
    post: Post, smtp_sink: MailSink, now: datetime
) -> None:
    smtp_sink.mode = "550"
    post.deliver(now)
    (row,) = post.rows()
    assert (row.status, row.attempts) == ("dead", 1)
    assert "550" in (row.last_error or "")
    assert TARGET not in (row.last_error or "")


def test_a_server_that_stays_away_is_given_up_after_the_last_try(
    post: Post, smtp_sink: MailSink, now: datetime
) -> None:
    smtp_sink.mode = "down"
    moment = now
    for _ in range(MOST_TRIES):
        assert post.rows()[0].status == "pending"
        post.deliver(moment)
        moment += timedelta(days=2)
    (row,) = post.rows()
    assert (row.status, row.attempts) == ("dead", MOST_TRIES)


def test_a_dead_message_can_be_sent_again(post: Post, smtp_sink: MailSink, now: datetime) -> None:
    smtp_sink.mode = "550"
    post.deliver(now)
    smtp_sink.mode = "fine"
    with post.db.write() as session:
        delivery.retry(session, session.get_one(Delivery, post.rows()[0].id), now)
    assert post.deliver(now) == Delivered(1, 0)
    with post.db.write() as session, pytest.raises(Conflict):
        delivery.retry(session, session.get_one(Delivery, post.rows()[0].id), now)


def test_a_message_whose_postman_died_is_taken_up_when_the_lease_ends(
    post: Post, smtp_sink: MailSink, now: datetime
) -> None:
    with post.db.write() as session:
        claim = claim_next(session, now, post.settings)
    assert claim is not None
    assert post.deliver(now + LEASE / 2) == Delivered(0, 0)
    assert post.deliver(now + LEASE * 2) == Delivered(1, 0)
    assert post.rows()[0].attempts == 2


def test_who_has_lost_the_lease_does_not_finish_the_row(
    post: Post, smtp_sink: MailSink, now: datetime
) -> None:
    with post.db.write() as session:
        late = claim_next(session, now, post.settings)
    assert late is not None
    post.deliver(now + LEASE * 2)
    rounds._give_up(post.db, late, "too late to say so")
    assert post.rows()[0].status == "sent"


def test_a_message_whose_every_postman_died_is_given_up(
    post: Post, smtp_sink: MailSink, now: datetime
) -> None:
    moment = now
    for _ in range(MOST_TRIES):
        with post.db.write() as session:
            assert claim_next(session, moment, post.settings) is not None
        moment += LEASE * 2
    assert post.deliver(moment) == Delivered(0, 1)
    assert (post.rows()[0].status, smtp_sink.attempts) == ("dead", 0)


def test_two_postmen_do_not_take_the_same_message(post: Post, now: datetime) -> None:
    with post.db.write() as session:
        assert claim_next(session, now, post.settings) is not None
    with post.db.write() as session:
        assert claim_next(session, now, post.settings) is None


def test_a_digest_is_one_message_with_all_that_is_due(
    db: Database, settings: Settings, smtp_sink: MailSink, now: datetime
) -> None:
    for word in ("бірінші", "екінші"):
        for seconds in (0, 1):
            moment = now + timedelta(seconds=seconds)
            url = f"{factories.SITE_URL}/{word}"
            factories.sorted_case(db, settings, moment, exact=word, url=url, canonical_url=None)
    post = Post(db, settings)
    assert post.deliver(now + timedelta(minutes=1)) == Delivered(2, 0)
    assert post.deliver(now + timedelta(days=1)) == Delivered(1, 0)
    assert len(smtp_sink.messages) == 3
    assert {row.status for row in post.rows()} == {"sent"}
    digest = smtp_sink.messages[-1].get_body(("plain",))
    assert digest is not None
    assert "бірінші" in digest.get_content()
    assert "екінші" in digest.get_content()


def test_a_time_scale_shortens_the_waits(
    db: Database, tmp_path: Path, smtp_sink: MailSink, now: datetime
) -> None:
    settings = factories.make_settings(tmp_path, smtp_url=smtp_sink.url, time_scale=60.0)
    factories.sorted_case(db, settings, now)
    smtp_sink.mode = "451"
    post = Post(db, settings)
    post.deliver(now)
    assert post.rows()[0].due_at - now <= timedelta(seconds=1)
