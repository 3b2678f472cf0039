"""Chats: buttons act for the person who presses them, and for nobody else."""

import json
import re
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import chatlinks, net, sites
from core.clock import utcnow
from core.errors import NotFound
from core.models import Channel, Event, User
from tests import factories
from tests.servers.platforms import SLACK_TOKEN
from tests.service.chat.newsroom import Newsroom


def test_a_button_acts_in_the_name_of_the_person_who_pressed_it(newsroom: Newsroom) -> None:
    newsroom.has_told("telegram")
    newsroom.know("telegram", "123456", "555")
    assert newsroom.tap("Accept")["method"] == "answerCallbackQuery"
    assert newsroom.case().status == "accepted"
    assert "Accepted: by you" in newsroom.tap("Accept")["text"]
    newsroom.tap("Assign to me")
    assert newsroom.case().assignee_id is not None
    with newsroom.db.read() as session:
        event = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.actor, event.via) == ("zhanar@dala.example.kz", "chat")


def test_a_dismissal_in_telegram_asks_for_the_reason(newsroom: Newsroom) -> None:
    newsroom.has_told("telegram")
    newsroom.know("telegram", "123456", "555")
    assert "Why" in newsroom.tap("Dismiss")["text"]
    newsroom.deliver()
    newsroom.tap("Back")
    newsroom.deliver()
    newsroom.tap("Dismiss")
    newsroom.deliver()
    labels = [
        button["text"]
        for row in newsroom.last()["reply_markup"]["inline_keyboard"]
        for button in row
    ]
    newsroom.tap(labels[2])
    case = newsroom.case()
    assert (case.status, case.resolution) == ("dismissed", "opinion")
    newsroom.deliver()
    assert "Dismissed" in newsroom.last()["text"]


def test_an_account_that_nobody_knows_changes_nothing_and_is_shown_the_way(
    newsroom: Newsroom,
) -> None:
    newsroom.has_told("telegram")
    answer = newsroom.tap("Accept")
    assert answer["show_alert"]
    assert newsroom.case().status == "new"
    private = {"chat": {"id": 555, "type": "private"}, "from": {"id": 555}, "text": "/start"}
    text = newsroom.telegram({"message": private}).get_json()["text"]
    found = re.search(r"/chat/link/(\S+)", text)
    assert found
    account = chatlinks.read(newsroom.settings, found[1], utcnow())
    assert (account.kind, account.place, account.name) == ("telegram", "123456", "555")
    assert newsroom.client.get(f"/chat/link/{found[1]}").status_code == 303  # to the log-in


def test_a_viewer_cannot_press(newsroom: Newsroom) -> None:
    newsroom.has_told("telegram")
    newsroom.know("telegram", "123456", "555")
    with newsroom.db.write() as session:
        session.scalars(select(User)).one().memberships[0].role = "viewer"
    newsroom.tap("Accept")
    assert newsroom.case().status == "new"


def test_only_telegram_itself_can_call(newsroom: Newsroom) -> None:
    newsroom.has_told("telegram")
    newsroom.know("telegram", "123456", "555")
    rows = newsroom.last()["reply_markup"]["inline_keyboard"]
    query = {"id": "1", "from": {"id": 555}, "data": rows[0][0]["callback_data"]}
    for proof in ("", "x", chatlinks.telegram_proof(newsroom.settings, "654321")):
        assert newsroom.telegram({"callback_query": query}, proof).status_code == 403
    for data in (rows[0][0]["callback_data"][:-1] + "0", "accept.1.1.", "accept", "é" * 9, ""):
        newsroom.telegram({"callback_query": {**query, "data": data + "~"}})
    assert newsroom.case().status == "new"


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"callback_query": 7}', b"{" * 2000])
def test_what_is_no_update_is_taken_without_harm(newsroom: Newsroom, body: bytes) -> None:
    headers = {
        "X-Telegram-Bot-Api-Secret-Token": chatlinks.telegram_proof(newsroom.settings, "123456")
    }
    answer = newsroom.client.post("/chat/telegram/123456", data=body, headers=headers)
    assert answer.status_code == 200


def _slack_press(newsroom: Newsroom, action: str) -> dict[str, Any]:
    (block,) = [b for b in newsroom.last()["blocks"] if b["type"] == "actions"]
    element = next(e for e in block["elements"] if e["action_id"] == action)
    pressed = {"action_id": action, "value": element.get("value")}
    if "options" in element:
        pressed["selected_option"] = element["options"][0]
    where = {"team": {"id": "T1"}, "channel": {"id": "C0123ABCD"}}
    return {**where, "user": {"id": "U1"}, "actions": [pressed]}


