"""Chats: what is sent passes the checks of the platforms themselves."""

import html
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import delivery, sites, triage
from core.clock import utcnow
from core.delivery import deliver_due
from core.errors import Invalid
from core.models import Channel
from core.triage import Actor, Change
from tests import factories
from tests.servers.platforms import BOT_TOKEN, SLACK_PROOF, SLACK_TOKEN
from tests.service.chat.newsroom import ALL, EVIL, Newsroom


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
@pytest.mark.parametrize("letter", ["<", "😀"])
def test_the_longest_case_still_comes_with_its_ways(
    newsroom: Newsroom, kind: str, letter: str
) -> None:
    newsroom.channel(kind)
    long = factories.SITE_URL + "/" + "%D2%93" * 280
    newsroom.report(
        exact=letter * 800,
        suggestion="w" + letter * 800,
        comment=letter * 1_900,
        title=letter * 490,
        url=long,
        canonical_url=None,
    )
    assert newsroom.deliver().sent == 1
    said = json.dumps(newsroom.last(), ensure_ascii=False)
    assert letter * 70 in html.unescape(said.replace("\\\\", ""))
    assert f"/cases/{newsroom.case().id}" in said


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
