"""Apply in the CMS, from the desk: the editor sees the source, writes, and can take it back."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from core import connecting
from core.clock import utcnow
from core.db import Database
from core.models import Case, Event
from tests.core.cms.newsroom import system
from tests.core.cms.test_changing import BODY, Archive
from tests.factories import RIGHT, WRONG
from tests.servers.processes import free_port
from tests.service.conftest import Web, make_web
from tests.service.dashboard.conftest import NewPerson, Person, events_of

WRITTEN = BODY.replace(WRONG, RIGHT)


@pytest.fixture
def archive() -> Archive:
    """The newsroom's own system, with the article in it."""
    return Archive()


@pytest.fixture
def web(db: Database, database_url: str, tmp_path: Path, archive: Archive) -> Iterator[Web]:
    """The web side of a newsroom that has named its system."""
    loopback = (ip_network("127.0.0.0/8"),)
    web = make_web(db, tmp_path, database_url, rate_limits=False, private_networks=loopback)
    with system(archive) as running:
        name_system(web, running.address)
        yield web


def name_system(web: Web, address: str) -> None:
    with web.db.write() as session:
        connecting.add_connection(
            session, web.site.key, "http", address, "", "a-token", web.settings, utcnow()
        )


def expected(person: Person, case: Case) -> str:
    """What the page of the source has the editor's form say."""
    return person.open(f"/cases/{case.id}/cms").values("[name=expected]", "value")[0]


def write(person: Person, case: Case, do: str, **fields: object) -> tuple[int, str]:
    """Press a button of that page; the status, and what is said."""
    version = person.web_case(case).version
    told = person.send(f"/cases/{case.id}/cms", None, do=do, **{"version": version, **fields})
    return told.status, told.text(".notice") or told.address


def test_a_case_leads_to_its_place_in_the_system(web: Web, editor: Person) -> None:
    case = web.case()
    page = editor.open(f"/cases/{case.id}")
    assert f"/cases/{case.id}/cms" in page.values("a[aria-keyshortcuts=c]", "href")


def test_the_source_is_shown_as_it_is_and_as_it_will_be(web: Web, editor: Person) -> None:
    page = editor.open(f"/cases/{web.case().id}/cms")
    assert page.status == 200
    assert page.texts(".source .minus del") == ["г"]
    assert page.texts(".source .plus ins") == ["ғ"]
    assert "<em>" in page.texts(".source .tagname")


def test_the_correction_is_written_and_the_case_fixed(
    web: Web, editor: Person, archive: Archive
) -> None:
    case = web.case()
    status, place = write(editor, case, "apply", expected=expected(editor, case))
    assert (status, place) == (303, f"/cases/{case.id}?done=applied")
    assert archive.fields["body"] == WRITTEN
    assert events_of(web, case)[-1] == ("fixed", "editor@dala.example.kz", "desk")
    with web.db.read() as session:
        event = session.query(Event).filter_by(case_id=case.id, type="fixed").one()
        assert event.data["cms"] == {
            "system": "CMS",
            "document": "news/7",
            "revision": "2",
            "act": "applied",
        }
    assert "Applied in CMS, revision 2" in editor.open(f"/cases/{case.id}").text(".history")


def test_the_page_is_read_at_once(web: Web, editor: Person) -> None:
    case = web.case()
    write(editor, case, "apply", expected=expected(editor, case))
    due = editor.web_case(case).check_due_at
    assert due is not None
    assert due <= utcnow()
    assert "tuzet.read_pages" in web.bell.rung


def test_it_is_taken_back_and_the_case_accepted_again(
    web: Web, editor: Person, archive: Archive
) -> None:
    case = web.case()
    write(editor, case, "apply", expected=expected(editor, case))
    assert write(editor, case, "revert")[0] == 303
    assert archive.fields["body"] == BODY
    assert editor.web_case(case).status == "accepted"
    assert write(editor, case, "revert")[0] == 404


def test_a_text_edited_in_between_is_left_alone_and_so_is_the_case(
    web: Web, editor: Person, archive: Archive
) -> None:
    case = web.case()
    shown = expected(editor, case)
    archive.save({"body": BODY.replace("қырық", "отыз")})
    status, said = write(editor, case, "apply", expected=shown)
    assert (status, said) == (
        409,
        "The text in CMS was changed meanwhile. Nothing was written.",
    )
    assert archive.version == 2
    assert editor.web_case(case).status == "new"


def test_a_case_that_a_colleague_changed_meanwhile_is_not_applied(
    web: Web, editor: Person, archive: Archive
) -> None:
    case = web.case()
    shown = expected(editor, case)
    version = editor.web_case(case).version
    editor.decide(case, "accept")
    status, said = write(editor, case, "apply", expected=shown, version=version)
    assert status == 409
    assert "Somebody changed this case meanwhile" in said
    assert archive.fields["body"] == BODY


def test_what_is_right_already_can_be_marked_fixed(
    web: Web, editor: Person, archive: Archive
) -> None:
    archive.save({"body": WRITTEN})
    page = editor.open(f"/cases/{web.case().id}/cms")
    assert "right already" in page.text("main")
    assert page.values("button[value=fixed]", "aria-keyshortcuts") == ["f"]


def test_a_system_that_is_away_is_said_to_be_away(
    web: Web, editor: Person, person: NewPerson
) -> None:
    case = web.case()
    name_system(web, f"http://127.0.0.1:{free_port()}")
    page = editor.open(f"/cases/{case.id}/cms")
    assert page.status == 502
    assert "could not be reached" in page.text(".notice")
    told = person("editor", email="aru@dala.example.kz", language="ru").open(
        f"/cases/{case.id}/cms"
    )
    assert "127.0.0.1 не принимает соединений." in told.text(".notice")
    assert "reached" not in told.text(".notice")


def test_a_site_without_a_system_has_no_such_page(
    web: Web, person: NewPerson, editor: Person
) -> None:
    other = web.other_site()
    url = "https://tan.example.kz/x"
    case = web.case(site=other.key, url=url, canonical_url=url)
    chief = person("admin", other, email="chief@tan.example.kz")
    assert chief.open(f"/cases/{case.id}/cms").status == 404
    assert chief.open(f"/cases/{case.id}").values("a[aria-keyshortcuts=c]", "href") == []


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 404)])
def test_who_is_no_editor_of_the_site_may_not(
    web: Web, role: str, status: int, person: NewPerson
) -> None:
    case = web.case()
    site = web.site if role == "viewer" else web.other_site()
    stranger = person(role, site, email="stranger@tan.example.kz")
    assert stranger.open(f"/cases/{case.id}/cms").status == status
    assert write(stranger, case, "apply", expected="x")[0] == status


def test_a_number_that_a_reader_named_does_not_lead_into_another_article(
    web: Web, editor: Person, archive: Archive
) -> None:
    other = "https://dala.example.kz/news/other"
    case = web.case(url=other, canonical_url=other, metadata={"cms_id": "news/7"})
    page = editor.open(f"/cases/{case.id}/cms")
    assert "the document of another page" in page.text("[aria-labelledby=h-cms]")
    assert page.texts("button[value=apply]") == []
    status, said = write(editor, case, "apply", expected=expected(editor, web.case()))
    assert status == 409
    assert "another page's" in said
    assert archive.fields["body"] == BODY
