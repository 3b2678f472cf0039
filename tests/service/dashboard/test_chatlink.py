"""An account of a chat is made known: whose buttons are pressed by it from then on."""

from sqlalchemy import select

from core import chatlinks
from core.clock import utcnow
from core.i18n import translator
from core.models import ChatPerson, Event
from service.dashboard.histories import Narrator
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson


def _link(web: Web, name: str = "U1") -> str:
    address = chatlinks.address(web.settings, "slack", "T1", name, utcnow())
    return "/chat/link/" + address.rpartition("/")[2]


def _known(web: Web) -> list[tuple[str, str, str, int]]:
    with web.db.read() as session:
        rows = session.scalars(select(ChatPerson))
        return [(row.kind, row.place, row.name, row.user_id) for row in rows]


def test_looking_at_the_link_makes_nothing_known_and_pressing_does(
    web: Web, person: NewPerson
) -> None:
    editor, link = person("editor"), _link(web)
    assert editor.open(link).status == 200
    assert _known(web) == []
    assert editor.send(link).status == 200
    assert _known(web) == [("slack", "T1", "U1", editor.user.id)]


def test_who_follows_the_link_later_has_the_account_from_then_on(
    web: Web, person: NewPerson
) -> None:
    first, second = person("editor"), person("editor", email="second@dala.example.kz")
    first.send(_link(web))
    second.send(_link(web))
    assert _known(web) == [("slack", "T1", "U1", second.user.id)]


def test_an_altered_link_makes_nothing_known(web: Web, person: NewPerson) -> None:
    over = person("editor").send(_link(web)[:-1])
    assert (over.status, over.text("h1")) == (404, "This link does not work any more")
    assert "ask for a new one there" in over.text(".empty")
    assert _known(web) == []


def test_the_history_says_that_a_button_in_a_chat_was_pressed() -> None:
    event = Event(type="accepted", actor="a@b.kz", via="chat", data={}, at=utcnow())
    narrator = Narrator(translator("en"), {}, "UTC", utcnow())
    assert [line.way for line in narrator.lines([event])] == ["button in a chat"]
