"""Many at once: each host has its turn, and nobody waits for others."""

import threading

from sqlalchemy import select

from core.delivery import Delivered
from core.models import Channel, Delivery
from tests.core.delivery.newsroom import Hooks, Newsroom


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
