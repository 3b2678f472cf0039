"""People, roles, invitations, sessions, tokens, and the book of what administrators did."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import tokens
from core.accounts.audit import note_act
from core.accounts.passwords import hashed
from core.clock import utcnow
from core.models import AdministrativeAct, DeskSession, Site, User
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, NewPerson, Opened, Person

OWN = "жеті қазына тоғыз"
_ROUNDABOUT = {
    "postgresql": ["TRUNCATE administrative_act", "TRUNCATE administrative_act RESTART IDENTITY"],
    "sqlite": [
        "REPLACE INTO administrative_act SELECT * FROM administrative_act",
        "UPDATE OR REPLACE administrative_act SET actor = 'x'",
    ],
}


@pytest.fixture
def admin(web: Web, person: NewPerson) -> Person:
    """An administrator of the one site, with a password."""
    return _with_password(web, person("admin", email="admin@dala.example.kz"))


@pytest.fixture
def owner(web: Web, person: NewPerson) -> Person:
    """The owner of the whole installation."""
    return _with_password(web, person("owner", email="owner@dala.example.kz"))


def _with_password(web: Web, someone: Person) -> Person:
    with web.db.write() as session:
        session.get_one(User, someone.user.id).password_hash = hashed(OWN)
    return someone


def _mail(web: Web) -> EmailMessage:
    (mail,) = web.settings.mail_folder.glob("*.eml")
    return message_from_bytes(mail.read_bytes(), EmailMessage, policy=policy.default)


def _link(web: Web) -> str:
    """The address in the newest mail."""
    body = _mail(web).get_body(("plain",))
    assert body is not None
    found = re.search(r"https://\S+/join/\S+", body.get_content())
    assert found is not None
    return found[0].removeprefix(BASE)


def _roles(web: Web, email: str) -> list[tuple[int | None, str]]:
    with web.db.read() as session:
        user = session.scalars(select(User).where(User.email == email)).one()
        return [(m.site_id, m.held) for m in user.memberships]


def test_somebody_invited_joins_by_the_link_in_the_mail(web: Web, admin: Person) -> None:
    sent = admin.send(
        "/people/invite", email="New@dala.example.kz", role="editor", site="dala", password=OWN
    )
    assert sent.address == "/people?done=invited"
    guest = web.app.test_client()
    link = _link(web)
    form = guest.get(link, base_url=BASE)
    token = re.search(r'name="form_token" value="([^"]+)"', form.text)
    assert token is not None
    fields = {"form_token": token[1], "name": "Жаңа", "language": "kk"}
    weak = guest.post(link, base_url=BASE, data={**fields, "password": "қазақстан"})
    assert weak.status_code == 422
    done = guest.post(link, base_url=BASE, data={**fields, "password": "төрт түлік мал"})
    assert done.status_code == 303
    assert _roles(web, "new@dala.example.kz") == [(web.site.id, "editor")]
    assert guest.get(link, base_url=BASE).status_code == 404
    with web.db.read() as session:
        acts = [(a.act, a.actor) for a in session.scalars(select(AdministrativeAct))]
    assert acts == [
        ("invited", "admin@dala.example.kz"),
        ("joined", "new@dala.example.kz"),
    ]


def test_an_invitation_speaks_the_language_of_its_site_and_a_line_of_the_others(
    web: Web, admin: Person
) -> None:
    with web.db.write() as session:
        site = session.get_one(Site, web.site.id)
        site.languages = ["ru", "kk"]
    admin.send("/people/invite", email="a@b.kz", role="viewer", site="dala", password=OWN)
    mail = _mail(web)
    body = mail.get_body(("html",))
    assert body is not None
    html = body.get_content()
    assert mail["Content-Language"] == "ru"
    assert "приглашает вас" in mail["Subject"]
    assert '<html lang="ru">' in html
    assert re.findall(r'<p lang="(\w+)"', html) == ["kk", "en"]
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html
    assert html.count(f'href="{BASE}{_link(web)}"') == 4


def test_an_invitation_can_be_withdrawn(web: Web, admin: Person) -> None:
    admin.send("/people/invite", email="a@b.kz", role="viewer", site="dala", password=OWN)
    link = _link(web)
    assert admin.send("/invitations/1/withdraw").status == 303
    assert web.app.test_client().get(link, base_url=BASE).status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"password": "wrong"}, 403),
        ({"email": "admin@dala.example.kz"}, 409),
        ({"email": "none"}, 422),
        ({"role": "king"}, 422),
        ({"site": "tan"}, 404),
        ({"site": "*"}, 403),
    ],
)
def test_an_invitation_that_may_not_be_is_refused(
    web: Web, admin: Person, fields: dict[str, str], status: int
) -> None:
    web.other_site()
    wanted = {"email": "a@b.kz", "role": "editor", "site": "dala", "password": OWN, **fields}
    assert admin.send("/people/invite", None, **wanted).status == status
    assert list(web.settings.mail_folder.glob("*.eml")) == []


def test_a_role_is_changed_by_who_says_the_password_again(
    web: Web, admin: Person, editor: Person
) -> None:
    address = f"/people/{editor.user.id}/role"
    assert admin.send(address, site="dala", role="viewer", password="x" * 9).status == 403
    assert _roles(web, editor.user.email) == [(web.site.id, "editor")]
    assert admin.send(address, site="dala", role="viewer", password=OWN).status == 303
    assert _roles(web, editor.user.email) == [(web.site.id, "viewer")]
    assert editor.open("/queue").status == 303  # has to log in anew
    assert admin.send(address, site="dala", role="", password=OWN).status == 303
    assert _roles(web, editor.user.email) == []
    assert "viewer" not in admin.open("/people").text("h1")


def _chosen(opened: Opened, form: str) -> list[str]:
    """What is chosen in a form's lists and options."""
    return opened.values(f"{form} option[selected], {form} input[checked]", "value")


