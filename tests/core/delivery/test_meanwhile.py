"""What somebody does while a message is under way."""

from datetime import timedelta

import pytest

from core import delivery
from core.delivery import Delivered, claims, health
from core.errors import Conflict
from core.models import Channel, Delivery
from tests import factories
from tests.core.delivery.newsroom import Hooks, Newsroom


@pytest.fixture(autouse=True)
def _owed(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url("127.0.0.2"), "webhook")
    newsroom.report()


def test_a_message_that_is_being_sent_is_not_sent_again(newsroom: Newsroom, hooks: Hooks) -> None:
    with newsroom.sending(hooks):
        with newsroom.db.write() as session, pytest.raises(Conflict, match="right now"):
            delivery.retry(session, session.get_one(Delivery, 1), newsroom.now)
        assert newsroom.deliver() == Delivered(0, 0)
    assert newsroom.states() == ["sent"]
    assert len(hooks.got) == 1


@pytest.mark.parametrize("status", [200, 429, 503])
def test_a_pause_by_hand_outlives_the_message_that_was_under_way(
    newsroom: Newsroom, hooks: Hooks, status: int
) -> None:
    with newsroom.db.write() as session:
        factories.make_user(session, newsroom.now, "admin@dala.example.kz", "admin")
    hooks.status, hooks.headers = status, {"Retry-After": "60"} if status == 429 else {}
    with newsroom.sending(hooks), newsroom.db.write() as session:
        delivery.pause(session.get_one(Channel, 1), "by hand", newsroom.now)
    hooks.status = 200
    newsroom.report(2)
    assert newsroom.deliver(timedelta(days=30)) == Delivered(0, 0)
    with newsroom.db.read() as session:
        assert session.get_one(Channel, 1).paused_why == "by hand"
    assert {row.event_type for row in newsroom.rows()} == {"case.created"}
    assert len(hooks.got) == 1


def test_a_pause_in_the_moment_of_a_claim_stays(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        channel = session.get_one(Channel, 1)
        delivery.pause(channel, "by hand", newsroom.now)
        session.flush()
        session.execute(claims._left_alone(1, newsroom.now, newsroom.now))
        session.refresh(channel)
        assert health.is_paused_by_hand(channel)
