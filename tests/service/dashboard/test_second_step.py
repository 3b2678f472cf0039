"""The second step on the desk: set up, asked for at the door, reset by an administrator."""

from html import unescape

import pyotp
import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from core.accounts.passwords import hashed
from core.clock import utcnow
from core.models import AdministrativeAct, User
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, NewPerson, Opened, Person

OWN = "жеті қазына тоғыз"


@pytest.fixture
def someone(web: Web, editor: Person) -> Person:
    """An editor with a password."""
    return _with_password(web, editor)


def _with_password(web: Web, person: Person) -> Person:
    with web.db.write() as session:
        session.get_one(User, person.user.id).password_hash = hashed(OWN)
    return person


def _turn_on(someone: Person) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    shown = someone.send("/profile/second-step/begin", password=OWN)
    secret = shown.text("#secret").replace(" ", "")
    done = someone.send("/profile/second-step/on", code=_earlier(secret))
    assert done.status == 200
    return secret, done.texts(".codes li")


def _earlier(secret: str) -> str:
    """The code of half a minute ago, so that the one of now is still to be used."""
    device = pyotp.TOTP(secret)
    return device.generate_otp(device.timecode(utcnow()) - 1)


def _door(client: FlaskClient, path: str, **fields: str) -> Opened:
    form = client.get(path, base_url=BASE)
    (token,) = Opened(form).values("[name=form_token]", "value")[:1]
    return Opened(client.post(path, base_url=BASE, data={"form_token": token, **fields}))


def _first_step(web: Web, someone: Person, path: str = "/login") -> tuple[FlaskClient, Opened]:
    client = web.app.test_client()
    return client, _door(client, path, email=someone.user.email, password=OWN)


def test_it_is_set_up_with_password_picture_and_first_code(web: Web, someone: Person) -> None:
    assert someone.send("/profile/second-step/begin", password="a guess").status == 403
    shown = someone.send("/profile/second-step/begin", password=OWN)
    secret = shown.text("#secret").replace(" ", "")
    assert shown.page.css_first(".qr svg path") is not None
    wrong = someone.send("/profile/second-step/on", code="12")
    assert wrong.status == 422
    assert wrong.text("#secret").replace(" ", "") == secret  # still there to be scanned
    done = someone.send("/profile/second-step/on", code=pyotp.TOTP(secret).now())
    codes = done.texts(".codes li")
    assert len(codes) == 10
    page = someone.open("/profile/second-step").answer.get_data(as_text=True)
    assert secret not in page
    assert codes[0] not in page


def test_the_door_asks_for_a_code_and_then_leads_where_one_wanted(
    web: Web, someone: Person
) -> None:
    secret, codes = _turn_on(someone)
    client, half = _first_step(web, someone, "/login?next=/keys&lang=kk")
    assert half.address.startswith("/login/code?")
    assert client.get("/queue", base_url=BASE).status_code == 303
    refused = _door(client, half.address, code="nonsense")
    assert refused.status == 403
    assert "Тағы 4 рет" in refused.text("[role=alert]")
    come = _door(client, half.address, code=pyotp.TOTP(secret).now())
    assert come.address == "/keys"
    page = Opened(client.get("/keys", base_url=BASE))
    assert (page.status, page.values("html", "lang")) == (200, ["kk"])
    again, half = _first_step(web, someone)
    assert _door(again, half.address, code=codes[0]).address == "/queue"


def test_without_the_first_step_there_is_no_second(web: Web, someone: Person) -> None:
    _turn_on(someone)
    client = web.app.test_client()
    assert client.get("/login/code", base_url=BASE).headers["Location"] == "/login"
    door = client.get("/login", base_url=BASE)
    (token,) = Opened(door).values("[name=form_token]", "value")
    sent = client.post("/login/code", base_url=BASE, data={"form_token": token, "code": "000000"})
    assert sent.headers["Location"] == "/login"


def test_too_many_codes_make_one_wait(web: Web, someone: Person) -> None:
    _turn_on(someone)
    client, half = _first_step(web, someone)
    for _ in range(5):
        assert _door(client, half.address, code="x").status == 403
    waiting = _door(client, half.address, code="x")
    assert waiting.status == 429
    assert int(waiting.answer.headers["Retry-After"]) > 0


def test_new_codes_and_turning_off_ask_for_the_password(web: Web, someone: Person) -> None:
    _, codes = _turn_on(someone)
    for action in ("codes", "off"):
        assert someone.send(f"/profile/second-step/{action}", password="a guess").status == 403
        assert someone.send(f"/profile/second-step/{action}").status == 422
    fresh = someone.send("/profile/second-step/codes", password=OWN).texts(".codes li")
    assert set(fresh).isdisjoint(codes)
    off = someone.send("/profile/second-step/off", password=OWN)
    assert off.address == "/profile/second-step?done=off"
    assert _first_step(web, someone)[1].address == "/queue"
    with web.db.read() as session:
        acts = list(session.scalars(select(AdministrativeAct.act).order_by(AdministrativeAct.id)))
    assert acts == ["second step on", "recovery codes", "second step off"]


def test_a_form_that_came_too_late_is_told(web: Web, someone: Person) -> None:
    assert someone.send("/profile/second-step/on", code="123456").status == 409
    assert someone.send("/profile/second-step/codes", password=OWN).status == 409
    _turn_on(someone)
    assert someone.send("/profile/second-step/begin", password=OWN).status == 409


def test_an_administrator_resets_it_for_who_has_lost_everything(
    web: Web, someone: Person, person: NewPerson
) -> None:
    _turn_on(someone)
    admin = _with_password(web, person("admin"))
    address = f"/people/{someone.user.id}/second-step/reset"
    assert f'action="{address}"' in unescape(admin.open("/people").answer.get_data(as_text=True))
    assert admin.send(address, password="a guess").status == 403
    assert admin.send(address, password=OWN).address == "/people?done=reset"
    assert someone.open("/queue").status == 303  # has to log in anew
    assert _first_step(web, someone)[1].address == "/queue"
    with web.db.read() as session:
        last = session.scalars(select(AdministrativeAct).order_by(AdministrativeAct.id)).all()[-1]
    assert (last.act, last.actor) == ("second step reset", admin.user.email)


def test_nobody_resets_it_for_who_may_do_more(web: Web, person: NewPerson) -> None:
    owner = _with_password(web, person("owner"))
    admin = _with_password(web, person("admin"))
    _turn_on(owner)
    address = f"/people/{owner.user.id}/second-step/reset"
    assert admin.send(address, password=OWN).status == 404
    with web.db.write() as session:
        session.get_one(User, admin.user.id).memberships[0].site_id = None
    assert admin.send(address, password=OWN).status == 403
    assert "second-step/reset" not in admin.open("/people").answer.get_data(as_text=True)


@pytest.mark.parametrize(("language", "word"), [("kk", "Екінші қадам"), ("ru", "Второй шаг")])
def test_the_door_speaks_ones_language(web: Web, someone: Person, language: str, word: str) -> None:
    _turn_on(someone)
    client, half = _first_step(web, someone, f"/login?lang={language}")
    page = LexborHTMLParser(client.get(half.address, base_url=BASE).text)
    heading = page.css_first("h1")
    assert heading is not None
    assert heading.text() == word
