"""Messages owed and sent, for programs."""

import pytest
from sqlalchemy import select

from core.models import Channel, Delivery
from core.signals import DELIVER
from tests.service.conftest import Web

AT = "/api/v1/deliveries"


@pytest.fixture
def delivery(web: Web) -> Delivery:
    web.case()
    with web.db.write() as session:
        owed = session.scalars(select(Delivery)).one()
        owed.status, owed.attempts, owed.last_error = "dead", 9, "550 no such mailbox"
        return owed


def test_a_dead_delivery_is_seen_with_its_reason(web: Web, delivery: Delivery) -> None:
    answer = web.client.get(f"{AT}?status=dead", headers=web.token("viewer")).get_json()
    (shown,) = answer["items"]
    assert (shown["id"], shown["event"]) == (delivery.id, "case.created")
    assert (shown["attempts"], shown["last_error"]) == (9, "550 no such mailbox")
    assert answer["next"] is None


def test_a_list_can_be_narrowed(web: Web, delivery: Delivery) -> None:
    viewer = web.token("viewer")
    for query, count in (
        ("", 1),
        ("status=sent", 0),
        (f"channel={delivery.channel_id}", 1),
        ("channel=999", 0),
        ("status=dead&limit=1", 1),
    ):
        found = web.client.get(f"{AT}?{query}", headers=viewer).get_json()["items"]
        assert len(found) == count, query
    for query in ("status=lost", "channel=x", "channel=-1", "limit=1000", "cursor=x"):
        assert web.client.get(f"{AT}?{query}", headers=viewer).status_code == 422


def test_an_editor_sends_it_again(web: Web, delivery: Delivery) -> None:
    path = f"{AT}/{delivery.id}/retry"
    assert web.client.post(path, headers=web.token("viewer")).status_code == 403
    answer = web.client.post(path, headers=web.token("editor"))
    assert (answer.status_code, answer.get_json()["status"]) == (200, "pending")
    assert web.bell.rung == [DELIVER]


def test_what_was_sent_is_not_sent_twice(web: Web, delivery: Delivery) -> None:
    with web.db.write() as session:
        session.get_one(Delivery, delivery.id).status = "sent"
    answer = web.client.post(f"{AT}/{delivery.id}/retry", headers=web.token())
    assert answer.status_code == 409


def test_who_has_unsubscribed_gets_nothing_again(web: Web, delivery: Delivery) -> None:
    with web.db.write() as session:
        session.get_one(Channel, delivery.channel_id).options = {"stopped": True}
    answer = web.client.post(f"{AT}/{delivery.id}/retry", headers=web.token())
    assert (answer.status_code, answer.get_json()["detail"]) == (
        409,
        "The channel was unsubscribed.",
    )
    path = f"/api/v1/channels/{delivery.channel_id}/test"
    assert web.client.post(path, headers=web.token("admin")).status_code == 409


def test_another_sites_deliveries_do_not_exist(web: Web, delivery: Delivery) -> None:
    foreign = web.token("admin", web.other_site())
    assert web.client.get(AT, headers=foreign).get_json()["items"] == []
    assert web.client.post(f"{AT}/{delivery.id}/retry", headers=foreign).status_code == 404
    assert web.client.post(f"{AT}/{delivery.id}/retry").status_code == 401
