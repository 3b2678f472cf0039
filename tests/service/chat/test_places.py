"""Chats: where a button is pressed, and where a chat has gone."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from core import sites
from core.models import Channel
from tests.servers.platforms import BOT_TOKEN
from tests.service.chat.newsroom import Newsroom

MOVED = {"ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": -1009}}


@pytest.fixture
def sent(newsroom: Newsroom) -> Newsroom:
    """A message in a Telegram group, and somebody there who may press its buttons."""
    newsroom.has_told("telegram")
    newsroom.know("telegram", "123456", "555")
    return newsroom


@pytest.mark.parametrize("chat", [{"id": -200}, {"id": "-1"}, {"username": "desk"}, {"id": None}])
def test_a_button_acts_in_the_chat_that_it_was_sent_to_and_in_no_other(
    sent: Newsroom, chat: dict[str, Any]
) -> None:
    assert "not valid" in sent.tap("Accept", chat)["text"]
    assert sent.case().status == "new"
    sent.tap("Accept")
    assert sent.case().status == "accepted"


def test_a_message_of_the_group_that_was_acts_after_the_group_has_moved(sent: Newsroom) -> None:
    sent.telegram({"message": {"chat": {"id": -100}, "migrate_to_chat_id": -1009}})
    sent.tap("Accept")
    assert sent.case().status == "accepted"


def test_a_chat_with_a_public_name_is_known_by_it(sent: Newsroom) -> None:
    with sent.db.write() as session:
        channel = session.scalars(select(Channel)).one()
        channel.target = "@Dala_Desk"
    sent.tap("Accept", {"id": -300, "username": "dala_desk"})
    assert sent.case().status == "accepted"


def test_a_button_in_slack_acts_in_its_own_channel_only(newsroom: Newsroom) -> None:
    newsroom.has_told("slack")
    newsroom.know("slack", "T1", "U1")
    (block,) = [b for b in newsroom.last()["blocks"] if b["type"] == "actions"]
    told = {"team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [block["elements"][0]]}
    for where in ({"id": "C0000OTHER"}, {}, None):
        assert newsroom.slack({**told, "channel": where}) == 200
        assert newsroom.case().status == "new"
    assert newsroom.slack({**told, "channel": {"id": "C0123ABCD"}}) == 200
    assert newsroom.case().status == "accepted"


def test_who_is_not_known_is_led_to_the_bot_which_answers_them(newsroom: Newsroom) -> None:
    newsroom.has_told("telegram")
    answer = newsroom.tap("Accept", **{"from": {"id": 1, "username": "dala_bot"}})
    assert answer["url"] == "https://t.me/dala_bot?start=link"
    chat = {"id": 555, "type": "private"}
    for text, answered in (("/start link", True), ("/link", True), ("/help", False), ("", False)):
        told = {"chat": chat, "from": {"id": 555, "language_code": "kk"}, "text": text}
        said = newsroom.telegram({"message": told}).get_json()
        assert bool(re.search(r"/chat/link/\S+", said.get("text", ""))) is answered
    group = {"chat": {"id": -100, "type": "group"}, "from": {"id": 555}, "text": "/start"}
    assert newsroom.telegram({"message": group}).get_json() == {}


def test_a_group_that_moved_to_where_the_site_has_a_channel_already_stops_nothing(
    newsroom: Newsroom,
) -> None:
    old = newsroom.channel("telegram")
    with newsroom.db.write() as session:
        target, options = f"{BOT_TOKEN}/-1009", {"api": newsroom.chats.url}
        at, settings = newsroom.at, newsroom.settings
        sites.add_channel(session, "dala", "telegram", target, "en", settings, at, None, options)
    newsroom.report()
    newsroom.chats.next_answers.append((400, MOVED, {}))
    assert newsroom.deliver().failed == 0
    assert {row.status for row in newsroom.rows()} == {"sent"}
    told = {"message": {"chat": {"id": -100}, "migrate_to_chat_id": -1009}}
    assert newsroom.telegram(told).status_code == 200
    with newsroom.db.read() as session:
        assert session.get_one(Channel, old).target == "-100"


@pytest.mark.parametrize(
    "told",
    [
        {"message": {"chat": None, "text": None}},
        {"message": {"chat": 5, "from": [], "text": 7}},
        {"callback_query": {"message": 5, "from": None, "data": None}},
        {"callback_query": {"data": "accept.1.1." + "0" * 24, "message": {"chat": "x"}}},
    ],
)
def test_an_update_of_another_shape_is_taken_without_harm(
    sent: Newsroom, told: dict[str, Any]
) -> None:
    assert sent.telegram(told).status_code == 200
    assert sent.case().status == "new"
