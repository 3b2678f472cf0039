"""Where the link of an invitation leads: who has a log-in, who has none, who comes too late."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.accounts.passwords import hashed
from core.clock import utcnow
from core.models import Invitation, Site, User
from core.rights import rights_of
from tests.factories import make_user
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, NewPerson, Opened, Person

OWN, EMAIL = "жеті қазына тоғыз", "known@tan.example.kz"


@pytest.fixture
def admin(web: Web, person: NewPerson) -> Person:
    """An administrator of the one site, with a password."""
    come = person("admin")
    with web.db.write() as session:
        session.get_one(User, come.user.id).password_hash = hashed(OWN)
    return come


@pytest.fixture
def known(web: Web) -> User:
    """An editor of the other site, with a password."""
    other = web.other_site()
    with web.db.write() as session:
        user = make_user(session, utcnow(), EMAIL, "editor", session.get_one(Site, other.id))
        user.password_hash, user.language = hashed(OWN), "en"
        return user


def _invite(admin: Person, email: str = EMAIL) -> Opened:
    fields = {"email": email, "role": "viewer", "site": "dala", "password": OWN}
    return admin.send("/people/invite", None, **fields)


def _mails(web: Web) -> dict[str, str]:
    """What was sent, by recipient."""
    found = {}
    for path in web.settings.mail_folder.glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found[str(message["To"])] = body.get_content()
    return found


def _link(text: str) -> str:
    found = re.search(rf"{BASE}(/join/\S+)", text)
    assert found is not None
    return found[1]


def _get(client: FlaskClient, path: str) -> Opened:
    return Opened(client.get(path, base_url=BASE))


def _post(client: FlaskClient, of: Opened, form: str, **fields: str) -> Opened:
    """Send a form of a page as it stands there."""
    (action,) = of.values(form, "action")
    names = of.values(f"{form} input[type=hidden]", "name")
    there = dict(zip(names, of.values(f"{form} input[type=hidden]", "value"), strict=True))
    return Opened(client.post(action, base_url=BASE, data={**there, **fields}))


def _sites(web: Web, email: str) -> int:
    with web.db.read() as session:
        rights = rights_of(session.scalars(select(User).where(User.email == email)).one())
    return len(rights.by_site)


def test_who_invites_does_not_learn_who_has_a_log_in(web: Web, admin: Person, known: User) -> None:
    answers = [_invite(admin, email) for email in (known.email, "new@tan.example.kz")]
    assert [(sent.status, sent.address) for sent in answers] == [
        (303, "/people?done=invited"),
    ] * 2
    mails = _mails(web)
    said = {text.replace(_link(text), "") for text in mails.values()}
    assert (sorted(mails), len(said)) == ([known.email, "new@tan.example.kz"], 1)
    listed = [
        text
        for text in admin.open("/people").texts("[aria-labelledby=h-invited] li")
        if "@tan" in text
    ]
    first, second = sorted(text.replace("known", "").replace("new", "") for text in listed)
    assert first == second
    assert known.email not in admin.open("/people").texts("section[aria-labelledby=h-people] td")


def test_who_has_a_log_in_gains_the_role_by_logging_in(
    web: Web, admin: Person, known: User
) -> None:
    _invite(admin)
    link, guest = _link(_mails(web)[EMAIL]), web.app.test_client()
    asked = _get(guest, link)
    assert asked.page.css_first("#password") is None
    door = _get(guest, asked.values("main a.main-action", "href")[0])
    come = _post(guest, door, "main form", email=EMAIL, password=OWN)
    assert come.address == link
    offered = _get(guest, link)
    assert _sites(web, EMAIL) == 1  # to look changes nothing
    assert _post(guest, offered, "main form").address == "/queue"
    assert _sites(web, EMAIL) == 2
    assert EMAIL in admin.open("/people").texts("section[aria-labelledby=h-people] td")
    assert _get(guest, "/profile").values("html", "lang") == ["en"]
    again = _get(guest, link)
    assert (again.status, again.values("main a.main-action", "href")) == (404, ["/queue"])


def test_who_is_logged_in_as_somebody_else_is_led_to_the_right_log_in(
    web: Web, admin: Person, known: User
) -> None:
    _invite(admin)
    link = _link(_mails(web)[EMAIL])
    asked = admin.open(link)
    assert admin.user.email in asked.text("main")
    taken = admin.send(link, own="1")
    assert (taken.status, _sites(web, EMAIL)) == (403, 1)
    (leave,) = asked.values("main form", "action")
    door = admin.send(leave)
    assert "next=/join/" in door.address
    assert admin.open(door.address).values("h1", "id") is not None


def test_nobody_makes_a_second_log_in_for_an_address(web: Web, admin: Person, known: User) -> None:
    _invite(admin)
    link, guest = _link(_mails(web)[EMAIL]), web.app.test_client()
    token = _get(guest, "/login").values("[name=form_token]", "value")[0]
    fields = {"form_token": token, "name": "Бөтен", "password": "төрт түлік мал"}
    answer = Opened(guest.post(link, base_url=BASE, data=fields))
    assert (answer.status, answer.page.css_first("#password")) == (409, None)
    with web.db.read() as session:
        assert session.get_one(User, known.id).name == "known"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "does not work any more"), ("kk", "енді жарамайды"), ("ru", "больше не действует")],
)
def test_an_invitation_that_is_over_says_so_and_what_to_do(
    web: Web, admin: Person, language: str, said: str
) -> None:
    _invite(admin)
    with web.db.write() as session:
        session.scalars(select(Invitation)).one().expires_at = utcnow() - timedelta(seconds=1)
    link, guest = _link(_mails(web)[EMAIL]), web.app.test_client()
    for path in (link, "/join/never-was"):
        told = _get(guest, f"{path}?lang={language}")
        assert (told.status, said in told.text("h1")) == (404, True)
        (onward,) = told.values("main a.main-action", "href")
        assert onward.startswith("/login")
    token = _get(guest, "/login").values("[name=form_token]", "value")[0]
    fields = {"form_token": token, "name": "А", "password": OWN}
    late = Opened(guest.post(f"{link}?lang={language}", base_url=BASE, data=fields))
    assert (late.status, said in late.text("h1")) == (404, True)


def test_an_invitation_says_to_what_and_who_has_joined_hears_it(web: Web, admin: Person) -> None:
    _invite(admin, "new@dala.example.kz")
    client, link = web.app.test_client(), _link(_mails(web)["new@dala.example.kz"])
    door = _get(client, f"{link}?lang=en")
    assert "Viewer, Дала үні" in door.text("main")
    nameless = _post(client, door, "form", name="a" * 101, password=OWN)
    assert "at most 100 characters" in nameless.text("#name-wrong")
    joined = _post(client, door, "form", name="Жанар", password=OWN)
    assert "You have joined." in _get(client, joined.address).text(".notice.good")
