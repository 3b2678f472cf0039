"""Messages to editors: what waits, what went out, what nobody got."""

import csv
import io

import pytest

from core.clock import utcnow
from core.models import Delivery
from core.signals import DELIVER
from tests.factories import PAGE_URL
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person


@pytest.fixture
def messages(web: Web) -> dict[str, int]:
    """One message of each state, by its number."""
    for n in range(3):
        web.case(url=f"{PAGE_URL}/{n}", canonical_url=None)
    with web.db.write() as session:
        found = session.query(Delivery).order_by(Delivery.id).all()
        for message, state in zip(found, ("sent", "dead", "pending"), strict=True):
            message.status = state
            message.sent_at = utcnow() if state == "sent" else None
            message.last_error = "550 no such user" if state == "dead" else None
        return {message.status: message.id for message in found}


def test_messages_stand_with_their_state(editor: Person, messages: dict[str, int]) -> None:
    page = editor.open("/deliveries")
    assert page.texts("tbody .status") == ["Waiting", "Not delivered", "Sent"]
    assert page.texts(".table .error") == ["550 no such user"]
    for state, word in (("dead", "Not delivered"), ("sent", "Sent"), ("pending", "Waiting")):
        assert editor.open(f"/deliveries?status={state}").texts("tbody .status") == [word]


def test_the_messages_of_a_state_go_out(
    web: Web, editor: Person, person: NewPerson, messages: dict[str, int]
) -> None:
    table, listed = editor.open("/deliveries?status=dead").values(".more a[href*='.']", "href")
    text = editor.open(table).answer.get_data(as_text=True).lstrip("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["id"], row["last_error"]) == (str(messages["dead"]), "550 no such user")
    assert [item["status"] for item in editor.open(listed).answer.get_json()] == ["dead"]
    assert len(editor.open("/deliveries.json").answer.get_json()) == 3
    stranger = person("admin", web.other_site(), email="stranger@dala.example.kz")
    assert stranger.open("/deliveries.json").answer.get_json() == []


def test_a_message_that_nobody_got_is_counted_in_the_rail(
    editor: Person, messages: dict[str, int]
) -> None:
    assert "1 not delivered" in editor.open("/queue").text(".rail .alarm")


def test_a_dead_message_goes_out_again(web: Web, editor: Person, messages: dict[str, int]) -> None:
    sent = editor.send(f"/deliveries/{messages['dead']}/retry")
    assert sent.address == "/deliveries?done=retry"
    with web.db.read() as session:
        assert session.get_one(Delivery, messages["dead"]).status == "pending"
    assert web.bell.rung == [DELIVER]


def test_a_message_about_no_case_stands_among_the_others(
    web: Web, editor: Person, messages: dict[str, int]
) -> None:
    kinds = ("channel.test", "channel.paused", "channel.back", "channel.stopped", "numbers.week")
    with web.db.write() as session:
        like = session.get_one(Delivery, messages["dead"])
        for number, kind in enumerate(kinds):
            session.add(
                Delivery(
                    channel_id=like.channel_id,
                    event_type=kind,
                    rhythm="now",
                    status="dead",
                    attempts=1,
                    due_at=utcnow(),
                    message_key=f"about no case {number}",
                    about={},
                    created_at=utcnow(),
                )
            )
    abouts = editor.open("/deliveries").texts("tbody td:nth-child(3)")
    assert abouts[:5] == [
        "the week in numbers",
        "a channel is unsubscribed",
        "a channel works again",
        "a channel is paused",
        "a test",
    ]
    assert all(about.startswith("case ") for about in abouts[5:])


def test_nobody_is_told_twice(web: Web, editor: Person, messages: dict[str, int]) -> None:
    assert editor.send(f"/deliveries/{messages['sent']}/retry").status == 409
    with web.db.read() as session:
        assert session.get_one(Delivery, messages["sent"]).status == "sent"


def test_no_message_is_a_fact_that_is_told(editor: Person) -> None:
    assert editor.open("/deliveries").text(".empty h2") == "No messages here"
