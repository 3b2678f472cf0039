"""Settings of sites."""

import pytest

from core.models import Site
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person

WANTED = {
    "name": "Дала үні",
    "url": "https://dala.example.kz/",
    "origins": "https://m.dala.example.kz\r\nhttps://amp.dala.example.kz",
    "language": "ru",
    "languages": ["kk", "ru"],
    "timezone": "Asia/Aqtau",
}


@pytest.fixture
def admin(person: NewPerson) -> Person:
    return person("admin", email="admin@dala.example.kz")


def _site(web: Web) -> Site:
    with web.db.read() as session:
        return session.get_one(Site, web.site.id)


def test_a_site_is_changed_where_it_is_typed(web: Web, admin: Person) -> None:
    sent = admin.send(f"/settings/{web.site.id}", None, **WANTED)
    assert sent.address == "/settings?done=saved"
    site = _site(web)
    assert site.origins == [
        "https://dala.example.kz",
        "https://m.dala.example.kz",
        "https://amp.dala.example.kz",
    ]
    assert (site.languages, site.timezone) == (["ru", "kk"], "Asia/Aqtau")
    assert "Дала үні" in admin.open("/people").text("section[aria-labelledby=h-acts]")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("url", "dala"),
        ("origins", "https://dala.example.kz/news"),
        ("language", "tlh"),
        ("timezone", "Mars/Base"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_changed(
    web: Web, admin: Person, field: str, value: str
) -> None:
    before = vars(_site(web)).items()
    sent = admin.send(f"/settings/{web.site.id}", None, **{**WANTED, field: value})
    assert sent.status == 422
    if field != "language":
        assert sent.texts(".wrong") != []
    now = vars(_site(web))
    assert {name: v for name, v in before if name[0] != "_"} == {
        name: v for name, v in now.items() if name[0] != "_"
    }


def test_addresses_that_are_none_stay_as_they_were_typed(web: Web, admin: Person) -> None:
    sent = admin.send(f"/settings/{web.site.id}/site", None, **{**WANTED, "origins": "not one\nb"})
    area = sent.page.css_first("#origins")
    assert area is not None
    assert area.text().splitlines() == ["not one", "b"]


def test_another_sites_settings_are_not_there(web: Web, person: NewPerson) -> None:
    stranger = person("admin", web.other_site(), email="stranger@dala.example.kz")
    assert stranger.send(f"/settings/{web.site.id}", None, **WANTED).status == 404
    assert "Дала үні" not in stranger.open("/settings").text("main")


def test_a_site_whose_pages_cannot_be_read_from_here_says_so_at_its_address(
    web: Web, admin: Person
) -> None:
    path = f"/settings/{web.site.id}/site"
    assert admin.open(path).texts("#unread") == []
    staging = {"url": "http://10.1.2.3:8080/", "origins": ""}
    assert admin.send(path, None, **{**WANTED, **staging}).status == 303
    assert "10.1.2.3 has an address that is not public" in admin.open(path).text("#unread")