def _at(opened: Opened, field: str) -> str:
    """What is said at a field that is wrong."""
    assert opened.values(f"#{field}", "aria-invalid") == ["true"]
    (described,) = opened.values(f"#{field}", "aria-describedby")
    return opened.text(f"#{described}")


def test_a_wrong_password_leaves_an_invitation_as_it_was_typed(web: Web, owner: Person) -> None:
    web.other_site()
    fields = {"email": "a@b.kz", "role": "viewer", "site": "tan"}
    wrong = owner.send("/people/invite", None, password="x" * 9, **fields)
    assert wrong.values("#invite-email", "value") == ["a@b.kz"]
    assert _chosen(wrong, "form[action$=invite]") == ["tan", "viewer"]
    assert _at(wrong, "invite-password") == "This is not your password. Nothing was changed."
    assert wrong.values("#invite-password", "value") == [""]
    assert owner.send("/people/invite", None, **fields).status == 422
    assert wrong.page.css_first(".panel details[open]") is None


def test_a_wrong_password_leaves_a_role_as_it_was_chosen(
    web: Web, owner: Person, editor: Person
) -> None:
    web.other_site()
    address = f"/people/{editor.user.id}/role"
    wrong = owner.send(address, site="tan", role="admin", password="x" * 9)
    assert _chosen(wrong, f"form[action='{address}']") == ["tan", "admin"]
    assert wrong.texts(".panel details[open] summary .address") == [editor.user.email]
    assert "not your password" in _at(wrong, f"role-password-{editor.user.id}")
    assert len(wrong.page.css("main [aria-invalid]")) == 1
    for _ in range(5):
        wrong = owner.send(address, site="*", role="", password="x" * 9)
    assert wrong.status == 429
    assert "Too many tries" in _at(wrong, f"role-password-{editor.user.id}")
    assert _chosen(wrong, f"form[action='{address}']") == ["*"]


def test_each_conflict_says_what_it_is(owner: Person, editor: Person) -> None:
    own = f"/people/{owner.user.id}/role"
    last = owner.send(own, site="*", role="editor", password=OWN)
    assert "only owner" in _at(last, f"role-{owner.user.id}")
    fields = {"email": editor.user.email, "role": "admin", "site": "dala", "password": OWN}
    there = owner.send("/people/invite", None, **fields)
    assert there.status == 409
    assert "has a role on this site already" in _at(there, "invite-email")


def test_the_page_of_people_holds_somebody_without_any_role(owner: Person, editor: Person) -> None:
    owner.send(f"/people/{editor.user.id}/role", site="dala", role="", password=OWN)
    page = owner.open("/people")
    assert page.status == 200
    assert editor.user.email in page.text("section[aria-labelledby=h-people]")


