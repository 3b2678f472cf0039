"""Chats: what is sent passes the platforms' own checks; buttons act for the person who presses."""

import hmac
import json
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import chatlinks, delivery, net, sites, triage
from core.clock import utcnow
from core.db import Database
from core.delivery import deliver_due
from core.errors import Invalid, NotFound
from core.models import Case, Channel, ChatPerson, Delivery, Event, User
from core.settings import Settings
from core.triage import Actor, Change
from service.app import create_app
from tests import factories
from tests.servers.platforms import BOT_TOKEN, SLACK_PROOF, SLACK_TOKEN, Platform, platform

ALL = ("telegram", "slack", "discord", "mattermost", "msteams")
EVIL = "<script>alert(1)</script> &amp; *жирный* [x](http://e.kz) <!channel> @all `код` \u202e"


class _Silent:
    def ring(self, _signal: str) -> None:
        """Nobody listens."""


@pytest.fixture
def chats() -> Iterator[Platform]:
    with platform() as made:
        yield made
        assert made.faults == []


class Newsroom:
    """A site with one channel in a chat, and an editor."""

    def __init__(self, db: Database, settings: Settings, chats: Platform) -> None:
        self.db, self.settings, self.chats = db, settings, chats
        self.at = utcnow()
        with db.write() as session:
            self.site = factories.make_site(session, self.at)
            person = factories.make_user(session, self.at, "zhanar@dala.example.kz", site=self.site)
            person.language = "en"
        self.client: FlaskClient = create_app(settings, db, _Silent()).test_client()

    def channel(self, kind: str) -> int:
        url = self.chats.url
        target = {
            "telegram": f"{BOT_TOKEN}/-100",
            "slack": f"{SLACK_TOKEN}/{SLACK_PROOF}/C0123ABCD",
            "discord": f"{url}/discord/1/token",
            "mattermost": f"{url}/mattermost/hooks/x",
            "msteams": f"{url}/teams/workflow?sig=1",
        }[kind]
        api = {"telegram": url, "slack": f"{url}/slack"}.get(kind)
        options = {"api": api} if api else None
        with self.db.write() as session:
            made, _ = sites.add_channel(
                session, "dala", kind, target, "en", self.settings, self.at, None, options
            )
            return made.id

    def report(self, **values: Any) -> Case:
        return factories.sorted_case(self.db, self.settings, self.at, **values)

    def deliver(self) -> delivery.Delivered:
        self.at += timedelta(seconds=10)
        return deliver_due(self.db, self.settings, lambda: self.at)

    def rows(self) -> list[Delivery]:
        with self.db.read() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))

    def case(self) -> Case:
        with self.db.read() as session:
            return session.scalars(select(Case).order_by(Case.id)).all()[0]

    def know(self, kind: str, place: str, name: str) -> None:
        with self.db.write() as session:
            user = session.scalars(select(User)).one()
            session.add(
                ChatPerson(user_id=user.id, kind=kind, place=place, name=name, created_at=utcnow())
            )

    def last(self) -> dict[str, Any]:
        return self.chats.calls[-1][1]

    def telegram(self, told: dict[str, Any], proof: str | None = None) -> TestResponse:
        good = chatlinks.telegram_proof(self.settings, "123456")
        headers = {"X-Telegram-Bot-Api-Secret-Token": good if proof is None else proof}
        return self.client.post("/chat/telegram/123456", json=told, headers=headers)

    def tap(self, label: str) -> dict[str, Any]:
        """Press a button of the last message in Telegram, as user 555."""
        rows = self.last()["reply_markup"]["inline_keyboard"]
        data = next(b["callback_data"] for row in rows for b in row if b["text"] == label)
        query = {"id": "1", "from": {"id": 555, "first_name": "Ж"}, "data": data}
        return dict(self.telegram({"callback_query": query}).get_json())

    def slack(self, told: dict[str, Any], stamp: int | None = None, key: str = SLACK_PROOF) -> int:
        at = str(int(time.time()) if stamp is None else stamp)
        body = urlencode({"payload": json.dumps(told)})
        signature = hmac.digest(key.encode(), f"v0:{at}:{body}".encode(), "sha256").hex()
        headers = {
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={signature}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.client.post("/chat/slack", data=body, headers=headers).status_code


@pytest.fixture
def newsroom(db: Database, database_url: str, tmp_path: Path, chats: Platform) -> Newsroom:
    settings = factories.make_settings(
        tmp_path, database_url, private_networks=(ip_network("127.0.0.0/8"),)
    )
    return Newsroom(db, settings, chats)


@pytest.mark.parametrize("kind", ALL)
def test_what_a_chat_is_sent_is_what_its_platform_takes(newsroom: Newsroom, kind: str) -> None:
    newsroom.channel(kind)
    newsroom.report()
    newsroom.report(
        exact="w" * 900, suggestion=EVIL, comment=EVIL * 20, title=EVIL * 3, prefix=EVIL[:60]
    )
    while newsroom.deliver().sent:
        pass
    assert {row.status for row in newsroom.rows()} == {"sent"}
    assert "балаларга" in json.dumps(newsroom.chats.calls, ensure_ascii=False)


@pytest.mark.parametrize("kind", ALL)
def test_sixty_errors_on_one_page_are_one_message_that_the_platform_takes(
    newsroom: Newsroom, kind: str
) -> None:
    newsroom.channel(kind)
    for number in range(60):
        exact = f"сөз{number}"
        newsroom.report(exact=exact, prefix=f"алдында {number} тұр ", suffix="", suggestion=None)
    assert newsroom.deliver().sent == 1
    assert len(newsroom.chats.calls) == 1


@pytest.mark.parametrize("kind", ["telegram", "slack", "discord"])
def test_the_message_is_changed_when_the_case_moves(newsroom: Newsroom, kind: str) -> None:
    newsroom.channel(kind)
    case = newsroom.report()
    newsroom.deliver()
    newsroom.know("telegram", "123456", "555")
    with newsroom.db.write() as session:
        by = Actor("zhanar@dala.example.kz", "desk")
        at = newsroom.at
        triage.move(session, case.id, 1, Change(status="fixed"), by, at, newsroom.settings)
    assert newsroom.deliver().sent == 1
    path, body = newsroom.chats.calls[-1]
    assert {"telegram": "editMessageText", "slack": "chat.update", "discord": "messages/4242"}[
        kind
    ] in path
    assert "Fixed" in json.dumps(body)


def test_a_test_can_be_sent_and_tells_telegram_where_to_call(newsroom: Newsroom) -> None:
    number = newsroom.channel("telegram")
    tried = delivery.try_channel(newsroom.db, newsroom.settings, number, utcnow)
    assert tried.fault is None
    assert [path.rpartition("/")[2] for path, _ in newsroom.chats.calls] == [
        "setWebhook",
        "sendMessage",
    ]
    assert newsroom.chats.calls[0][1]["url"] == "https://tuzet.example.kz/chat/telegram/123456"
    assert [row.status for row in newsroom.rows()] == ["sent"]


def test_a_group_that_moved_is_followed(newsroom: Newsroom) -> None:
    number = newsroom.channel("telegram")
    newsroom.report()
    moved = {"ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": -1009}}
    newsroom.chats.next_answers.append((400, moved, {}))
    assert newsroom.deliver().sent == 1
    with newsroom.db.read() as session:
        assert session.get_one(Channel, number).target == "-1009"
    told = {"message": {"chat": {"id": -1009}, "migrate_to_chat_id": -2009}}
    assert newsroom.telegram(told).status_code == 200
    with newsroom.db.read() as session:
        assert session.get_one(Channel, number).target == "-2009"


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("telegram", (429, {"ok": False, "parameters": {"retry_after": 120}}, {})),
        ("slack", (429, {}, {"Retry-After": "120"})),
        ("discord", (429, {"retry_after": 120.0}, {})),
    ],
)
def test_a_platform_that_asks_for_patience_gets_it(
    newsroom: Newsroom, kind: str, answer: tuple[int, dict[str, Any], dict[str, str]]
) -> None:
    newsroom.channel(kind)
    newsroom.report()
    newsroom.chats.next_answers.append(answer)
    assert newsroom.deliver().failed == 1
    newsroom.at += timedelta(seconds=100)
    newsroom.report(url=f"{factories.SITE_URL}/2", canonical_url=None)
    assert newsroom.deliver() == delivery.Delivered(0, 0)
    newsroom.at += timedelta(seconds=30)
    newsroom.deliver()
    newsroom.deliver()
    assert {row.status for row in newsroom.rows()} == {"sent"}


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("telegram", (403, {"ok": False, "description": "Forbidden: bot was kicked"}, {})),
        ("slack", (200, {"ok": False, "error": "channel_not_found"}, {})),
        ("discord", (404, {"code": 10015}, {})),
        ("mattermost", (400, {}, {})),
        ("msteams", (410, {}, {})),
    ],
)
def test_a_refusal_is_final_and_tells_no_secret(
    newsroom: Newsroom, kind: str, answer: tuple[int, dict[str, Any], dict[str, str]]
) -> None:
    newsroom.channel(kind)
    newsroom.report()
    newsroom.chats.next_answers.append(answer)
    newsroom.deliver()
    (row,) = newsroom.rows()
    assert row.status == "dead"
    assert row.last_error
    for secret in (BOT_TOKEN, SLACK_TOKEN, "token", "sig="):
        assert secret not in row.last_error


