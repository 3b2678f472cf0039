"""Acting from a mail: looking changes nothing, the button acts once, the token is the secret."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import actionlinks, triage
from core.accounts.sessions import open_session
from core.clock import utcnow
from core.db import Database
from core.history import Actor
from core.models import Case, Channel, Delivery, Event, User
from core.settings import Settings
from service.app import create_app
from tests.factories import make_channel, make_settings, make_site, make_user, sorted_case

DESK = Actor("zhanar@dala.example.kz", "desk")


class _Silent:
    def __init__(self) -> None:
        self.rung: list[str] = []

    def ring(self, signal: str) -> None:
        self.rung.append(signal)


@dataclass
class Newsroom:
    """A case that has just been mailed to the newsroom's address."""

    db: Database
    settings: Settings
    client: FlaskClient
    bell: _Silent
    case_id: int
    channel_id: int

    def link(self, verb: actionlinks.Verb, issued: datetime | None = None) -> str:
        token = actionlinks.sign(
            self.settings, self.case_id, self.channel_id, verb, issued or utcnow()
        )
        return f"/act/{token}"

    def case(self) -> Case:
        with self.db.read() as session:
            return session.get_one(Case, self.case_id)

    def history(self) -> list[tuple[str, str, str]]:
        with self.db.read() as session:
            events = session.scalars(select(Event).order_by(Event.id))
            return [(event.type, event.actor, event.via) for event in events]

    def pending(self) -> list[tuple[str, str]]:
        with self.db.read() as session:
            waiting = session.scalars(select(Delivery).where(Delivery.status == "pending"))
            return [(row.channel.target, row.event_type) for row in waiting]

    def readdress(self, target: str) -> None:
        with self.db.write() as session:
            session.get_one(Channel, self.channel_id).target = target

    def move(self, status: str) -> None:
        with self.db.write() as session:
            version = session.get_one(Case, self.case_id).version
            triage.move(
                session,
                self.case_id,
                version,
                triage.Change(status=status),
                DESK,
                utcnow(),
                self.settings,
            )


@pytest.fixture
def newsroom(db: Database, database_url: str, tmp_path: Path) -> Newsroom:
    settings = make_settings(tmp_path, database_url)
    now = utcnow()
    with db.write() as session:
        site = make_site(session, now)
        make_user(session, now, "zhanar@dala.example.kz", site=site)
        channel = make_channel(session, now, site)
        channel.language = "en"
        channel_id = channel.id
    case = sorted_case(db, settings, now)
    bell = _Silent()
    client = create_app(settings, db, bell).test_client()
    return Newsroom(db, settings, client, bell, case.id, channel_id)


def _text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("verb", actionlinks.STATUS_AFTER)
def test_looking_at_a_link_changes_nothing(newsroom: Newsroom, verb: actionlinks.Verb) -> None:
    link = newsroom.link(verb)
    assert newsroom.client.get(link).status_code == 200
    assert newsroom.client.head(link).status_code == 200
    assert newsroom.case().status == "new"
    assert newsroom.history() == [("created", "reader", "snippet")]


def test_the_page_shows_the_error_in_its_sentence_and_one_button(newsroom: Newsroom) -> None:
    page = newsroom.client.get(newsroom.link("accept")).get_data(as_text=True)
    assert "<mark>балаларга</mark> арналған." in page
    assert page.count("<button") == 1
    assert "<script" not in page
    assert 'method="post"' in page


@pytest.mark.parametrize(("verb", "status"), [("accept", "accepted"), ("fixed", "fixed")])
def test_the_button_acts_in_the_name_of_the_channel(
    newsroom: Newsroom, verb: actionlinks.Verb, status: str
) -> None:
    answer = newsroom.client.post(newsroom.link(verb))
    assert answer.status_code == 200
    assert newsroom.case().status == status
    assert newsroom.history()[-1] == (status, "desk@dala.example.kz", "mail")
    assert newsroom.bell.rung == ["tuzet.deliver_due"]
    assert f"/cases/{newsroom.case_id}" in answer.get_data(as_text=True)


