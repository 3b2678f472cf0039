"""Coming in through an OpenID Connect provider: a real one on this machine, which can lie."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import accounts
from core.accounts.passwords import NO_PASSWORD
from core.clock import utcnow
from core.db import Database
from core.models import AdministrativeAct, DeskSession, User
from core.rights import rights_of
from core.settings import Provider
from tests.factories import make_user
from tests.servers.provider import CLIENT, SECRET, FakeProvider, provider
from tests.service.conftest import Web, make_web
from tests.service.dashboard.conftest import BASE, Opened

EMAIL = "aigerim@dala.example.kz"


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with provider() as running:
        running.claims = {"email": EMAIL, "email_verified": True, "name": "Айгерім Сәрсен"}
        yield running


@pytest.fixture
def web(db: Database, database_url: str, tmp_path: Path, fake: FakeProvider) -> Web:
    return _web(db, database_url, tmp_path, fake.issuer)


def _web(db: Database, url: str, folder: Path, issuer: str, **values: Any) -> Web:
    known = Provider(issuer, CLIENT, SECRET, "Dala SSO")
    near = {"private_networks": (ip_network("127.0.0.0/8"),)}
    return make_web(db, folder, url, rate_limits=False, provider=known, **{**near, **values})


@pytest.fixture
def user(web: Web) -> User:
    with web.db.write() as session:
        return make_user(session, utcnow(), EMAIL, "editor", web.site)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Let the test look where the browser is sent."""


def _at_the_provider(address: str) -> str:
    """Log in there; the path and query that the browser comes back with."""
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    with answer.value:
        back = urlsplit(answer.value.headers["Location"])
    assert f"{back.scheme}://{back.netloc}" == BASE
    return f"{back.path}?{back.query}"


def _leave(client: FlaskClient, path: str = "/login/provider") -> str:
    return client.get(path, base_url=BASE).headers["Location"]


def _come(client: FlaskClient, path: str = "/login/provider") -> Opened:
    back = _at_the_provider(_leave(client, path))
    return Opened(client.get(back, base_url=BASE))


def _is_in(client: FlaskClient) -> bool:
    return client.get("/queue", base_url=BASE).status_code == 200


def test_who_is_known_comes_in_and_goes_where_they_wanted(web: Web, user: User) -> None:
    door = Opened(web.client.get("/login?next=/keys&lang=kk", base_url=BASE))
    assert "Dala SSO арқылы кіру" in door.text("main")
    (address,) = [a for a in door.values("main a", "href") if "/login/provider" in a]
    assert _come(web.client, address).address == "/keys"
    page = Opened(web.client.get("/keys", base_url=BASE))
    assert (page.status, page.values("html", "lang")) == (200, ["kk"])
    with web.db.read() as session:
        assert session.scalars(select(DeskSession.way)).all() == ["provider"]


def test_an_address_of_other_case_is_the_same_person(
    web: Web, user: User, fake: FakeProvider
) -> None:
    fake.claims["email"] = EMAIL.upper()
    _come(web.client)
    assert _is_in(web.client)


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "of another log-in"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://elsewhere.example.kz"},
        {"exp": 1_700_000_000},
        {"iat": "yesterday"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": None},
        {"email": [EMAIL]},
    ],
    ids=str,
)
def test_what_does_not_fit_lets_nobody_in(
    web: Web, user: User, fake: FakeProvider, lie: dict[str, Any]
) -> None:
    fake.claims.update(lie)
    refused = _come(web.client)
    assert refused.status == 403
    assert refused.page.css_first("[role=alert]") is not None
    assert not _is_in(web.client)


def test_a_signature_of_somebody_else_lets_nobody_in(
    web: Web, user: User, fake: FakeProvider
) -> None:
    fake.signed_with = "stranger"
    assert _come(web.client).status == 403
    assert not _is_in(web.client)