def test_an_administrator_of_a_site_reaches_no_further(
    web: Web, admin: Person, owner: Person, person: NewPerson
) -> None:
    foreign = person("editor", web.other_site(), email="foreign@tan.example.kz")
    for someone in (foreign, owner):
        sent = admin.send(
            f"/people/{someone.user.id}/role", site="dala", role="admin", password=OWN
        )
        assert sent.status == 404
    own = f"/people/{admin.user.id}/role"
    assert admin.send(own, site="*", role="admin", password=OWN).status == 403
    assert admin.send(own, site="tan", role="admin", password=OWN).status == 422
    listed = admin.open("/people").text("main")
    assert "foreign@tan" not in listed


def test_somebody_always_remains_to_administer_all(web: Web, owner: Person) -> None:
    own = f"/people/{owner.user.id}/role"
    assert owner.send(own, site="*", role="editor", password=OWN).status == 409
    assert _roles(web, owner.user.email) == [(None, "owner")]


def test_an_owner_makes_owners_and_nobody_else_does(
    web: Web, owner: Person, person: NewPerson
) -> None:
    everywhere = _with_password(web, person("admin", email="all@dala.example.kz"))
    with web.db.write() as session:
        session.get_one(User, everywhere.user.id).memberships[0].site_id = None
    fields = {"site": "*", "role": "owner", "password": OWN}
    address = f"/people/{everywhere.user.id}/role"
    assert everywhere.send(address, None, **fields).status == 403
    assert "owner" not in everywhere.open("/people").values("select[name=role] option", "value")
    assert "owner" in owner.open("/people").values("select[name=role] option", "value")
    assert owner.send(address, None, **fields).status == 303
    assert _roles(web, "all@dala.example.kz") == [(None, "owner")]


def test_the_book_is_only_added_to(web: Web, admin: Person) -> None:
    admin.send("/people/invite", email="a@b.kz", role="viewer", site="dala", password=OWN)
    assert "a@b.kz" in admin.open("/people").text("section[aria-labelledby=h-acts]")
    for statement in (
        "UPDATE administrative_act SET actor = 'x'",
        "DELETE FROM administrative_act",
        *_ROUNDABOUT[web.db.engine.dialect.name],
    ):
        with pytest.raises(DBAPIError, match="only added"), web.db.write() as session:
            session.execute(text(statement))
    admin.send("/people/invite", email="b@b.kz", role="viewer", site="dala", password=OWN)
    assert "a@b.kz" in admin.open("/people").text("section[aria-labelledby=h-acts]")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_page_of_people_speaks_ones_language(web: Web, admin: Person, language: str) -> None:
    admin.send("/profile", name="Әкімші", language=language, theme="auto")
    admin.send("/people/invite", email="a@b.kz", role="viewer", site="dala", password=OWN)
    page = admin.open("/people?done=role").page
    for node in page.css(
        "kbd, .code, .address, .brand, .nav, option[value], td:first-child, summary, .stack .meta"
    ):
        node.decompose()
    assert page.body is not None
    assert set(re.findall(r"[A-Za-z]{2,}", page.body.text())) <= {"mail", "kk"}


@pytest.mark.parametrize(
    "password",
    ["password", "Password1!", "12345678", "йцукенгш", "қазақстан", "aaaaaaaaaa", "abcdabcd"],
)
def test_what_everybody_tries_first_is_no_password(web: Web, editor: Person, password: str) -> None:
    _with_password(web, editor)
    assert editor.send("/profile/password", old=OWN, new=password).status == 422
    assert editor.send("/profile/password", old=OWN, new=editor.user.email).status == 422


@pytest.mark.parametrize("role", ["admin", "owner"])
def test_times_are_those_of_the_newsroom(web: Web, person: NewPerson, role: str) -> None:
    someone = person(role)
    midnight = utcnow().replace(month=1, day=2, hour=19, minute=30)  # 00:30 of the next day there
    with web.db.write() as session:
        session.get_one(Site, web.site.id).timezone = "Asia/Almaty"
        session.scalars(select(DeskSession)).one().created_at = midnight
        note_act(session, "a@b.kz", "site", "Дала үні", web.site.id, midnight)
        user = session.get_one(User, someone.user.id)
        tokens.add(session, user, "Бот", midnight, "read", timedelta(days=365))
    for path in ("/people", "/audit", "/profile/access"):
        shown = someone.open(path).texts("main time")
        assert any("3 Jan" in text and "00:30" in text for text in shown), path
