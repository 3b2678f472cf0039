"""A person's own settings."""

import pytest

from core import accounts
from core.accounts.passwords import hashed
from core.clock import utcnow
from core.models import User
from tests.service.conftest import Web
from tests.service.dashboard.conftest import Person

OLD, NEW = "жеті қазына", "a longer password"


@pytest.fixture
def web(sqlite_web: Web) -> Web:
    """No database makes a difference here."""
    return sqlite_web


@pytest.fixture
def someone(web: Web, editor: Person) -> Person:
    """An editor with a password."""
    with web.db.write() as session:
        session.get_one(User, editor.user.id).password_hash = hashed(OLD)
    return editor


def test_language_and_theme_hold_on_every_page(editor: Person) -> None:
    sent = editor.send("/profile", name="Айгерім", language="ru", theme="dark")
    assert editor.open(sent.address).text(".notice.good") == "Сохранено"
    queue = editor.open("/queue")
    assert queue.values("html", "lang") == ["ru"]
    assert queue.values("html", "data-theme") == ["dark"]
    assert "Айгерім" in queue.text(".rail")


@pytest.mark.parametrize("fields", [{"language": "tlh"}, {"theme": "pink"}, {"name": " "}])
def test_what_the_desk_does_not_know_is_refused(editor: Person, fields: dict[str, str]) -> None:
    assert editor.send("/profile", None, **fields).status == 422
    assert editor.open("/queue").values("html", "lang") == ["en"]


def test_a_name_that_cannot_be_leaves_the_rest_as_it_was_chosen(editor: Person) -> None:
    refused = editor.send("/profile", name="x" * 101, language="ru", theme="dark")
    assert refused.values("#name", "value") == ["x" * 101]
    assert "at most 100" in refused.text("#name-wrong")
    assert refused.values("[name=language][checked]", "value") == ["ru"]
    assert refused.values("[name=theme][checked]", "value") == ["dark"]


def test_a_new_password_ends_the_other_log_ins(web: Web, someone: Person) -> None:
    elsewhere = Person(web, someone.user)
    sent = someone.send("/profile/password", old=OLD, new=NEW)
    assert someone.open(sent.address).page.css_first(".notice.good") is not None
    assert elsewhere.open("/queue").status == 303
    come = accounts.log_in(web.db, someone.user.email, NEW, "192.0.2.1", "Firefox", utcnow())
    assert isinstance(come, accounts.LoggedIn)


def test_a_new_password_needs_the_present_one(someone: Person) -> None:
    refused = someone.send("/profile/password", old="a guess", new=NEW)
    assert (refused.status, refused.values("#old", "aria-invalid")) == (403, ["true"])


def test_a_new_password_must_not_be_short(someone: Person) -> None:
    refused = someone.send("/profile/password", old=OLD, new="short")
    assert (refused.status, refused.values("#new", "aria-invalid")) == (422, ["true"])


def test_guessing_the_present_password_is_slowed_down(someone: Person) -> None:
    tries = [someone.send("/profile/password", old="a guess", new=NEW) for _ in range(6)]
    assert [sent.status for sent in tries] == [403] * 5 + [429]
    assert int(tries[-1].answer.headers["Retry-After"]) > 0
