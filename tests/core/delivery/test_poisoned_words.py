"""Recorded attacks in every field that a reader, a site or an editor can fill."""

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from core.db import Database
from core.delivery import deliver_due
from core.models import Case, Channel, Delivery, Page, Report, Site, User
from tests import factories
from tests.servers.mail import MailSink

TARGET = "desk@dala.example.kz"
_OF_THE_SINK = {"x-peer", "x-mailfrom", "x-rcptto"}
HEADERS = {
    "content-type",
    "mime-version",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "content-language",
    "auto-submitted",
    "x-auto-response-suppress",
}


def test_the_recorded_attacks_in_every_field_make_one_plain_mail_each(
    db: Database, shared_data: Path, smtp_sink: MailSink, tmp_path: Path, now: datetime
) -> None:
    attacks = json.loads((shared_data / "attack" / "header_injection.json").read_text("utf-8"))
    words = [str(item["s"]) for item in attacks["items"]]
    assert len(words) == 93
    settings = factories.make_settings(tmp_path, smtp_url=smtp_sink.url)
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_channel(session, now, site, TARGET)
    keys = {}
    for number, text in enumerate(words):
        url = f"{factories.SITE_URL}/{number}"
        case = factories.sorted_case(db, settings, now, url=url, canonical_url=None)
        keys[case.id] = text
    for case_id, text in keys.items():
        storable = text.replace("\0", "").encode("utf-8", "replace").decode()
        with db.write() as session:
            _fill(session.get_one(Case, case_id), storable)
            session.get_one(Site, site.id).name = storable
            for report in session.scalars(select(Report).where(Report.case_id == case_id)):
                report.comment = report.suggestion = report.email = storable
        deliver_due(db, settings, lambda: now, most=1)
    with db.read() as session:
        assert {row.status for row in session.scalars(select(Delivery))} == {"sent"}
    assert smtp_sink.recipients == [[TARGET]] * 93
    for message in smtp_sink.messages:
        names = {name.lower() for name in message.keys()}  # noqa: SIM118 - not a dict
        assert names - _OF_THE_SINK == HEADERS
        assert [str(address) for address in message["To"].addresses] == [TARGET]
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert not message.defects
        assert "victim@evil.example" not in str(message["To"])


def _fill(case: Case, text: str) -> None:
    page: Page = case.page
    case.exact = case.prefix = case.suffix = case.suggestion = text
    page.title = page.author = page.section = page.link = text


def test_an_address_that_is_an_attack_stands_in_nobody_elses_way(
    db: Database, shared_data: Path, smtp_sink: MailSink, tmp_path: Path, now: datetime
) -> None:
    attacks = json.loads((shared_data / "attack" / "header_injection.json").read_text("utf-8"))
    settings = factories.make_settings(tmp_path, smtp_url=smtp_sink.url)
    with db.write() as session:
        site = factories.make_site(session, now)
        for item in attacks["items"]:
            text = str(item["s"]).replace("\0", "").encode("utf-8", "replace").decode()
            known = select(Channel.id).where(Channel.target == text)
            if session.scalar(known) is None:
                factories.make_channel(session, now, site, text)
        factories.make_channel(session, now, site, TARGET)
        factories.make_user(session, now, "zhanar@dala.example.kz").language = "ru"
    factories.sorted_case(db, settings, now)
    deliver_due(db, settings, lambda: now, most=200)
    assert [TARGET] in smtp_sink.recipients
    assert all(len(recipients) == 1 for recipients in smtp_sink.recipients)
    assert not any("evil" in address for each in smtp_sink.recipients for address in each)
    with db.read() as session:
        states = {row.status for row in session.scalars(select(Delivery))}
        assert session.scalars(select(User)).one().language == "ru"
    assert states <= {"sent", "dead"}
