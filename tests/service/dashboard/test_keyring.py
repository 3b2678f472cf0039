"""A person's own ways in: sessions, and the tokens of their programs."""

from datetime import timedelta

from sqlalchemy import select

from core import tokens
from core.clock import utcnow
from core.models import DeskSession, Token, User
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person
from tests.service.dashboard.test_people import OWN, _at, _chosen, _with_password


def test_a_wrong_password_leaves_a_token_as_it_was_chosen(web: Web, editor: Person) -> None:
    _with_password(web, editor)
    fields = {"name": "Бот", "scope": "write", "lasts": "30"}
    wrong = editor.send("/profile/tokens", None, password="x" * 9, **fields)
    assert wrong.values("#token-name", "value") == ["Бот"]
    assert _chosen(wrong, "form[action$=tokens]") == ["write", "30"]
    assert "not your password" in _at(wrong, "token-password")
    nameless = editor.send("/profile/tokens", None, **{**fields, "name": " ", "password": OWN})
    assert (nameless.status, _chosen(nameless, "form[action$=tokens]")) == (422, ["write", "30"])
    assert "one line" in _at(nameless, "token-name")
    without = {"name": "Бот", "lasts": "", "password": "x" * 9}
    assert _chosen(editor.send("/profile/tokens", None, **without), "form[action$=tokens]") == [
        "read",
        "",
    ]


def test_sessions_are_seen_and_ended(web: Web, editor: Person, person: NewPerson) -> None:
    second = Person(web, editor.user)
    shown = editor.open("/profile/access")
    rows = "section[aria-labelledby=h-sessions] li"
    assert len(shown.page.css(rows)) == 2
    # words and button: what ends a session is never beside the screen of a phone
    assert [len(row.css("div, form")) for row in shown.page.css(rows)] == [2, 2]
    assert shown.texts(f"{rows} [lang=en]") == ["Firefox", "Firefox"]
    with web.db.read() as session:
        ids = {s.form_token: s.id for s in session.scalars(select(DeskSession))}
    other = person("editor", email="other@dala.example.kz")
    assert other.send(f"/profile/sessions/{ids[second.token]}/end").status == 404
    assert second.open("/queue").status == 200
    assert editor.send(f"/profile/sessions/{ids[second.token]}/end").status == 303
    assert second.open("/queue").status == 303
    third = Person(web, editor.user)
    editor.send("/profile/sessions/end")
    assert (third.open("/queue").status, editor.open("/queue").status) == (303, 200)


def test_a_token_is_made_shown_once_and_ended(web: Web, editor: Person) -> None:
    _with_password(web, editor)
    wrong = editor.send("/profile/tokens", name="Бот", scope="read", password="x" * 9)
    assert wrong.status == 403
    made = editor.send("/profile/tokens", name="Бот", scope="read", lasts="30", password=OWN)
    token = made.text("#made-token")
    assert token.startswith("tuzet_")
    assert token not in editor.open("/profile/access").text()
    headers, case = {"Authorization": f"Bearer {token}"}, web.case()
    assert web.client.get("/api/v1/cases", headers=headers).status_code == 200
    patched = web.client.patch(f"/api/v1/cases/{case.id}", headers=headers, json={"version": 1})
    assert patched.status_code == 403
    with web.db.read() as session:
        kept = session.scalars(select(Token)).one()
    other = f"/profile/tokens/{kept.id}/forget"
    assert editor.send(other).status == 303
    assert web.client.get("/api/v1/cases", headers=headers).status_code == 401


def test_a_token_ends_in_its_time(web: Web, editor: Person) -> None:
    now = utcnow()
    with web.db.write() as session:
        user = session.get_one(User, editor.user.id)
        token = tokens.add(session, user, "Бот", now, "write", timedelta(days=30))
    with web.db.read() as session:
        assert tokens.find(session, token, now + timedelta(days=29)) is not None
        assert tokens.find(session, token, now + timedelta(days=30)) is None
