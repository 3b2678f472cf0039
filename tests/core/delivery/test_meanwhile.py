"""What somebody does while a message is under way."""

import pytest

from core import delivery
from core.delivery import Delivered
from core.errors import Conflict
from core.models import Delivery
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
