"""Notes on a case: for colleagues, for somebody by name, and those that came by mail."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core import triage
from core.clock import utcnow
from core.history import Actor
from core.models import Event, User
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person
from tests.service.dashboard.test_cases import _page


def test_a_note_stands_with_its_author(web: Web, editor: Person) -> None:
    case = web.case()
    editor.send(f"/cases/{case.id}/notes", text="Авторға айттым.")
    (note,) = _page(editor, case).texts(".note")
    assert note.startswith("editor")
    assert "Авторға айттым." in note
    assert editor.web_case(case).version == 1


def test_a_note_that_is_sent_twice_is_added_once(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, other = web.case(), person(email="second@dala.example.kz")
    for who, text in ((editor, "Иә."), (editor, "Иә."), (other, "Иә."), (editor, "Иә.")):
        assert who.send(f"/cases/{case.id}/notes", text=text).status == 303
    assert len(_page(editor, case).texts(".note")) == 3
    with web.db.write() as session:
        earlier = utcnow() - timedelta(minutes=2)
        session.execute(update(Event).values(at=earlier))
    editor.send(f"/cases/{case.id}/notes", text="Иә.")
    assert len(_page(editor, case).texts(".note")) == 4


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "хатпен келді, жіберушінің аты тексерілмеген"),
        ("ru", "пришло письмом, имя отправителя не проверено"),
        ("en", "by mail, sender’s name not checked"),
    ],
)
def test_a_note_that_came_by_mail_says_so(
    web: Web, person: NewPerson, language: str, words: str
) -> None:
    case, editor = web.case(), person("editor")
    with web.db.write() as session:
        session.get_one(User, editor.user.id).language = language
        by = Actor("desk@dala.example.kz", "mail")
        triage.note(session, case.id, "Кешке.", by, utcnow(), web.settings, by.name)
    editor.send(f"/cases/{case.id}/notes", text="Жақсы.")
    by_mail, typed = _page(editor, case).texts(".note")
    assert words in by_mail
    assert "desk@dala.example.kz" in by_mail
    assert words not in typed


@pytest.mark.parametrize("text", ["", "   ", "х" * 2_001])
def test_a_note_that_cannot_be_kept_stays_in_its_field(web: Web, editor: Person, text: str) -> None:
    case = web.case()
    refused = editor.send(f"/cases/{case.id}/notes", text=text)
    assert refused.status == 422
    assert refused.values("#note", "aria-invalid") == ["true"]
    assert refused.text("#note") == text.strip()


def test_after_a_note_the_page_says_who_hears_of_it(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case, other = web.case(), person("editor", email="daniyar@dala.example.kz")
    sent = editor.send(f"/cases/{case.id}/notes", text="қараңыз", mention=f"@{other.user.email}")
    assert "have not turned that on: daniyar" in editor.open(sent.address).text("main")
    sent = editor.send(f"/cases/{case.id}/notes", text="@nobody.at.all қараңыз")
    assert "called so on this site: @nobody.at.all" in editor.open(sent.address).text("main")
    plain = editor.send(f"/cases/{case.id}/notes", text="жай жазба")
    assert editor.open(plain.address).texts("div.notice:not([hidden])") == ["Note added"]