def test_a_press_in_slack_must_be_signed_and_fresh(newsroom: Newsroom) -> None:
    newsroom.has_told("slack")
    newsroom.know("slack", "T1", "U1")
    told = _slack_press(newsroom, "press-0")
    assert newsroom.slack(told, key="f" * 32) == 403
    assert newsroom.slack(told, stamp=int(time.time()) - 301) == 403
    assert newsroom.case().status == "new"
    assert newsroom.slack(told) == 200
    assert newsroom.case().status == "accepted"


def test_a_reason_is_chosen_in_slack(newsroom: Newsroom) -> None:
    newsroom.has_told("slack")
    newsroom.know("slack", "T1", "U1")
    assert newsroom.slack(_slack_press(newsroom, "choose")) == 200
    case = newsroom.case()
    assert (case.status, case.resolution) == ("dismissed", "not_an_error")


def test_a_link_to_an_account_ends_after_an_hour(newsroom: Newsroom) -> None:
    at = datetime.fromisoformat("2026-03-10T04:30:00+00:00")
    address = chatlinks.address(newsroom.settings, "slack", "T1", "U1", at)
    token = address.rpartition("/")[2]
    assert chatlinks.read(newsroom.settings, token, at + timedelta(minutes=59)).name == "U1"
    with pytest.raises(NotFound):
        chatlinks.read(newsroom.settings, token, at + timedelta(hours=1))
    with pytest.raises(NotFound):
        chatlinks.read(newsroom.settings, token[:-1], at)


def _other_slack(newsroom: Newsroom, session: Session, site: str) -> Channel:
    target = f"{SLACK_TOKEN}/{'e' * 32}/C0123ABCE"
    made, _ = sites.add_channel(
        session, site, "slack", target, "en", newsroom.settings, newsroom.at, None
    )
    return made


def test_the_secret_of_one_sites_slack_proves_nothing_to_another_site(newsroom: Newsroom) -> None:
    newsroom.has_told("slack")
    newsroom.know("slack", "T1", "U1")
    with newsroom.db.write() as session:
        other = factories.make_site(session, newsroom.at, key="other", url="https://other.kz")
        _other_slack(newsroom, session, other.key)
    assert newsroom.slack(_slack_press(newsroom, "press-0"), key="e" * 32) == 200
    assert newsroom.case().status == "new"


def test_a_secret_that_does_not_open_keeps_no_other_from_pressing(newsroom: Newsroom) -> None:
    newsroom.has_told("slack")
    newsroom.know("slack", "T1", "U1")
    with newsroom.db.write() as session:
        _other_slack(newsroom, session, "dala").sealed_secret = "sealed with another key"
    assert newsroom.slack(_slack_press(newsroom, "press-0")) == 200
    assert newsroom.case().status == "accepted"


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What the service calls from here on, and where."""
    calls: list[tuple[str, Any]] = []

    def call(wanted: net.Call, _outside: object) -> net.Answer:
        calls.append((wanted.url, json.loads(wanted.body or b"")))
        return net.Answer(200, (), b"ok", truncated=False)

    monkeypatch.setattr(net, "call", call)
    return calls


def test_slack_whispers_why_a_press_did_nothing(
    newsroom: Newsroom, request: pytest.FixtureRequest
) -> None:
    newsroom.has_told("slack")
    newsroom.know("slack", "T1", "U1")
    said: list[tuple[str, Any]] = request.getfixturevalue("said")
    there = {"response_url": "https://hooks.slack.com/actions/T1/1/x"}
    told = {**_slack_press(newsroom, "press-0"), **there}
    assert newsroom.slack(told) == 200
    assert said == []
    assert newsroom.slack(told) == 200
    altered = {"action_id": "press-0", "value": "accept.1.1.x"}
    assert newsroom.slack({**told, "actions": [altered]}) == 200
    with newsroom.db.write() as session:
        session.scalars(select(User)).one().memberships[0].role = "viewer"
    assert newsroom.slack(told) == 200
    decided, invalid, forbidden = (words["text"] for _, words in said)
    assert "decided already" in decided
    assert "not valid" in invalid
    assert "may not decide" in forbidden


def test_slack_whispers_the_way_to_whom_nobody_knows_and_nobody_else(
    newsroom: Newsroom, request: pytest.FixtureRequest
) -> None:
    newsroom.has_told("slack")
    told = _slack_press(newsroom, "press-0")
    said: list[tuple[str, Any]] = request.getfixturevalue("said")
    assert newsroom.slack({**told, "response_url": "https://elsewhere.example.kz/x"}) == 200
    assert said == []
    there = "https://hooks.slack.com/actions/T1/1/x"
    assert newsroom.slack({**told, "response_url": there}) == 200
    ((url, words),) = said
    assert url == there
    assert (words["response_type"], words["replace_original"]) == ("ephemeral", False)
    token = words["text"].rpartition("/chat/link/")[2]
    account = chatlinks.read(newsroom.settings, token, utcnow())
    assert (account.kind, account.place, account.name) == ("slack", "T1", "U1")
    assert newsroom.case().status == "new"
