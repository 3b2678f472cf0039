"""What a person settles about their own mail."""

from core import recipients
from core.models import OwnMail
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson


def test_anybody_may_settle_their_own_mail(web: Web, person: NewPerson) -> None:
    viewer = person("viewer")
    fields = {"mentions": "on", "weekly": "on", "new": "hourly"}
    quiet = {"quiet_from": "22:00", "quiet_until": "07:00"}
    assert viewer.send("/profile/mail", None, **fields, **quiet).status == 303
    with web.db.read() as session:
        own = session.get_one(OwnMail, viewer.user.id)
    assert (own.mentions, own.weekly, own.articles, own.is_off) == (True, True, False, False)
    assert own.rhythm == {"new": "hourly", "quiet": ["22:00", "07:00"]}
    shown = viewer.open("/profile/mail")
    assert shown.values("[name=mentions][checked]", "value") == ["on"]
    assert shown.values("#quiet_from", "value") == ["22:00"]


def test_it_holds_for_the_ways_that_are_there_and_those_to_come(
    web: Web, person: NewPerson
) -> None:
    editor = person("editor")
    with web.db.write() as session:
        way = recipients.personal_channel(session, web.site.id, editor.user, web.site.created_at)
        number = way.id
    editor.send("/profile/mail", None, is_off="on")
    with web.db.write() as session:
        other = web.other_site()
        assert session.get_one(type(way), number).options == {"stopped": True}
        new = recipients.personal_channel(session, other.id, editor.user, other.created_at)
        assert new.options == {"stopped": True}


def test_what_is_wrong_is_told_and_stays_typed(web: Web, person: NewPerson) -> None:
    wrong = person("viewer").send("/profile/mail", None, timezone="Nowhere", mentions="on")
    assert wrong.status == 422
    assert wrong.values("#timezone", "value") == ["Nowhere"]
    assert wrong.values("[name=mentions][checked]", "value") == ["on"]


def test_a_colleague_chosen_beside_the_note_is_named_in_it(web: Web, person: NewPerson) -> None:
    case, editor = web.case(), person("editor")
    name = editor.user.name
    assert f"@{name}" in editor.open(f"/cases/{case.id}").values("#colleagues option", "value")
    editor.send(f"/cases/{case.id}/notes", None, text="Look", mention=f"@{name}")
    assert f"@{name} Look" in editor.open(f"/cases/{case.id}").text(".note")
