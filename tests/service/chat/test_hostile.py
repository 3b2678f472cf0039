"""Chats: what readers write, and how large things get, stops no message and calls nobody."""

import json
import re
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core import sites, triage
from core.db import Database
from core.delivery import Delivered
from core.history import Actor
from core.models import Channel
from tests import factories
from tests.servers.platforms import Platform
from tests.service.chat.newsroom import ALL, Newsroom

WORDS = (
    "@everyone <!channel> <@U1> @here [жүлде](https://evil.example/x) https://evil.example/y "
    "<b>*қалың*</b> ||жасырын|| `код` # тақырып - тізім \u202eтерс\u2066 🙂 &amp; <at>All</at>"
)


@pytest.mark.parametrize("kind", ALL)
def test_readers_words_call_nobody_and_lead_nowhere(newsroom: Newsroom, kind: str) -> None:
    newsroom.channel(kind)
    newsroom.report(suggestion=WORDS, comment=WORDS * 3, title=WORDS, metadata={"author": WORDS})
    assert newsroom.deliver().sent == 1
    said = json.dumps(newsroom.last(), ensure_ascii=False)
    assert not re.search(r"@(everyone|here|U1)", said)
    assert "<!channel>" not in said
    assert not re.search(r"https?\\*://evil", said)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", said)
    assert "‹RLO›" in said.replace("\\", "")
    assert "🙂" in said


def test_slack_reads_no_marks_in_what_readers_write(newsroom: Newsroom) -> None:
    newsroom.channel("slack")
    newsroom.report(suggestion="5*3*2 `a` _б_", comment="~в~ *г* :joy:")
    newsroom.deliver()
    for block in newsroom.last()["blocks"]:
        text = block.get("text") or {}
        if text.get("type") == "mrkdwn":
            assert text["verbatim"] is True
            assert "5*3*2" not in text["text"]
    plain = [b["text"] for b in newsroom.last()["blocks"] if b["type"] == "section"][2]
    assert plain["type"] == "plain_text"
    assert "~в~ *г* :joy:" in plain["text"]
    assert plain["emoji"] is False


def test_sixty_errors_on_one_page_are_one_message_that_says_how_many_it_leaves_off(
    newsroom: Newsroom,
) -> None:
    for kind in ALL:
        newsroom.channel(kind)
    with newsroom.db.write() as session:
        for channel in session.scalars(select(Channel)):
            channel.options = {**channel.options, "new": "15m"}
    for number in range(60):
        place = {"position_start": number * 500, "position_end": number * 500 + 5}
        around = {"prefix": f"алдында {number} тұр ", "suffix": ""}
        exact = f"сөз{number}"
        factories.send(newsroom.db, newsroom.at, exact=exact, suggestion=None, **around, **place)
    factories.sort(newsroom.db, newsroom.settings, newsroom.at)
    newsroom.at += timedelta(hours=1)
    assert newsroom.deliver() == Delivered(5, 0)
    for _, body in newsroom.chats.calls:
        said = json.dumps(body, ensure_ascii=False)
        shown = len(set(re.findall(r"сөз\d+", said)))
        assert 8 <= shown < 60
        assert f"… +{60 - shown}" in said.replace("\\", "")


@pytest.fixture
def in_house(db: Database, database_url: str, tmp_path: Path, chats: Platform) -> Newsroom:
    """A newsroom whose desk has an address that only its own network knows."""
    settings = factories.make_settings(
        tmp_path,
        database_url,
        private_networks=(ip_network("127.0.0.0/8"),),
        base_url="http://tuzet:8000",
    )
    return Newsroom(db, settings, chats)


@pytest.mark.parametrize("kind", ALL)
def test_a_desk_whose_name_has_no_dot_is_still_named(in_house: Newsroom, kind: str) -> None:
    in_house.channel(kind)
    in_house.report()
    assert in_house.deliver().sent == 1
    assert "http://tuzet:8000/cases/" in json.dumps(in_house.last())


def test_a_thread_of_a_discord_channel_is_written_to_and_changed_there(newsroom: Newsroom) -> None:
    target = f"{newsroom.chats.url}/discord/1/token?thread_id=77"
    with newsroom.db.write() as session:
        sites.add_channel(session, "dala", "discord", target, "en", newsroom.settings, newsroom.at)
    case = newsroom.report()
    newsroom.deliver()
    with newsroom.db.write() as session:
        by, change = Actor("zhanar@dala.example.kz", "desk"), triage.Change(status="fixed")
        triage.move(session, case.id, 1, change, by, newsroom.at, newsroom.settings)
    newsroom.deliver()
    assert [path for path, _ in newsroom.chats.calls] == [
        "/discord/1/token?thread_id=77&wait=true",
        "/discord/1/token/messages/4242?thread_id=77",
    ]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("telegram", (429, {"ok": False, "parameters": {"retry_after": 10**30}}, {})),
        ("telegram", (429, {"ok": False, "parameters": None}, {})),
        ("telegram", (502, {"ok": False, "parameters": []}, {})),
        ("slack", (200, {}, {})),
        ("slack", (200, {"ok": False, "error": None}, {})),
        ("slack", (200, {"ok": False, "error": "org_login_required"}, {})),
        ("discord", (429, {"retry_after": float("nan")}, {})),
        ("discord", (429, {"retry_after": float("inf")}, {})),
        ("discord", (429, {"retry_after": -1}, {})),
    ],
)
def test_an_answer_that_makes_no_sense_is_tried_again(
    newsroom: Newsroom, kind: str, answer: tuple[int, dict[str, Any], dict[str, str]]
) -> None:
    newsroom.channel(kind)
    newsroom.report()
    newsroom.chats.next_answers.append(answer)
    assert newsroom.deliver() == Delivered(0, 1)
    assert newsroom.rows()[0].status == "pending"
    newsroom.at += timedelta(minutes=1)
    assert newsroom.deliver().sent == 1


def test_slack_says_in_a_200_how_long_to_wait(newsroom: Newsroom) -> None:
    newsroom.channel("slack")
    newsroom.report()
    limited = (200, {"ok": False, "error": "ratelimited"}, {"Retry-After": "300"})
    newsroom.chats.next_answers.append(limited)
    newsroom.deliver()
    newsroom.at += timedelta(seconds=200)
    assert newsroom.deliver() == Delivered(0, 0)
    newsroom.at += timedelta(seconds=110)
    assert newsroom.deliver().sent == 1
