"""What the desk says when something is wrong: what is so, and the one thing to do."""

import pytest
from sqlalchemy import text

from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, Person


def test_a_form_that_is_out_of_date_is_told_apart_from_a_role_that_is_missing(
    web: Web, editor: Person
) -> None:
    here = f"/cases/{web.case().id}"
    refused = editor.send(here, {"Referer": BASE + here}, form_token="old", do="accept")
    assert (refused.status, refused.text("h1")) == (403, "The form is out of date")
    assert refused.values(".buttons a", "href") == [here, "/queue"]
    missing = editor.open("/audit")
    assert (missing.status, missing.text("h1")) == (403, "Not allowed")
    assert "An administrator can change roles." in missing.text(".empty")


def test_the_way_back_leads_to_what_can_be_opened(web: Web, editor: Person) -> None:
    only_a_form = f"/cases/{web.case().id}/notes"
    refused = editor.send(only_a_form, {"Referer": BASE + only_a_form}, form_token="old")
    assert refused.values(".buttons a", "href") == ["/queue"]
    gone = editor.send("/cases/999", {"Referer": f"{BASE}/cases/999"}, do="accept", version=1)
    assert (gone.status, gone.values(".buttons a", "href")) == (404, ["/queue"])


def test_an_address_is_not_called_a_form(editor: Person) -> None:
    refused = editor.open("/queue?cursor=%00")
    assert (refused.status, refused.text("h1")) == (422, "This address cannot be read")


@pytest.mark.parametrize("path", ["/queue", "/cases/1"])
def test_a_fault_of_ours_can_be_tried_again(web: Web, editor: Person, path: str) -> None:
    with web.db.write() as session:
        session.execute(text('ALTER TABLE "case" RENAME TO gone'))
    answer = editor.open(path)
    assert answer.status >= 500
    assert answer.texts(".buttons a")[0] == "Try again"
    assert answer.values(".buttons a", "href") == list(dict.fromkeys([path, "/queue"]))


def test_a_page_that_tells_of_a_database_that_is_away_has_its_look(
    web: Web, editor: Person
) -> None:
    looks = editor.open("/keys").values("link[rel]", "href")
    with web.db.write() as session:
        session.execute(text("ALTER TABLE desk_session RENAME TO gone"))
    assert editor.open("/keys").status >= 500
    assert [editor.open(each).status for each in looks] == [200] * len(looks)
    assert len(looks) == 2