def test_somebody_unknown_is_told_to_ask_for_an_invitation(web: Web, fake: FakeProvider) -> None:
    refused = _come(web.client, "/login/provider?lang=kk&next=/keys")
    assert (refused.status, refused.values("html", "lang")) == (403, ["kk"])
    (again,) = [a for a in refused.values("main a", "href") if "/login/provider" in a]
    assert parse_qs(urlsplit(again).query) == {"lang": ["kk"], "next": ["/keys"]}
    said = Opened(web.client.get("/login", base_url=BASE))
    assert EMAIL in refused.text("[role=alert]")
    assert EMAIL not in said.text()
    with web.db.read() as session:
        assert session.scalars(select(User)).all() == []


def test_an_answer_is_used_once(web: Web, user: User, fake: FakeProvider) -> None:
    back = _at_the_provider(_leave(web.client))
    cookie = web.client.get_cookie("__Host-tuzet-arrival", domain="tuzet.example.kz")
    assert cookie is not None
    assert web.client.get(back, base_url=BASE).headers["Location"] == "/queue"
    web.client.set_cookie(cookie.key, cookie.value, domain="tuzet.example.kz", secure=True)
    assert web.client.get(back, base_url=BASE).status_code == 400
    assert fake.token_calls == 1


def test_an_answer_for_another_browser_is_not_looked_at(
    web: Web, user: User, fake: FakeProvider
) -> None:
    back = _at_the_provider(_leave(web.client))
    other = web.app.test_client()
    assert other.get(back, base_url=BASE).status_code == 400  # has begun nothing
    _leave(other)
    assert other.get(back, base_url=BASE).status_code == 400  # has begun something else
    assert not _is_in(other)
    assert fake.token_calls == 0
    assert web.client.get(back, base_url=BASE).status_code == 303


def test_a_code_of_somebody_else_does_not_fit_the_verifier(web: Web, user: User) -> None:
    stolen = parse_qs(urlsplit(_at_the_provider(_leave(web.app.test_client()))).query)["code"][0]
    own = parse_qs(urlsplit(_leave(web.client)).query)["state"][0]
    query = urlencode({"code": stolen, "state": own})
    answer = web.client.get(f"/login/provider/back?{query}", base_url=BASE)
    assert answer.status_code == 502
    assert not _is_in(web.client)


@pytest.mark.parametrize("more", [{"error": "access_denied"}, {"code": "x", "iss": "https://e.kz"}])
def test_a_provider_that_says_no_is_told(web: Web, user: User, more: dict[str, str]) -> None:
    state = parse_qs(urlsplit(_leave(web.client)).query)["state"][0]
    query = urlencode({"state": state, **more})
    assert web.client.get(f"/login/provider/back?{query}", base_url=BASE).status_code == 403


