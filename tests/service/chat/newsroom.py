"""A newsroom that hears in a chat, and presses its buttons there."""

import hmac
import json
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import chatlinks, delivery, sites
from core.clock import utcnow
from core.db import Database
from core.delivery import deliver_due
from core.models import Case, ChatPerson, Delivery, User
from core.settings import Settings
from service.app import create_app
from tests import factories
from tests.servers.platforms import BOT_TOKEN, SLACK_PROOF, SLACK_TOKEN, Platform

ALL = ("telegram", "slack", "discord", "mattermost", "msteams")
EVIL = "<script>alert(1)</script> &amp; *жирный* [x](http://e.kz) <!channel> @all `код` \u202e"


class _Silent:
    def ring(self, _signal: str) -> None:
        """Nobody listens."""


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

    def has_told(self, kind: str) -> None:
        """A chat has been told of one error, and its buttons wait."""
        self.channel(kind)
        self.report()
        self.deliver()

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

    def tap(self, label: str, chat: dict[str, Any] | None = None, **sender: Any) -> dict[str, Any]:
        """Press a button of the last message in Telegram, as user 555, in its chat or another."""
        rows = self.last()["reply_markup"]["inline_keyboard"]
        data = next(b["callback_data"] for row in rows for b in row if b["text"] == label)
        message = {"message_id": 77, "chat": chat or {"id": -100}, **sender}
        presser = {"id": 555, "first_name": "Ж"}
        query = {"id": "1", "from": presser, "data": data, "message": message}
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
