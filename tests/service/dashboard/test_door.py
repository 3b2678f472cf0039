"""Coming in and going out."""

from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from core import accounts
from core.accounts.attempts import FROM_ONE_ADDRESS
from core.clock import utcnow
from core.models import User
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, COOKIE, NewPerson, Opened, Person

EMAIL, PASSWORD = "aigerim@dala.example.kz", "жеті қазына"


@pytest.fixture
def user(web: Web) -> User:
    with web.db.write() as session:
        return accounts.add_user(
            session, EMAIL, "Айгерім", PASSWORD, "editor", None, "kk", utcnow()
        )


def _log_in(web: Web, password: str = PASSWORD, path: str = "/login", **headers: str) -> Opened:
    door = Opened(web.client.get(path, base_url=BASE))
    (token,) = door.values("input[name=form_token]", "value")
    data = {"email": EMAIL, "password": password, "form_token": token}
    return Opened(web.client.post(path, base_url=BASE, data=data, headers=headers))


def _cookie(answer: TestResponse, name: str = COOKIE) -> str:
    return next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"{name}="))


def test_the_entrance_leads_to_the_log_in_and_then_to_the_queue(web: Web, user: User) -> None:
    assert web.client.get("/", base_url=BASE).headers["Location"] == "/login"
    come = _log_in(web)
    assert (come.status, come.address) == (303, "/queue")
    assert web.client.get("/", base_url=BASE).headers["Location"] == "/queue"
    assert web.client.get("/queue", base_url=BASE).status_code == 200


def test_the_cookie_is_for_this_host_and_for_no_script(web: Web, user: User) -> None:
    cookie = _cookie(_log_in(web).answer)
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_a_desk_without_https_has_a_plain_cookie(web: Web, user: User) -> None:
    http = "http://127.0.0.1:8000"
    object.__setattr__(web.settings, "base_url", http)
    door = Opened(web.client.get("/login", base_url=http))
    (token,) = door.values("input[name=form_token]", "value")
    data = {"email": EMAIL, "password": PASSWORD, "form_token": token}
    answer = web.client.post("/login", base_url=http, data=data)
    assert "Secure" not in _cookie(answer, "tuzet")
    assert web.client.get("/queue", base_url=http).status_code == 200


def test_a_wrong_password_is_told_with_the_tries_left(web: Web, user: User) -> None:
    refused = _log_in(web, "wrong", "/login?lang=en")
    assert refused.status == 403
    assert "4 more tries" in refused.text("[role=alert]")
    assert refused.values("#email", "value") == [EMAIL]


def test_too_many_tries_have_to_wait(web: Web, user: User) -> None:
    for _ in range(FROM_ONE_ADDRESS):
        _log_in(web, "wrong")
    refused = _log_in(web, path="/login?lang=ru")
    assert refused.status == 429
    assert 0 < int(refused.answer.headers["Retry-After"]) <= 600
    assert "10 минут" in refused.text("[role=alert]")


@pytest.mark.parametrize(("language", "word"), [("kk", "Кіру"), ("ru", "Войти"), ("en", "Log in")])
def test_the_language_can_be_chosen_at_the_door(
    web: Web, user: User, language: str, word: str
) -> None:
    path = f"/login?lang={language}"
    door = Opened(web.client.get(path, base_url=BASE))
    assert door.text("h1") == word
    assert door.values("html", "lang") == [language]
    _log_in(web, path=path)
    queue = Opened(web.client.get("/queue", base_url=BASE))
    assert queue.values("html", "lang") == [language]


def test_without_a_choice_the_desk_speaks_as_the_profile_says(web: Web, user: User) -> None:
    _log_in(web)
    assert Opened(web.client.get("/queue", base_url=BASE)).values("html", "lang") == ["kk"]


def test_who_followed_a_link_comes_out_there(web: Web, user: User) -> None:
    case = web.case()
    wanted = f"/cases/{case.id}"
    sent_away = web.client.get(wanted, base_url=BASE)
    assert _log_in(web, path=sent_away.headers["Location"]).address == wanted


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\r\nX: y",
    ],
)
def test_a_log_in_never_leads_to_another_site(web: Web, user: User, elsewhere: str) -> None:
    path = f"/login?{urlencode({'next': elsewhere})}"
    assert _log_in(web, path=path).address == "/queue"


def test_the_log_in_form_needs_its_token(web: Web, user: User) -> None:
    data = {"email": EMAIL, "password": PASSWORD}
    web.client.get("/login", base_url=BASE)
    for token in ("", "nonsense"):
        answer = web.client.post("/login", base_url=BASE, data={**data, "form_token": token})
        assert answer.status_code == 403


def test_logging_out_ends_the_session_and_keeps_the_language(editor: Person) -> None:
    assert editor.send("/logout").address == "/login?lang=en"
    assert editor.open("/queue").address == "/login?next=/queue"


def test_a_logged_in_person_is_not_asked_again(editor: Person) -> None:
    assert editor.open("/login").address == "/queue"


def test_somebody_without_any_role_is_refused(web: Web, person: NewPerson) -> None:
    someone = person("viewer")
    with web.db.write() as session:
        user = session.get_one(User, someone.user.id)
        user.memberships.clear()
    assert someone.open("/queue").status == 403


def test_who_is_led_to_the_log_in_hears_why(web: Web, user: User, editor: Person) -> None:
    assert web.client.get("/queue", base_url=BASE).headers["Location"] == "/login?next=/queue"
    _log_in(web)
    with web.db.write() as session:
        accounts.end_sessions(session, user.id)
    ended = web.client.get("/queue", base_url=BASE).headers["Location"]
    assert ended == "/login?next=/queue&told=ended"
    said = Opened(web.client.get(f"{ended}&lang=en", base_url=BASE)).text(".notice")
    assert said == "Your session has ended. Log in, and you come back to the page."
    here = {"Referer": f"{BASE}/queue"}
    unsaved = web.client.post("/queue", base_url=BASE, data={"do": "accept"}, headers=here)
    assert unsaved.headers["Location"] == "/login?next=/queue&told=unsaved"
    door = Opened(web.client.get("/login?told=unsaved&lang=en", base_url=BASE))
    assert "what you did last was not saved" in door.text(".notice.error")
    assert Opened(web.client.get("/login?told=nonsense", base_url=BASE)).texts(".notice") == []


def test_who_has_to_wait_is_not_told_that_the_password_is_wrong(web: Web, user: User) -> None:
    assert _log_in(web, "a guess").values("#password", "aria-invalid") == ["true"]
    for _ in range(FROM_ONE_ADDRESS):
        _log_in(web, "a guess")
    waits = _log_in(web, "a guess")
    assert (waits.status, waits.values("#password", "aria-invalid")) == (429, [""])
