"""The foot of a mail: the true reason, what a reply does, and how to have it otherwise."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from core import messages, tending
from core.channels import OutgoingMail
from core.db import Database
from core.models import Case, Channel, Delivery, User
from tests import factories
from tests.core.newsroom import Newsroom

REPLY = "becomes a note on the error, in "


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, now: datetime) -> Newsroom:
    made = Newsroom(db, factories.make_settings(tmp_path, mail_replies=True), now)
    with db.write() as session:
        for channel in session.scalars(select(Channel)):
            channel.language = "en"
        session.get_one(User, made.zhanar.id).language = "en"
    return made


def _said(newsroom: Newsroom, why: str | None = None, **values: str) -> OutgoingMail:
    """The mail of the last row, if it had this reason and these values."""
    with newsroom.db.write() as session:
        row = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
        assert row is not None
        for name, value in {**values, "why": why}.items():
            setattr(row, name, value)
        mail = messages.compose(session, [row], newsroom.settings, newsroom.now)
    assert isinstance(mail, OutgoingMail)
    return mail


def _to_person(newsroom: Newsroom) -> Case:
    newsroom.rule({}, {"people": ["zhanar@dala.example.kz"]})
    return newsroom.report()


@pytest.mark.parametrize(
    ("why", "event_type", "sentence"),
    [
        ("channel", "case.created", "night@dala.example.kz is a channel of Дала үні."),
        (None, "case.created", "night@dala.example.kz is a channel of Дала үні."),
        (
            "rule Спорт",
            "case.created",
            "the rule “Спорт” of Дала үні sends it to night@dala.example.kz.",
        ),
        ("fallback", "case.created", "what no rule of Дала үні catches goes to night@"),
        ("duty", "case.waiting", "you are on duty for Дала үні."),
        ("duty", "case.updated", "you were on duty for Дала үні when the first report came."),
        ("author", "case.created", "it is about an article of yours."),
        ("assigned", "case.waiting", "what waits is assigned to you."),
        ("escalated", "case.escalated", "Дала үні passes on to you what nobody has decided"),
    ],
)
def test_the_foot_gives_the_reason(
    newsroom: Newsroom, why: str | None, event_type: str, sentence: str
) -> None:
    newsroom.report()
    mail = _said(newsroom, why, event_type=event_type)
    for part in (mail.text, mail.html):
        assert f"You get this mail because {sentence}" in part
        assert part.count("You get this mail because") == 1


def test_each_reason_is_given_once_and_rules_together(newsroom: Newsroom) -> None:
    for number in range(4):
        newsroom.report(url=f"{factories.SITE_URL}/{number}", canonical_url=None)
    whys = ["rule Спорт", "rule Қоғам", "duty", "duty"]
    with newsroom.db.write() as session:
        query = select(Delivery).where(Delivery.channel_id == 1).order_by(Delivery.id)
        rows = session.scalars(query).all()
        for row, why in zip(rows, whys, strict=True):
            row.rhythm, row.why = "digest", why
        mail = messages.compose(session, rows, newsroom.settings, newsroom.now)
    assert isinstance(mail, OutgoingMail)
    assert (
        "You get this mail because the rules “Спорт”, “Қоғам” of Дала үні send it to "
        "desk@dala.example.kz; you are on duty for Дала үні.\n"
    ) in mail.text


def test_a_person_is_led_to_their_own_rhythm_and_others_to_the_channels(
    newsroom: Newsroom,
) -> None:
    newsroom.report()
    assert "https://tuzet.example.kz/settings/1/channels/3" in _said(newsroom).html
    with newsroom.db.write() as session:
        user = session.get_one(User, newsroom.zhanar.id)
        tending.set_own_mail(session, user, {"articles": True}, {})
    _to_person(newsroom)
    newsroom.another()
    mail = _said(newsroom)
    assert mail.recipient == "zhanar@dala.example.kz"
    for part in (mail.text, mail.html):
        assert "https://tuzet.example.kz/profile/mail" in part
        assert "/settings/" not in part


def test_a_mail_says_in_whose_name_a_reply_becomes_a_note(newsroom: Newsroom) -> None:
    newsroom.report()
    assert (
        "becomes a note on the error, under the address night@dala.example.kz."
        in _said(newsroom).text
    )
    newsroom.settings = replace(newsroom.settings, mail_replies=False)
    assert "reply" not in _said(newsroom).text


@pytest.mark.parametrize(("role", "promised"), [("editor", True), ("viewer", False)])
def test_no_reply_is_promised_to_whom_it_would_be_refused(
    newsroom: Newsroom, role: str, promised: bool
) -> None:
    _to_person(newsroom)
    with newsroom.db.write() as session:
        session.get_one(User, newsroom.zhanar.id).memberships[0].role = role
    mail = _said(newsroom)
    assert mail.recipient == "zhanar@dala.example.kz"
    assert (f"{REPLY}your name." in mail.text) is promised
    assert ("in a reply" in mail.html) is promised


def test_a_mail_about_several_says_that_a_reply_becomes_no_note(newsroom: Newsroom) -> None:
    newsroom.report()
    newsroom.another()
    with newsroom.db.write() as session:
        rows = session.scalars(select(Delivery).where(Delivery.channel_id == 1)).all()
        mail = messages.compose(session, rows, newsroom.settings, newsroom.now)
    assert isinstance(mail, OutgoingMail)
    assert "A reply to this mail cannot become a note" in mail.text


def test_a_mail_without_buttons_explains_none(newsroom: Newsroom) -> None:
    case = newsroom.report()
    assert "in the name of night@dala.example.kz. It works until" in _said(newsroom).text
    with newsroom.db.write() as session:
        session.get_one(Case, case.id).status = "fixed"
    assert "It works until" not in _said(newsroom).text


def test_a_word_about_a_channel_goes_to_whom_it_concerns_and_leads_there(
    newsroom: Newsroom,
) -> None:
    with newsroom.db.write() as session:
        session.add(
            Delivery(
                channel_id=1,
                event_type="channel.paused",
                due_at=newsroom.now,
                created_at=newsroom.now,
                message_key="0" * 32,
                about={"channel": 2, "kind": "email", "target": "sport@dala.example.kz"},
            )
        )
    mail = _said(newsroom)
    for part in (mail.text, mail.html):
        assert "You get this mail because you administer Дала үні." in part
        assert "https://tuzet.example.kz/settings/1/channels/2" in part
    assert mail.stop_url is None