def test_a_provider_that_is_away_leaves_the_password(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    with provider() as gone:
        issuer = gone.issuer
    web = _web(db, database_url, tmp_path, issuer)
    told = Opened(web.client.get("/login/provider", base_url=BASE))
    assert told.status == 502
    assert told.page.css_first("#password") is not None
    assert SECRET not in told.text()


def test_nobody_sends_us_to_the_provider_without_end(
    web: Web, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.accounts.attempts.DEPARTURES", 2)
    sent = [web.client.get("/login/provider", base_url=BASE) for _ in range(3)]
    assert [answer.status_code for answer in sent] == [303, 303, 429]
    assert int(sent[-1].headers["Retry-After"]) > 0


def test_a_provider_that_names_another_issuer_is_not_asked(web: Web, fake: FakeProvider) -> None:
    fake.says_issuer = "https://elsewhere.example.kz"
    assert web.client.get("/login/provider", base_url=BASE).status_code == 502


def test_a_private_address_needs_the_operators_word(
    db: Database, database_url: str, tmp_path: Path, fake: FakeProvider
) -> None:
    web = _web(db, database_url, tmp_path, fake.issuer, private_networks=())
    assert web.client.get("/login/provider", base_url=BASE).status_code == 502


def test_a_second_step_is_owed_after_the_provider_too(web: Web, user: User) -> None:
    key = web.settings.secret_key
    with web.db.write() as session:
        secret = accounts.begin_setup(session, user, key, utcnow()).secret
        device = pyotp.TOTP(secret)
        before = device.generate_otp(device.timecode(utcnow()) - 1)
        accounts.turn_on(session, user, before, "", key, utcnow())
    half = _come(web.client)
    assert half.address == "/login/code"
    assert not _is_in(web.client)
    form = Opened(web.client.get("/login/code", base_url=BASE))
    (token,) = form.values("[name=form_token]", "value")
    fields = {"form_token": token, "code": device.now()}
    assert web.client.post("/login/code", base_url=BASE, data=fields).status_code == 303
    assert _is_in(web.client)


@pytest.fixture
def invited(web: Web) -> str:
    """The path of an invitation to the person whom the provider knows."""
    with web.db.write() as session:
        admin = make_user(session, utcnow(), "chief@dala.example.kz", "admin", web.site)
        rights = rights_of(admin)
        _, secret = accounts.invite(session, EMAIL, "viewer", "dala", admin, rights, utcnow())
    return f"/join/{secret}"


def test_an_invitation_is_completed_through_the_provider(web: Web, invited: str) -> None:
    door = Opened(web.client.get(f"{invited}?lang=ru", base_url=BASE))
    assert "Присоединиться через Dala SSO" in door.text("main")
    assert _come(web.client, f"{invited}/provider?lang=ru").address == "/queue"
    assert _is_in(web.client)
    with web.db.read() as session:
        user = session.scalars(select(User).where(User.email == EMAIL)).one()
        assert (user.name, user.language) == ("Айгерім Сәрсен", "ru")
        assert user.password_hash == NO_PASSWORD
        assert [m.role for m in user.memberships] == ["viewer"]
        assert session.scalars(select(AdministrativeAct.act)).all() == ["invited", "joined"]
    assert web.client.get(invited, base_url=BASE).status_code == 404


def test_an_invitation_of_somebody_else_does_not_help(
    web: Web, invited: str, fake: FakeProvider
) -> None:
    fake.claims["email"] = "other@dala.example.kz"
    assert _come(web.client, f"{invited}/provider").status == 403
    assert web.client.get(invited, base_url=BASE).status_code == 200


def test_who_has_no_password_yet_chooses_one_right_after_coming_in(web: Web, invited: str) -> None:
    _come(web.client, f"{invited}/provider?lang=en")
    profile = Opened(web.client.get("/profile", base_url=BASE))
    assert profile.page.css_first("#old") is None
    (token, *_) = profile.values("[name=form_token]", "value")
    fields = {"form_token": token, "new": "жеті қазына тоғыз"}
    with web.db.write() as session:  # who came in long ago has to come in anew
        row = session.scalars(select(DeskSession)).one()
        row.created_at -= accounts.arrivals.FRESH
    late = web.client.post("/profile/password", base_url=BASE, data=fields)
    assert late.status_code == 403
    with web.db.write() as session:
        session.scalars(select(DeskSession)).one().created_at = utcnow()
    assert web.client.post("/profile/password", base_url=BASE, data=fields).status_code == 303
    come = accounts.log_in(web.db, EMAIL, "жеті қазына тоғыз", "192.0.2.1", "", utcnow())
    assert isinstance(come, accounts.LoggedIn)
    again = Opened(web.client.post("/profile/password", base_url=BASE, data=fields))
    assert again.values("#old", "aria-invalid") == ["true"]  # from now on it is asked for


def test_without_a_provider_there_is_no_such_door(sqlite_web: Web) -> None:
    assert sqlite_web.client.get("/login/provider", base_url=BASE).status_code == 404
    assert "/login/provider" not in sqlite_web.client.get("/login", base_url=BASE).text
