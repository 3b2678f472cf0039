"""The promise: nothing is lost, the states are true, and nobody waits for others."""

import base64
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook

from core import delivery, messages, sites, tending
from core.channels import smtp, webhook
from core.clock import utcnow
from core.db import Database
from core.delivery import HOOK_WAITS, WAITS, Delivered, deliver_due
from core.models import Case, Channel, Delivery, Site
from core.net import Limits
from core.representations import delivery_json
from core.settings import Settings
from tests import factories
from tests.servers.http import serving
from tests.servers.mail import MailSink, Mode

DAY = timedelta(days=1)


@dataclass
class Hooks:
    """A web server that answers as told, and counts how many it speaks to at the same time."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pause: float = 0.0
    hold: threading.Event | None = None
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    now: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/hook"


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    kept = Hooks()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with kept.lock:
                kept.now += 1
                kept.most = max(kept.most, kept.now)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if kept.hold is not None and self.headers["Host"].startswith("127.0.0.2"):
                kept.hold.wait(20)
            threading.Event().wait(kept.pause)
            with kept.lock:
                kept.now -= 1
                kept.got.append((dict(self.headers.items()), body))
            try:
                self.send_response(kept.status)
                for name, value in kept.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(kept.body)
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 64
        daemon_threads = True

    server = Server(("0.0.0.0", 0), Answering)
    kept.port = server.server_address[1]
    with serving(server):
        yield kept
        if kept.hold is not None:
            kept.hold.set()


class Newsroom:
    """A site with channels, and a postman at any time."""

    def __init__(self, db: Database, settings: Settings, now: datetime) -> None:
        self.db, self.settings, self.now = db, settings, now
        with db.write() as session:
            self.site = factories.make_site(session, now)

    def channel(self, target: str = "desk@dala.example.kz", kind: str = "email") -> str | None:
        with self.db.write() as session:
            return sites.add_channel(session, "dala", kind, target, "en", self.settings, self.now)[
                1
            ]

    def report(self, number: int = 0) -> Case:
        url = f"{factories.SITE_URL}/{number}"
        return factories.sorted_case(self.db, self.settings, self.now, url=url, canonical_url=None)

    def deliver(self, after: timedelta = timedelta(0), most: int = 100) -> Delivered:
        return deliver_due(self.db, self.settings, lambda: self.now + after, most)

    def rows(self) -> list[Delivery]:
        with self.db.read() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))

    def states(self) -> list[str]:
        return [row.status for row in self.rows()]


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, smtp_sink: MailSink, now: datetime) -> Newsroom:
    networks = (ip_network("127.0.0.0/8"),)
    settings = factories.make_settings(tmp_path, smtp_url=smtp_sink.url, private_networks=networks)
    return Newsroom(db, settings, now)


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("fine", "sent"),
        ("down", "pending"),
        ("451", "pending"),
        ("550", "dead"),
        ("slow", "pending"),
        ("cut", "pending"),
        ("reset", "pending"),
    ],
)
def test_no_mail_is_lost_whatever_the_mail_server_does(
    newsroom: Newsroom,
    smtp_sink: MailSink,
    monkeypatch: pytest.MonkeyPatch,
    mode: Mode,
    status: str,
) -> None:
    monkeypatch.setattr(smtp, "SEND_LIMIT", timedelta(seconds=0.7))
    newsroom.channel()
    newsroom.report()
    smtp_sink.mode = mode
    newsroom.deliver()
    (row,) = newsroom.rows()
    told = delivery_json(row)
    assert (told["status"], told["attempts"]) == (status, 1)
    assert (told["last_error"] is None) is (mode == "fine")
    smtp_sink.mode = "fine"
    if status == "dead":
        with newsroom.db.write() as session:
            delivery.retry(session.get_one(Delivery, row.id), newsroom.now)
    newsroom.deliver(WAITS[0] * 2)
    assert newsroom.states() == ["sent"]
    assert {mail["Message-ID"] for mail in smtp_sink.messages} == {
        f"<{row.message_key}@{newsroom.settings.mail_from.rpartition('@')[2].rstrip('>')}>"
    }
    assert len(smtp_sink.messages) == (2 if mode == "cut" else 1)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("200", "sent"),
        ("500", "pending"),
        ("hang", "pending"),
        ("301", "dead"),
        ("410", "dead"),
        ("429", "pending"),
        ("10 MB", "sent"),
    ],
)
def test_no_event_is_lost_whatever_a_webhook_answers(
    newsroom: Newsroom,
    hooks: Hooks,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    status: str,
) -> None:
    monkeypatch.setattr(webhook, "LIMITS", Limits(total_seconds=0.5))
    newsroom.channel(hooks.url(), "webhook")
    newsroom.report()
    hooks.status = int(answer) if answer.isdigit() else 200
    hooks.pause = 1.2 if answer == "hang" else 0.0
    hooks.body = b"x" * 10_000_000 if answer == "10 MB" else b""
    hooks.headers = {"Location": hooks.url()} if answer == "301" else {}
    newsroom.deliver()
    (row,) = newsroom.rows()
    told = delivery_json(row)
    assert (told["status"], told["attempts"]) == (status, 1)
    assert (told["last_error"] is None) is (status == "sent")
    hooks.status, hooks.pause, hooks.body = 200, 0.0, b""
    if status == "pending":
        assert HOOK_WAITS[0] <= row.due_at - newsroom.now <= HOOK_WAITS[0] * 1.1
        newsroom.deliver(HOOK_WAITS[0] * 2)
        assert newsroom.states() == ["sent"]
    ids = {headers["webhook-id"] for headers, _ in hooks.got}
    assert ids == {row.message_key}


def test_a_webhook_follows_the_standards_table_and_is_dead_then(
    newsroom: Newsroom, hooks: Hooks
) -> None:
    newsroom.channel(hooks.url(), "webhook")
    newsroom.report()
    hooks.status = 503
    after = timedelta(0)
    for wait in HOOK_WAITS:
        newsroom.deliver(after)
        (row,) = newsroom.rows()
        assert row.status == "pending"
        assert wait <= row.due_at - (newsroom.now + after) <= wait * 1.1
        after = row.due_at - newsroom.now + timedelta(hours=1)  # past an hour of a pause, too
    newsroom.deliver(after)
    (row,) = newsroom.rows()
    assert (row.status, row.attempts) == ("dead", len(HOOK_WAITS) + 1)


@pytest.mark.parametrize(("asked", "waits"), [("300", 300), ("7200", 3_600)])
def test_retry_after_is_honoured_up_to_an_hour_for_the_whole_channel(
    newsroom: Newsroom, hooks: Hooks, asked: str, waits: int
) -> None:
    newsroom.channel(hooks.url(), "webhook")
    newsroom.report(1)
    newsroom.report(2)
    hooks.status, hooks.headers = 429, {"Retry-After": asked}
    assert newsroom.deliver() == Delivered(0, 1)
    first = newsroom.rows()[0]
    # The other side speaks of its own clock; what is kept is how long it asked for.
    assert abs((first.due_at - newsroom.now).total_seconds() - waits) <= 1
    hooks.status = 200
    assert newsroom.deliver(timedelta(seconds=waits - 5)) == Delivered(0, 0)
    assert newsroom.deliver(timedelta(seconds=waits + 5)) == Delivered(2, 0)


def test_twenty_readers_of_one_error_are_one_message_at_once_and_one_in_the_digest(
    newsroom: Newsroom, smtp_sink: MailSink
) -> None:
    newsroom.channel("a@dala.example.kz")
    newsroom.channel("b@dala.example.kz")
    for reader in range(20):
        factories.sorted_case(
            newsroom.db, newsroom.settings, newsroom.now + timedelta(seconds=reader)
        )
    newsroom.deliver()
    assert sorted(smtp_sink.recipients) == [["a@dala.example.kz"], ["b@dala.example.kz"]]
    newsroom.deliver(DAY)
    assert len(smtp_sink.messages) == 4
    body = smtp_sink.messages[-1].get_body(("plain",))
    assert body is not None
    assert "20 readers, 19 of them new" in body.get_content()


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


def test_a_message_that_cannot_be_written_is_dead_with_its_reason_and_harms_no_other(
    newsroom: Newsroom, smtp_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.channel()
    good, bad = newsroom.report(1), newsroom.report(2)
    written = messages.compose

    def write(session: Any, rows: Any, settings: Any, now: Any) -> Any:
        if any(row.case_id == bad.id for row in rows):
            raise KeyError("Айша, 87011234567")
        return written(session, rows, settings, now)

    monkeypatch.setattr(messages, "compose", write)
    with newsroom.db.write() as session:
        for row in session.scalars(select(Delivery)):
            row.rhythm = "digest"
    newsroom.deliver()
    states = {row.case_id: (row.status, row.last_error) for row in newsroom.rows()}
    assert states[good.id] == ("sent", None)
    assert states[bad.id] == ("dead", "The message could not be written (KeyError).")
    assert len(smtp_sink.messages) == 1


def test_a_channel_that_fails_for_a_day_is_paused_and_an_administrator_hears(
    newsroom: Newsroom, hooks: Hooks, smtp_sink: MailSink
) -> None:
    with newsroom.db.write() as session:
        factories.make_user(session, newsroom.now, "admin@dala.example.kz", "admin")
    newsroom.channel(hooks.url(), "webhook")
    hooks.status = 410
    for number in range(6):
        newsroom.report(number)
        assert smtp_sink.recipients == []
        newsroom.deliver(timedelta(hours=5 * number))
    assert newsroom.states() == ["dead"] * 6 + ["sent"]
    assert smtp_sink.recipients == [["admin@dala.example.kz"]]
    newsroom.report(7)
    assert newsroom.deliver(timedelta(hours=25, minutes=30)) == Delivered(0, 0)
    hooks.status = 200
    assert newsroom.deliver(timedelta(hours=26, minutes=30)).sent == 2  # and the good news
    with newsroom.db.read() as session:
        channel = session.get_one(Channel, 1)
        assert (channel.paused_at, channel.failures) == (None, 0)
    assert [mail["Subject"] is not None for mail in smtp_sink.messages] == [True, True]


def test_one_refusal_pauses_nothing(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url(), "webhook")
    hooks.status = 410
    newsroom.report(1)
    newsroom.deliver()
    hooks.status = 200
    newsroom.report(2)
    assert newsroom.deliver().sent == 1


def test_who_pauses_a_channel_by_hand_resumes_it_by_hand(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url(), "webhook")
    with newsroom.db.write() as session:
        delivery.pause(session.get_one(Channel, 1), "by hand", newsroom.now)
    newsroom.report()
    assert newsroom.deliver(DAY * 30) == Delivered(0, 0)
    with newsroom.db.write() as session:
        delivery.resume(session.get_one(Channel, 1))
    assert newsroom.deliver().sent == 1


def test_during_a_rotation_both_secrets_verify_and_then_the_new_one_alone(
    db: Database, tmp_path: Path, hooks: Hooks
) -> None:
    now = utcnow()
    networks = (ip_network("127.0.0.0/8"),)
    newsroom = Newsroom(db, factories.make_settings(tmp_path, private_networks=networks), now)
    old = newsroom.channel(hooks.url(), "webhook")
    assert old is not None
    with newsroom.db.write() as session:
        new = tending.rotate(session.get_one(Channel, 1), newsroom.settings, now)
    newsroom.report(1)
    newsroom.deliver()
    headers, body = hooks.got[0]
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers) == json.loads(body)
    with newsroom.db.write() as session:
        session.get_one(Channel, 1).former_until = now
    newsroom.report(2)
    newsroom.deliver()
    headers, body = hooks.got[1]
    assert Webhook(new).verify(body, headers)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(old).verify(body, headers)
    assert len(base64.b64decode(new.removeprefix("whsec_"))) == 32


def test_a_test_is_sent_at_once_and_stands_in_the_log(newsroom: Newsroom, hooks: Hooks) -> None:
    newsroom.channel(hooks.url(), "webhook")
    newsroom.channel()
    hooks.status = 404
    refused = delivery.try_channel(newsroom.db, newsroom.settings, 1, lambda: newsroom.now)
    taken = delivery.try_channel(newsroom.db, newsroom.settings, 2, lambda: newsroom.now)
    assert (refused.fault, taken.fault) == ("The webhook answered 404.", None)
    assert [(row.event_type, row.status) for row in newsroom.rows()] == [
        ("channel.test", "dead"),
        ("channel.test", "sent"),
    ]
    with newsroom.db.read() as session:
        assert session.get_one(Site, newsroom.site.id) is not None