def test_a_chat_is_not_spoken_to_faster_than_its_platform_allows(newsroom: Newsroom) -> None:
    newsroom.channel("telegram")
    for number in range(3):
        newsroom.report(url=f"{factories.SITE_URL}/{number}", canonical_url=None)
    at = newsroom.at + timedelta(seconds=1)
    assert deliver_due(newsroom.db, newsroom.settings, lambda: at).sent == 1
    later = at + timedelta(seconds=3)
    assert deliver_due(newsroom.db, newsroom.settings, lambda: later).sent == 1


def test_a_button_acts_in_the_name_of_the_person_who_pressed_it(newsroom: Newsroom) -> None:
    newsroom.channel("telegram")
    newsroom.report()
    newsroom.deliver()
    newsroom.know("telegram", "123456", "555")
    assert newsroom.tap("Accept")["method"] == "answerCallbackQuery"
    assert newsroom.case().status == "accepted"
    assert "decided already" in newsroom.tap("Accept")["text"]
    newsroom.tap("Assign to me")
    assert newsroom.case().assignee_id is not None
    with newsroom.db.read() as session:
        event = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.actor, event.via) == ("zhanar@dala.example.kz", "chat")


def test_a_dismissal_in_telegram_asks_for_the_reason(newsroom: Newsroom) -> None:
    newsroom.channel("telegram")
    newsroom.report()
    newsroom.deliver()
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
    newsroom.channel("telegram")
    newsroom.report()
    newsroom.deliver()
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
    newsroom.channel("telegram")
    newsroom.report()
    newsroom.deliver()
    newsroom.know("telegram", "123456", "555")
    with newsroom.db.write() as session:
        session.scalars(select(User)).one().memberships[0].role = "viewer"
    newsroom.tap("Accept")
    assert newsroom.case().status == "new"


