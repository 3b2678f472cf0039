"""What one person is reminded of at one time is one message, whatever happens to it on its way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import delivery, mailbox, messages, reminders, rulebook, tending
from core.channels import OutgoingChat, OutgoingMail
from core.delivery import WAITS, Delivered
from core.errors import Invalid
from core.messages.fitting import MOST_BYTES
from core.models import Case, Channel, Delivery, Site
from tests import factories
from tests.core.delivery.newsroom import Newsroom
from tests.servers.mail import MailSink

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def waiting(newsroom: Newsroom, smtp_sink: MailSink) -> list[Case]:
    """Three cases of different ages, told at once and waiting for a day; the plan is new."""
    newsroom.channel()
    cases = [newsroom.report(1), newsroom.report(2), newsroom.report(3)]
    with newsroom.db.write() as session:  # the one of the last page is the oldest
        for place, case in enumerate(cases):
            row = session.get_one(Case, case.id)
            row.first_reported_at = newsroom.now - place * HOUR
    newsroom.deliver()
    smtp_sink.messages.clear()
    _plan(newsroom, remind_hours=24)
    return cases


def _plan(newsroom: Newsroom, **values: object) -> None:
    with newsroom.db.write() as session:
        rulebook.change_plan(session, session.get_one(Site, newsroom.site.id), dict(values))


def _remind(newsroom: Newsroom, after: timedelta = DAY) -> int:
    return reminders.remind_due(newsroom.db, newsroom.settings, newsroom.now + after)


def _reminders(newsroom: Newsroom) -> list[Delivery]:
    return [row for row in newsroom.rows() if row.event_type != "case.created"]


def _said(newsroom: Newsroom) -> OutgoingMail:
    with newsroom.db.read() as session:
        query = select(Delivery).where(Delivery.event_type == "case.waiting")
        mail = messages.compose(
            session, session.scalars(query).all(), newsroom.settings, newsroom.now + DAY
        )
    assert isinstance(mail, OutgoingMail)
    return mail


def test_what_begins_to_wait_at_one_time_is_one_mail_with_the_oldest_first(
    newsroom: Newsroom, smtp_sink: MailSink, waiting: list[Case]
) -> None:
    assert _remind(newsroom) == 3
    assert newsroom.deliver(DAY) == Delivered(1, 0)
    (mail,) = smtp_sink.messages
    assert mail["Message-ID"][1:33] == _reminders(newsroom)[0].message_key
    said = _said(newsroom)
    assert said.subject == "Still waiting: 3 errors · Дала үні"
    for part in (said.text, said.html):
        assert "3 errors have been waiting for a decision for a long time" in part
        places = [part.index(f"/cases/{case.id}") for case in reversed(waiting)]
        assert places == sorted(places)
    assert said.text.count("/act/") == 4 * 3


def test_each_case_is_brought_back_once(newsroom: Newsroom, waiting: list[Case]) -> None:
    assert _remind(newsroom) == 3
    newsroom.deliver(DAY)
    newsroom.report(4)
    assert _remind(newsroom, 2 * DAY) == 1
    assert newsroom.deliver(2 * DAY).sent == 2  # the first word about it, and the reminder
    assert _remind(newsroom, 3 * DAY) == 0


def test_reminders_that_may_have_arrived_go_again_as_they_went(
    newsroom: Newsroom, smtp_sink: MailSink, waiting: list[Case]
) -> None:
    _remind(newsroom)
    smtp_sink.mode = "cut"
    assert newsroom.deliver(DAY) == Delivered(0, 1)
    newsroom.report(4)
    with newsroom.db.write() as session:
        session.get_one(Delivery, newsroom.rows()[-1].id).status = "sent"
    assert _remind(newsroom, 2 * DAY) == 1
    smtp_sink.mode = "fine"
    assert newsroom.deliver(2 * DAY + 2 * WAITS[0]) == Delivered(2, 0)
    first, *others = smtp_sink.messages
    (again,) = (mail for mail in others if mail["Message-ID"] == first["Message-ID"])
    assert again["Subject"] == first["Subject"]
    assert {row.status for row in newsroom.rows()} == {"sent"}


def test_who_sends_one_reminder_again_sends_all_that_went_with_it(
    newsroom: Newsroom, smtp_sink: MailSink, waiting: list[Case]
) -> None:
    _remind(newsroom)
    smtp_sink.mode = "550"
    newsroom.deliver(DAY)
    smtp_sink.mode = "fine"
    with newsroom.db.write() as session:
        chosen = session.get_one(Delivery, _reminders(newsroom)[1].id)
        delivery.retry(session, chosen, newsroom.now + DAY)
    assert newsroom.deliver(DAY) == Delivered(1, 0)


def test_a_reminder_and_an_escalation_are_two_messages(
    newsroom: Newsroom, waiting: list[Case]
) -> None:
    with newsroom.db.write() as session:
        person = factories.make_user(session, newsroom.now, "desk@dala.example.kz")
        email = person.email
    _plan(newsroom, escalate_hours=24, escalate_to=email)
    assert _remind(newsroom) == 6
    assert newsroom.deliver(DAY) == Delivered(2, 0)


def test_quiet_hours_make_no_reminder_a_part_of_the_digest(
    newsroom: Newsroom, smtp_sink: MailSink, waiting: list[Case]
) -> None:
    with newsroom.db.write() as session:
        channel = session.scalars(select(Channel)).one()
        tending.set_rhythm(channel, {"quiet": "09:00-12:00", "new": "daily", "daily_at": "10:00"})
    newsroom.now += DAY
    newsroom.report(4)
    assert _remind(newsroom, timedelta(0)) == 3
    assert newsroom.deliver() == Delivered(0, 0)
    assert newsroom.deliver(3 * HOUR) == Delivered(2, 0)
    assert [row.rhythm for row in _reminders(newsroom)] == ["now"] * 3


def test_nobody_is_reminded_of_what_was_settled_meanwhile(
    newsroom: Newsroom, smtp_sink: MailSink, waiting: list[Case]
) -> None:
    _remind(newsroom)
    with newsroom.db.write() as session:
        session.get_one(Case, waiting[0].id).status = "fixed"
    assert _said(newsroom).subject == "Still waiting: 2 errors · Дала үні"
    with newsroom.db.write() as session:
        for case in waiting:
            session.get_one(Case, case.id).status = "fixed"
    newsroom.deliver(DAY)
    assert smtp_sink.messages == []
    assert newsroom.deliver(DAY) == Delivered(0, 0)


def test_a_chat_is_told_of_a_few_and_where_the_others_are(
    newsroom: Newsroom, waiting: list[Case]
) -> None:
    for number in range(4, 14):
        newsroom.report(number)
    newsroom.deliver()
    assert _remind(newsroom) == 13
    with newsroom.db.write() as session:
        channel = session.scalars(select(Channel)).one()
        channel.kind, channel.target = "telegram", "-100"
    with newsroom.db.read() as session:
        query = select(Delivery).where(Delivery.event_type == "case.waiting")
        chat = messages.compose(
            session, session.scalars(query).all(), newsroom.settings, newsroom.now + DAY
        )
    assert isinstance(chat, OutgoingChat)
    assert len(chat.cards) == 8
    assert chat.subject == "Still waiting: 13 errors · Дала үні"
    assert "and 5 more on the desk: https://tuzet.example.kz/queue?site=dala" in chat.lead


@pytest.mark.parametrize(
    ("language", "lead"),
    [
        ("kk", "70 қате бойынша шешім көптен күтіліп тұр"),
        ("ru", "70 ошибок давно ждут решения"),
        ("en", "70 errors have been waiting"),
    ],
)
def test_many_reminders_are_one_mail_that_is_not_cut_off(
    newsroom: Newsroom, smtp_sink: MailSink, language: str, lead: str
) -> None:
    newsroom.channel()
    with newsroom.db.write() as session:
        session.scalars(select(Channel)).one().language = language
    for number in range(70):
        factories.send(
            newsroom.db, newsroom.now, url=f"{factories.SITE_URL}/{number}", canonical_url=None
        )
    factories.sort(newsroom.db, newsroom.settings, newsroom.now)
    with newsroom.db.write() as session:
        for row in session.scalars(select(Delivery)):
            row.status = "sent"
    _plan(newsroom, remind_hours=24)
    assert _remind(newsroom) == 70
    assert newsroom.deliver(DAY) == Delivered(1, 0)
    said = _said(newsroom)
    assert lead in said.html
    assert len(said.html.encode()) <= MOST_BYTES
    assert said.stop_url is not None
    assert said.stop_url in said.html


def test_a_reply_to_several_reminders_becomes_no_note(
    newsroom: Newsroom, smtp_sink: MailSink, waiting: list[Case]
) -> None:
    _remind(newsroom)
    newsroom.deliver(DAY)
    (mail,) = smtp_sink.messages
    reply = (
        "From: desk@dala.example.kz\r\nTo: tuzet@localhost\r\n"
        f"In-Reply-To: {mail['Message-ID']}\r\nSubject: Re\r\n\r\nҚарап шығамын.\r\n"
    ).encode()
    with newsroom.db.read() as session, pytest.raises(Invalid, match="not about one error"):
        mailbox.read_reply(session, reply, newsroom.settings)
