"""What editors and programs are told about a case."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core import actionlinks, delivery, messages, triage
from core.channels import OutgoingMail
from core.channels.email import render
from core.db import Database
from core.history import Actor
from core.models import Case, Channel, Delivery, Page, Report
from core.settings import Settings
from tests.factories import (
    PAGE_URL,
    make_channel,
    make_settings,
    make_site,
    make_user,
    sorted_case,
)

EDITOR = Actor("zhanar@dala.example.kz", "desk")
VERIFIER = Actor("verifier", "clock")


@dataclass
class Newsroom:
    """A site whose one address is told of what readers report."""

    db: Database
    settings: Settings
    now: datetime
    channel_id: int

    def report(self, **values: Any) -> Case:
        return sorted_case(self.db, self.settings, self.now, **values)

    def change(self, **values: Any) -> None:
        """Set columns of the channel."""
        with self.db.write() as session:
            for name, value in values.items():
                setattr(session.get_one(Channel, self.channel_id), name, value)

    def move(
        self, case_id: int, status: str, by: Actor = EDITOR, resolution: str | None = None
    ) -> None:
        with self.db.write() as session:
            version = session.get_one(Case, case_id).version
            triage.move(
                session,
                case_id,
                version,
                triage.Change(status=status, resolution=resolution),
                by,
                self.now,
                self.settings,
            )

    def compose(self, rhythm: str = "now", event: str | None = None) -> Any:
        """What the waiting rows of one rhythm say now."""
        with self.db.read() as session:
            query = select(Delivery).where(
                Delivery.rhythm == rhythm, Delivery.channel_id == self.channel_id
            )
            if event:
                query = query.where(Delivery.event_type == event)
            rows = session.scalars(query.order_by(Delivery.id)).all()
            chosen = rows if rhythm == "digest" else rows[-1:]
            return messages.compose(session, chosen, self.settings, self.now)


@pytest.fixture
def newsroom(db: Database, database_url: str, tmp_path: Path, now: datetime) -> Newsroom:
    settings = make_settings(tmp_path, database_url, mail_from="Tuzet <tuzet@dala.example.kz>")
    with db.write() as session:
        site = make_site(session, now)
        channel = make_channel(session, now, site)
        channel.language = "en"
        channel_id = channel.id
    return Newsroom(db, settings, now, channel_id)


def _parts(mail: OutgoingMail) -> tuple[str, str]:
    return mail.text, mail.html


def test_a_new_case_is_told_in_its_sentence_with_the_correction(newsroom: Newsroom) -> None:
    case = newsroom.report(metadata={"author": "Айдана Мұрат", "section": "Қоғам"})
    mail = newsroom.compose()
    assert mail.subject.startswith("балаларга → балаларға · Көкжар ауданында")
    assert mail.recipient == "desk@dala.example.kz"
    assert "балаларга → балаларға" in mail.text
    assert "оның үштен бірі — [балаларга] арналған." in mail.text
    assert ">балаларга</u> арналған." in mail.html
    for part in _parts(mail):
        assert "1 reader" in part
        assert "Қоғам, Айдана Мұрат" in part
        assert f"https://tuzet.example.kz/cases/{case.id}" in part
        assert f"{PAGE_URL}#:~:text=" in part


def test_a_letter_is_never_struck(newsroom: Newsroom) -> None:
    newsroom.report()
    html = newsroom.compose().html
    assert not re.search(r"<(del|s|strike)\b", html)
    assert "line-through" not in html


def test_a_mail_about_a_new_case_links_to_what_can_be_done(newsroom: Newsroom) -> None:
    case = newsroom.report()
    mail = newsroom.compose()
    for part in _parts(mail):
        tokens = re.findall(r"https://tuzet\.example\.kz/act/([\w.-]+)", part)
        actions = [actionlinks.read(newsroom.settings, token, newsroom.now) for token in tokens]
        assert [action.verb for action in actions] == ["accept", "fixed", "dismiss", "snooze"]
        assert {action.case_id for action in actions} == {case.id}
        assert {action.channel_id for action in actions} == {newsroom.channel_id}


@pytest.mark.parametrize(
    ("status", "verbs"),
    [("accepted", ["fixed", "dismiss", "snooze"]), ("fixed", []), ("dismissed", [])],
)
def test_what_is_decided_meanwhile_is_not_offered(
    newsroom: Newsroom, status: str, verbs: list[str]
) -> None:
    case = newsroom.report()
    resolution = "opinion" if status == "dismissed" else None
    newsroom.move(case.id, status, resolution=resolution)
    mail = newsroom.compose(event="case.created")
    found = re.findall(r"/act/\d+\.\d+\.(\w+)\.", mail.text)
    assert found == verbs


def test_only_a_person_who_has_it_not_yet_is_offered_to_take_it(
    newsroom: Newsroom, now: datetime
) -> None:
    newsroom.change(target="zhanar@dala.example.kz")
    with newsroom.db.write() as session:
        user = make_user(session, now, "zhanar@dala.example.kz")
    case = newsroom.report()
    assert ".mine." in newsroom.compose().text
    with newsroom.db.write() as session:
        session.get_one(Case, case.id).assignee_id = user.id
    assert ".mine." not in newsroom.compose().text


def test_the_mail_speaks_the_language_of_the_person_with_that_address(
    newsroom: Newsroom, now: datetime
) -> None:
    newsroom.change(target="Zhanar@dala.example.kz", language="ru")
    newsroom.report()
    assert newsroom.compose().language == "ru"
    with newsroom.db.write() as session:
        make_user(session, now, "zhanar@dala.example.kz").language = "kk"
    mail = newsroom.compose()
    assert mail.language == "kk"
    assert "Оқырман жаңа қате туралы хабарлады." in mail.text
    assert "Қабылдау:" in mail.text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_mail_can_be_written_in_each_language(newsroom: Newsroom, language: str) -> None:
    newsroom.change(language=language)
    newsroom.report()
    mail = newsroom.compose()
    assert f'<html lang="{language}">' in mail.html
    assert "{" not in mail.text


def test_every_try_has_the_same_key_and_all_mails_of_an_article_one_thread(
    newsroom: Newsroom,
) -> None:
    newsroom.report()
    first, again = newsroom.compose(), newsroom.compose()
    newsroom.report(exact="том тұр", prefix="Қазір сөрелерде қырық мың ", suffix=", оның")
    other = newsroom.compose()
    assert first.key == again.key != other.key
    assert first.thread_key == other.thread_key


def test_no_readers_address_is_in_a_mail(newsroom: Newsroom) -> None:
    newsroom.report(
        email="reader@secret.example", comment="Жазыңыз: reader@secret.example, немесе x@y"
    )
    for part in _parts(newsroom.compose()):
        assert "secret" not in part
        assert "Жазыңыз: … немесе …" in part


def test_a_long_comment_is_cut(newsroom: Newsroom) -> None:
    newsroom.report(comment="ұ" * 2_000)
    mail = newsroom.compose()
    assert "ұ" * 200 in mail.text
    assert "ұ" * 300 not in mail.text


def test_an_error_without_a_correction_is_told_by_its_words(newsroom: Newsroom) -> None:
    newsroom.report(suggestion=None, kind="link", comment="Ашылмайды")
    mail = newsroom.compose()
    assert mail.subject.startswith("“балаларга” · ")
    assert "→" not in mail.text
    assert "Ашылмайды" in mail.text


def test_a_letter_of_another_script_is_named(newsroom: Newsroom) -> None:
    newsroom.report(exact="бaлаларға", suggestion="балаларға")
    assert "(Latin a)" in newsroom.compose().subject


def test_an_erased_report_is_not_quoted(newsroom: Newsroom) -> None:
    case = newsroom.report(comment="Менің түсініктемем")
    with newsroom.db.write() as session:
        row = session.get_one(Case, case.id)
        row.exact = row.prefix = row.suffix = ""
        row.suggestion = None
        report = session.scalars(select(Report)).one()
        report.exact = report.prefix = report.suffix = ""
        report.suggestion = report.comment = None
        report.erased_at = newsroom.now
    mail = newsroom.compose()
    for part in (*_parts(mail), mail.subject):
        assert "балалар" not in part
        assert "түсініктемем" not in part
    assert "The reader has erased what they had sent." in mail.text


def test_an_error_that_came_back_says_so(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.move(case.id, "fixed")
    newsroom.move(case.id, "verified", VERIFIER)
    newsroom.move(case.id, "accepted", VERIFIER)
    mail = newsroom.compose(event="case.regressed")
    assert mail.subject.startswith("Came back: балаларга → балаларға")
    assert "The error is on the page again" in mail.text
    assert "↩ Came back" in mail.text
    assert re.findall(r"/act/\d+\.\d+\.(\w+)\.", mail.text) == ["fixed", "dismiss", "snooze"]


def test_a_digest_groups_cases_by_article_and_counts_new_readers(newsroom: Newsroom) -> None:
    other: dict[str, Any] = {
        "exact": "2 млн",
        "prefix": "Жобаға бюджеттен ",
        "suffix": " теңге бөлінді.",
        "suggestion": "2 млрд",
        "kind": "fact",
        "url": "https://dala.example.kz/news/budzhet",
        "canonical_url": None,
        "title": "Бюджет",
    }
    newsroom.report()
    newsroom.report(**other)
    newsroom.now += timedelta(hours=1)
    for _ in range(3):
        newsroom.report()
    newsroom.report(**other)
    mail = newsroom.compose("digest")
    assert mail.subject == "2 known errors have new readers: Дала үні"
    assert mail.text.count("Көкжар ауданында") == 1
    assert mail.text.count("\nБюджет\n") == 1
    assert "4 readers, 3 of them new" in mail.text
    assert "2 readers, 1 of them new" in mail.text
    assert mail.thread_key == f"digest.{newsroom.channel_id}.dala"


def test_a_digest_of_one_article_is_found_by_its_title(newsroom: Newsroom) -> None:
    newsroom.report()
    newsroom.report(exact="том тұр", prefix="Қазір сөрелерде қырық мың ", suffix=", оның")
    newsroom.report()
    with newsroom.db.write() as session:
        for row in session.scalars(select(Delivery)):
            row.rhythm = "digest" if row.event_type == "case.created" else "now"
    mail = newsroom.compose("digest")
    assert mail.subject == "2 errors: Көкжар ауданында жаңа кітапхана ашылды"
    with newsroom.db.write() as session:
        for row in session.scalars(select(Delivery)):
            row.rhythm = "now" if row.event_type == "case.created" else "digest"
    mail = newsroom.compose("digest")
    assert mail.subject == ("1 known error has new readers: Көкжар ауданында жаңа кітапхана ашылды")
    assert mail.text.startswith("Since the last digest more readers have reported an error that")


def test_hostile_text_stays_text(newsroom: Newsroom) -> None:
    hostile = "<img src=x onerror=alert(1)>\"'&{{7*7}}"
    newsroom.report(exact=hostile, suggestion=f"{hostile}!", comment=hostile, title=hostile)
    html = newsroom.compose().html
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "49" not in re.sub(r"https?://\S+|#\w+|style=\"[^\"]*\"", "", html)


def test_an_address_that_is_not_of_the_web_is_no_link(newsroom: Newsroom) -> None:
    newsroom.report()
    with newsroom.db.write() as session:
        session.scalars(select(Page)).one().link = "javascript:alert(1)"
    assert 'href="javascript' not in newsroom.compose().html


@pytest.mark.parametrize("field", ["title", "comment", "exact", "suggestion", "prefix", "suffix"])
def test_recorded_header_attacks_leave_one_recipient_and_our_headers(
    newsroom: Newsroom, field: str, shared_data: Path, parse: Callable[[bytes], Any]
) -> None:
    items = json.loads((shared_data / "attack" / "header_injection.json").read_text("utf-8"))
    newsroom.report()
    plain = set(parse(render(newsroom.compose(), newsroom.now)).keys())
    for item in items["items"]:
        text = item["s"].replace("\0", " ")
        with newsroom.db.write() as session:
            case = session.scalars(select(Case)).one()
            report = session.scalars(select(Report)).one()
            setattr(case if hasattr(case, field) else report, field, text)
            if field == "title":
                case.page.title = text
        message = parse(render(newsroom.compose(), newsroom.now))
        assert set(message.keys()) == plain
        assert len(message["To"].addresses) == 1
        assert not message.defects


@pytest.fixture
def parse() -> Callable[[bytes], Any]:
    """Read a mail as a mail program does."""
    import email
    import email.policy

    return lambda content: email.message_from_bytes(content, policy=email.policy.default)


def test_a_mail_goes_the_whole_way_into_the_folder(newsroom: Newsroom) -> None:
    newsroom.report()
    delivered = delivery.deliver_due(newsroom.db, newsroom.settings, lambda: newsroom.now)
    assert delivered.sent == 1
    with newsroom.db.read() as session:
        key = session.scalars(select(Delivery.message_key)).one()
    assert (newsroom.settings.mail_folder / f"{key}.eml").exists()