def test_an_editor_whose_address_it_is_acts_as_that_person(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        channel = session.get_one(Channel, newsroom.channel_id)
        channel.target = "Zhanar@dala.example.kz"
    newsroom.client.post(newsroom.link("accept"))
    assert newsroom.history()[-1] == ("accepted", "zhanar@dala.example.kz", "mail")


def test_a_second_press_is_harmless_and_says_who_did_it(newsroom: Newsroom) -> None:
    link = newsroom.link("accept")
    newsroom.client.post(link)
    again = newsroom.client.post(link)
    assert again.status_code == 200
    assert "Accepted: by you" in _text(again.get_data(as_text=True))
    assert "<button" not in again.get_data(as_text=True)
    assert len(newsroom.history()) == 2
    assert newsroom.case().version == 2


def test_a_link_never_takes_back_what_a_colleague_has_decided(newsroom: Newsroom) -> None:
    newsroom.move(status="fixed")
    answer = newsroom.client.post(newsroom.link("accept"))
    assert "Fixed: by zhanar@dala.example.kz" in _text(answer.get_data(as_text=True))
    assert newsroom.case().status == "fixed"


def test_a_used_link_stays_used_after_an_undo(newsroom: Newsroom) -> None:
    link = newsroom.link("accept")
    newsroom.client.post(link)
    with newsroom.db.write() as session:
        triage.undo(session, newsroom.case_id, 2, DESK, utcnow(), newsroom.settings)
    newsroom.client.post(link)
    assert newsroom.case().status == "new"


def _undo_field(page: str) -> dict[str, str]:
    found = re.search(r'name="undo" value="(\d+)"', page)
    return {"undo": found[1]} if found else {}


def test_what_the_link_did_can_be_taken_back_from_the_same_page(newsroom: Newsroom) -> None:
    link = newsroom.link("fixed")
    undo = _undo_field(newsroom.client.post(link).get_data(as_text=True))
    assert newsroom.client.post(link, data=undo).status_code == 200
    assert newsroom.case().status == "new"
    assert newsroom.history()[-1] == ("undone", "desk@dala.example.kz", "mail")
    newsroom.client.post(link, data=undo)
    assert newsroom.case().status == "new"
    assert len(newsroom.history()) == 3


def test_undo_takes_back_nothing_that_a_colleague_has_done_since(newsroom: Newsroom) -> None:
    link = newsroom.link("accept")
    undo = _undo_field(newsroom.client.post(link).get_data(as_text=True))
    newsroom.move(status="fixed")
    newsroom.client.post(link, data=undo)
    assert newsroom.case().status == "fixed"


def test_a_later_look_offers_no_undo(newsroom: Newsroom) -> None:
    link = newsroom.link("accept")
    newsroom.client.post(link)
    assert _undo_field(newsroom.client.get(link).get_data(as_text=True)) == {}


def test_a_case_can_be_put_off_until_tomorrow(newsroom: Newsroom) -> None:
    link = newsroom.link("snooze")
    newsroom.client.post(link)
    until = newsroom.case().snoozed_until
    assert until is not None
    assert until.astimezone(ZoneInfo("Asia/Almaty")).hour == 9
    assert timedelta(0) < until - utcnow() < timedelta(hours=34)
    newsroom.client.post(link)
    assert newsroom.case().version == 2


def test_a_person_can_take_a_case_on_and_an_address_of_many_cannot(newsroom: Newsroom) -> None:
    newsroom.client.post(newsroom.link("mine"))
    assert newsroom.case().assignee_id is None
    newsroom.readdress("zhanar@dala.example.kz")
    newsroom.client.post(newsroom.link("mine"))
    assert newsroom.case().assignee_id is not None
    assert newsroom.history()[-1] == ("updated", "zhanar@dala.example.kz", "mail")


def test_who_took_a_case_on_keeps_it_and_is_named_to_the_next(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        site = session.get_one(Case, newsroom.case_id).site
        make_user(session, utcnow(), "aidar@dala.example.kz", site=site)
    newsroom.readdress("zhanar@dala.example.kz")
    done = newsroom.client.post(newsroom.link("mine") + "?lang=en")
    assert "Assigned to zhanar@dala.example.kz: by you" in _text(done.get_data(as_text=True))
    kept = newsroom.case().assignee_id
    newsroom.readdress("aidar@dala.example.kz")
    second = _text(newsroom.client.post(newsroom.link("mine") + "?lang=en").get_data(as_text=True))
    assert "Assigned to zhanar@dala.example.kz: by zhanar@dala.example.kz" in second
    assert newsroom.case().assignee_id == kept


def test_a_snooze_of_a_colleague_is_not_made_shorter(newsroom: Newsroom) -> None:
    until = utcnow() + timedelta(days=50)
    with newsroom.db.write() as session:
        change = triage.Change(snoozed_until=until)
        triage.move(session, newsroom.case_id, 1, change, DESK, utcnow(), newsroom.settings)
    answer = newsroom.client.post(newsroom.link("snooze")).get_data(as_text=True)
    assert re.search(r"Snoozed until .*: by zhanar@dala\.example\.kz", _text(answer))
    assert newsroom.case().snoozed_until == until


@pytest.mark.parametrize("verb", ["mine", "snooze"])
def test_a_step_that_no_status_tells_of_is_told_when_done_and_taken_back(
    newsroom: Newsroom, verb: actionlinks.Verb
) -> None:
    newsroom.readdress("zhanar@dala.example.kz")
    link = newsroom.link(verb) + "?lang=en"
    done = newsroom.client.post(link).get_data(as_text=True)
    assert "None" not in done
    assert "by you" in _text(done)
    taken_back = newsroom.client.post(link, data=_undo_field(done)).get_data(as_text=True)
    assert "Taken back: by you" in _text(taken_back)
    assert "used already" in _text(newsroom.client.get(link).get_data(as_text=True))


def test_a_link_does_nothing_for_a_person_who_may_not_decide_any_more(newsroom: Newsroom) -> None:
    newsroom.readdress("zhanar@dala.example.kz")
    with newsroom.db.write() as session:
        person = session.scalars(select(User).where(User.email == "zhanar@dala.example.kz")).one()
        person.memberships[0].role = "viewer"
    assert newsroom.client.post(newsroom.link("accept")).status_code == 404
    assert newsroom.case().status == "new"


def test_the_link_of_one_person_does_nothing_for_another_who_is_logged_in(
    newsroom: Newsroom,
) -> None:
    newsroom.readdress("zhanar@dala.example.kz")
    with newsroom.db.write() as session:
        make_user(session, utcnow(), "aidar@dala.example.kz")
        aidar = session.scalars(select(User).where(User.email == "aidar@dala.example.kz")).one()
        cookie = open_session(session, aidar.id, "", utcnow()).cookie
    newsroom.client.set_cookie("__Host-tuzet", cookie, domain="localhost", secure=True)
    link = newsroom.link("accept")
    shown = newsroom.client.get(f"{link}?lang=en", base_url="https://localhost")
    answer = newsroom.client.post(f"{link}?lang=en", base_url="https://localhost")
    assert (shown.status_code, answer.status_code) == (200, 403)
    for page in (shown.get_data(as_text=True), answer.get_data(as_text=True)):
        assert "sent to zhanar@dala.example.kz, and you are logged in as somebody else" in page
        assert "<button" not in page
    assert newsroom.case().status == "new"


def test_one_click_of_a_mail_program_ends_the_mails_and_an_administrator_hears(
    newsroom: Newsroom,
) -> None:
    with newsroom.db.write() as session:
        make_user(session, utcnow(), "admin@dala.example.kz", "admin")
    address = actionlinks.stop_address(newsroom.settings, newsroom.channel_id)
    path = address.removeprefix(newsroom.settings.base_url)
    assert newsroom.client.get(path).status_code == 200
    assert newsroom.client.head(path).status_code == 200
    assert newsroom.pending() == [("desk@dala.example.kz", "case.created")]
    one_click = {"List-Unsubscribe": "One-Click"}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert newsroom.client.post(path, data=one_click, headers=headers).status_code == 200
    assert newsroom.client.post(path, data=one_click).status_code == 200
    assert newsroom.pending() == [("admin@dala.example.kz", "channel.stopped")]
    sorted_case(newsroom.db, newsroom.settings, utcnow(), exact="арналған", suggestion="арналды")
    assert newsroom.pending() == [("admin@dala.example.kz", "channel.stopped")]


def test_a_dismissal_asks_for_the_reason(newsroom: Newsroom) -> None:
    link = newsroom.link("dismiss")
    assert newsroom.client.post(link).status_code == 422
    assert newsroom.client.post(link, data={"resolution": "boring"}).status_code == 422
    assert newsroom.case().status == "new"
    assert newsroom.client.post(link, data={"resolution": "opinion"}).status_code == 200
    case = newsroom.case()
    assert (case.status, case.resolution) == ("dismissed", "opinion")


@pytest.mark.parametrize(
    ("language", "button"), [("kk", "Қабылдау"), ("ru", "Принять"), ("en", "Accept")]
)
def test_it_speaks_three_languages(newsroom: Newsroom, language: str, button: str) -> None:
    page = newsroom.client.get(f"{newsroom.link('accept')}?lang={language}")
    assert f'lang="{language}"' in page.get_data(as_text=True)
    assert f">{button}</button>" in page.get_data(as_text=True)


def test_an_erased_report_shows_nothing(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        case = session.get_one(Case, newsroom.case_id)
        case.exact = case.prefix = case.suffix = ""
        case.suggestion = None
    page = newsroom.client.get(newsroom.link("accept")).get_data(as_text=True)
    assert "балалар" not in page
    assert "The reader has erased what they had sent." in page