def test_only_telegram_itself_can_call(newsroom: Newsroom) -> None:
    newsroom.channel("telegram")
    newsroom.report()
    newsroom.deliver()
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
    return {"team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [pressed]}


def test_a_press_in_slack_must_be_signed_and_fresh(newsroom: Newsroom) -> None:
    newsroom.channel("slack")
    newsroom.report()
    newsroom.deliver()
    newsroom.know("slack", "T1", "U1")
    told = _slack_press(newsroom, "press-0")
    assert newsroom.slack(told, key="f" * 32) == 403
    assert newsroom.slack(told, stamp=int(time.time()) - 301) == 403
    assert newsroom.case().status == "new"
    assert newsroom.slack(told) == 200
    assert newsroom.case().status == "accepted"


def test_a_reason_is_chosen_in_slack(newsroom: Newsroom) -> None:
    newsroom.channel("slack")
    newsroom.report()
    newsroom.deliver()
    newsroom.know("slack", "T1", "U1")
    assert newsroom.slack(_slack_press(newsroom, "choose")) == 200
    case = newsroom.case()
    assert (case.status, case.resolution) == ("dismissed", "not_an_error")


def test_a_secret_is_neither_shown_nor_stored_in_the_clear(newsroom: Newsroom) -> None:
    for kind in ALL:
        newsroom.channel(kind)
    with newsroom.db.read() as session:
        for channel in session.scalars(select(Channel)):
            stored = f"{channel.target}{channel.sealed_secret}{channel.options}"
            for secret in (BOT_TOKEN, SLACK_TOKEN, SLACK_PROOF, "/1/token", "sig=1", "hooks/x"):
                assert secret not in stored


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("telegram", "-100"),
        ("telegram", "notatoken/-100"),
        ("slack", "C0123ABCD"),
        ("slack", f"{SLACK_TOKEN}/short/C0123ABCD"),
        ("discord", "discord.com/api/webhooks/1/x"),
        ("msteams", "javascript:alert(1)"),
        ("apprise", "mailto://user:pass@example.kz"),
        ("apprise", "json://127.0.0.1/"),
        ("apprise", "schan://x"),
    ],
)
def test_an_address_that_is_none_is_refused(newsroom: Newsroom, kind: str, target: str) -> None:
    with newsroom.db.write() as session, pytest.raises(Invalid):
        sites.add_channel(session, "dala", kind, target, None, newsroom.settings, utcnow())


def test_a_link_to_an_account_ends_after_an_hour(newsroom: Newsroom) -> None:
    at = datetime.fromisoformat("2026-03-10T04:30:00+00:00")
    address = chatlinks.address(newsroom.settings, "slack", "T1", "U1", at)
    token = address.rpartition("/")[2]
    assert chatlinks.read(newsroom.settings, token, at + timedelta(minutes=59)).name == "U1"
    with pytest.raises(NotFound):
        chatlinks.read(newsroom.settings, token, at + timedelta(hours=1))
    with pytest.raises(NotFound):
        chatlinks.read(newsroom.settings, token[:-1], at)


def test_slack_whispers_the_way_to_whom_nobody_knows_and_nobody_else(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, Any]] = []

    def call(wanted: net.Call, _outside: object) -> net.Answer:
        said.append((wanted.url, json.loads(wanted.body or b"")))
        return net.Answer(200, (), b"ok", truncated=False)

    newsroom.channel("slack")
    newsroom.report()
    newsroom.deliver()
    told = _slack_press(newsroom, "press-0")
    monkeypatch.setattr(net, "call", call)
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
