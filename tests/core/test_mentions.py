"""Notes that name a colleague: who is meant, and who hears of it."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core import mentions, tending, triage
from core.channels import OutgoingMail
from core.db import Database
from core.history import Actor
from core.messages import compose
from core.models import Case, Channel, Delivery, Event, User
from core.settings import Settings
from tests import factories

BOSS = Actor("boss@dala.example.kz", "desk")


@pytest.fixture
def aigul(db: Database, now: datetime) -> User:
    """An editor of the one site, who may hear of notes."""
    with db.write() as session:
        site = factories.make_site(session, now)
        user = factories.make_user(session, now, "aigul@dala.example.kz", "editor", site)
        user.name, user.language = "Айгүл Серік", "kk"
        tending.set_own_mail(session, user, {"mentions": True}, {})
    return user


@pytest.fixture
def case(db: Database, settings: Settings, aigul: User, now: datetime) -> Case:
    return factories.sorted_case(db, settings, now)


def _note(db: Database, case: Case, text: str, now: datetime, settings: Settings) -> list[str]:
    """Whom mails about a note are owed to."""
    with db.write() as session:
        event = triage.note(session, case.id, text, BOSS, now, settings)
        query = select(Channel.target).join(Delivery).where(Delivery.event_id == event.id)
        return list(session.scalars(query))


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("@aigul@dala.example.kz қараңызшы", True),
        ("қараңызшы, @Айгүл Серік!", True),
        ("@айгүл", True),
        ("@Айгүлге", False),
        ("aigul@dala.example.kz", False),
        ("@жоқ адам", False),
    ],
)
def test_a_name_or_an_address_after_the_sign_names_a_colleague(
    aigul: User, text: str, is_named: bool
) -> None:
    assert [user.id for user in mentions.named_in(text, [aigul])] == [aigul.id] * is_named


def test_a_name_that_two_people_have_is_nobodys(aigul: User) -> None:
    other = User(id=aigul.id + 1, email="other@dala.example.kz", name="Айгүл Бек")
    assert mentions.named_in("@Айгүл", [aigul, other]) == []
    assert mentions.named_in("@Айгүл Бек", [aigul, other]) == [other]


def test_who_is_named_twice_hears_once_in_their_language(
    db: Database, case: Case, settings: Settings, now: datetime
) -> None:
    text = "@Айгүл, қараңызшы. @aigul@dala.example.kz"
    assert _note(db, case, text, now, settings) == ["aigul@dala.example.kz"]
    with db.read() as session:
        row = session.scalars(select(Delivery).where(Delivery.event_type == "case.mentioned")).one()
        note = session.scalars(select(Event).where(Event.type == "note")).one()
        mail = compose(session, [row], settings, now)
    assert note.data["mentions"] == ["aigul@dala.example.kz"]
    assert isinstance(mail, OutgoingMail)
    assert mail.language == "kk"
    assert "қараңызшы" in mail.text
    assert "қараңызшы" in mail.html
    assert mail.stop_url is not None


def test_nobody_hears_who_has_not_asked_for_it_or_writes_it(
    db: Database, case: Case, settings: Settings, aigul: User, now: datetime
) -> None:
    with db.write() as session:
        own = Actor(aigul.email, "desk")
        triage.note(session, case.id, "@Айгүл", own, now, settings)
        tending.set_own_mail(session, session.get_one(User, aigul.id), {"mentions": False}, {})
    assert _note(db, case, "@Айгүл", now, settings) == []
    with db.read() as session:
        query = select(Delivery).where(Delivery.event_type == "case.mentioned")
        assert session.scalars(query).all() == []


def test_who_may_not_see_the_site_stays_text(
    db: Database, case: Case, settings: Settings, now: datetime
) -> None:
    with db.write() as session:
        url = "https://tan.example.kz"
        other = factories.make_site(session, now, key="tan", name="Таң", url=url, origins=[url])
        user = factories.make_user(session, now, "stranger@tan.example.kz", "editor", other)
        tending.set_own_mail(session, user, {"mentions": True}, {})
    assert _note(db, case, "@stranger@tan.example.kz", now, settings) == []


def test_quiet_hours_are_kept(
    db: Database, case: Case, settings: Settings, aigul: User, now: datetime
) -> None:
    with db.write() as session:
        user = session.get_one(User, aigul.id)
        quiet = {"quiet": "09:00-10:00", "timezone": "Asia/Almaty"}
        tending.set_own_mail(session, user, {}, quiet)
    _note(db, case, "@Айгүл", now, settings)
    with db.read() as session:
        query = select(Delivery).where(Delivery.event_type == "case.mentioned")
        assert session.scalars(query).one().due_at > now


def test_a_mention_does_not_make_one_hear_of_what_follows(
    db: Database, case: Case, settings: Settings, now: datetime
) -> None:
    _note(db, case, "@Айгүл", now, settings)
    factories.send(db, now)
    factories.sort(db, settings, now)
    with db.read() as session:
        rows = session.scalars(select(Delivery).join(Channel).where(Channel.user_id.is_not(None)))
        assert [row.event_type for row in rows] == ["case.mentioned"]


def test_an_author_hears_of_their_own_articles_whatever_the_rules_say(
    db: Database, settings: Settings, aigul: User, now: datetime
) -> None:
    with db.write() as session:
        user = session.get_one(User, aigul.id)
        tending.set_own_mail(session, user, {"articles": True}, {})
    metadata = {"author": "айгүл серік", "section": None, "published": None, "modified": None}
    factories.sorted_case(db, settings, now, metadata={**metadata, "cms_id": None})
    with db.read() as session:
        rows = session.scalars(select(Channel.target).join(Delivery))
        assert list(rows) == ["aigul@dala.example.kz"]


def test_a_note_tells_who_hears_of_it_and_who_does_not(
    db: Database, case: Case, now: datetime, settings: Settings
) -> None:
    with db.write() as session:
        site = case.site_id
        factories.make_user(session, now, "deaf@dala.example.kz", "editor", None).name = "Берік"
        text = "@айгүл @Берік @жоқ.адам, @жоқ.адам boss@dala.example.kz қараңыз"
        event = triage.note(session, case.id, text, BOSS, now, settings)
        found = mentions.heard(session, event, site)
    assert found == mentions.Heard(("Айгүл Серік",), ("Берік",), ("@жоқ.адам",))


def test_a_name_of_another_site_is_told_like_one_that_nobody_has(
    db: Database, case: Case, now: datetime, settings: Settings
) -> None:
    with db.write() as session:
        url = "https://tan.example.kz"
        other = factories.make_site(session, now, key="tan", name="Таң", url=url, origins=[url])
        factories.make_user(session, now, "tan@tan.example.kz", "editor", other).name = "Тана"
        event = triage.note(session, case.id, "@tan@tan.example.kz @Тана", BOSS, now, settings)
        found = mentions.heard(session, event, case.site_id)
    assert found == mentions.Heard(nobody=("@tan@tan.example.kz", "@Тана"))
