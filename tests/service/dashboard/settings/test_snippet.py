"""What a site sets about its snippet, its preview, and what the snippet gets of it."""

import json
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from core.models import AdministrativeAct, Site
from core.widget import Widget, draft_key
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person

WANTED = {
    "mode": "confirm",
    "email": "on",
    "key": "Ctrl+Enter",
    "widget_language": "ru",
    "touch": "on",
    "accent": "#8C1D18",
    "include": "article",
    "exclude": "",
    "texts.kk.title": "Қате туралы",
    "texts.kk.sent": "",
}


@pytest.fixture
def admin(person: NewPerson) -> Person:
    return person("admin", email="admin@dala.example.kz")


def _address(web: Web, page: str = "snippet") -> str:
    return f"/settings/{web.site.id}/{page}"


def _widget(web: Web) -> dict[str, Any]:
    with web.db.read() as session:
        return session.get_one(Site, web.site.id).widget


def _told(web: Web, key: str) -> Any:
    text = web.client.get(f"/tuzet.own.js?site={key}").get_data(as_text=True)
    return json.loads(text.removeprefix("export default "))


def test_what_is_set_reaches_the_snippet(web: Web, admin: Person) -> None:
    sent = admin.send(_address(web), None, **WANTED)
    assert sent.address == f"{_address(web)}?done=saved"
    assert _told(web, web.site.key) == {
        "attributes": {"mode": "confirm", "email": "on", "language": "ru", "include": "article"},
        "strings": {"kk": {"title": "Қате туралы"}},
        "look": {"--tuzet-accent": "#8c1d18", "--tuzet-on-accent": "#ffffff"},
    }


def test_a_change_is_an_act_that_names_fields_and_no_values(web: Web, admin: Person) -> None:
    admin.send(_address(web), None, **WANTED)
    admin.send(_address(web), None, **WANTED)
    with web.db.read() as session:
        acts = [(act.act, act.data["fields"]) for act in session.query(AdministrativeAct)]
    assert acts == [("site", "mode, email, language, include, accent, texts")]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("include", "article .text[", "Not a CSS selector: “[” is not closed."),
        ("exclude", "nav, ::before", "Not a CSS selector: “::before”."),
        ("exclude", "nav,,p", "Not a CSS selector: nothing stands beside a comma."),
        ("accent", "#ffd400", "Too light: 1.4:1 on a white page, at least 3:1."),
        ("accent", "red;", "Write a colour like #8c1d18."),
        ("key", "e", "Write keys like ctrl+enter, with ctrl, alt or meta among them."),
        ("texts.kk.title", "ә" * 61, "One line of at most 60 characters."),
        ("widget_language", "tlh", "Choose one of the list."),
        ("mode", "loud", "Choose one of the list."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    web: Web, admin: Person, field: str, value: str, said: str
) -> None:
    sent = admin.send(_address(web), None, **{**WANTED, field: value, "texts.ru.sent": "Спасибо"})
    assert sent.status == 422
    assert sent.texts(".wrong") == [said]
    assert sent.values("[name='texts.ru.sent']", "value") == ["Спасибо"]
    if field not in ("mode", "widget_language"):
        assert sent.values(f"[name='{field}']", "value") == [value]
        assert sent.values(f"[name='{field}']", "aria-invalid") == ["true"]
    assert _widget(web) == {}


def test_the_accents_contrast_is_told(web: Web, admin: Person) -> None:
    admin.send(_address(web), None, **WANTED)
    assert admin.open(_address(web)).text(".right") == "9.1:1 with white text"


def test_the_preview_shows_what_is_typed_and_keeps_nothing(web: Web, admin: Person) -> None:
    for preview in (
        admin.send(_address(web, "preview"), None, **WANTED),
        admin.open(f"{_address(web, 'preview')}?mode=confirm&accent=%238c1d18&include=a["),
    ):
        (key,) = preview.values("script[data-preview]", "data-site")
        told = _told(web, key)
        assert told["attributes"]["mode"] == "confirm"
        assert told["look"]["--tuzet-accent"] == "#8c1d18"
        assert "a[" not in json.dumps(told)
    assert _widget(web) == {}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_sample_is_in_the_sites_language(web: Web, admin: Person, language: str) -> None:
    with web.db.write() as session:
        session.get_one(Site, web.site.id).languages = [language]
    preview = admin.open(_address(web, "preview"))
    assert preview.values("html", "lang") == [language]
    assert preview.text("#wrong") not in (preview.values("[data-right]", "data-right")[0], "")


def test_only_our_own_pages_may_frame_the_preview(web: Web, admin: Person) -> None:
    preview = admin.open(_address(web, "preview")).answer.headers
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert "script-src 'self';" in preview["Content-Security-Policy"]
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    page = admin.open(_address(web)).answer.headers
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_the_module_may_be_loaded_by_any_page_and_kept_for_minutes(web: Web) -> None:
    with web.db.write() as session:
        session.get_one(Site, web.site.id).widget = Widget(mode="silent").kept()
    address = f"/tuzet.own.js?site={web.site.key}"
    answer = web.client.get(address)
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = web.client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "key",
    ["dala", "nobody", "", "a" * 9_000, "%00", "%ED%A0%80", "draft.", "draft.!!", "draft.W10"],
)
def test_where_nothing_is_set_the_module_says_so(web: Web, key: str) -> None:
    answer = web.client.get(f"/tuzet.own.js?site={key}")
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "export default {}\n")


def test_a_draft_that_could_not_be_saved_is_nothing(web: Web) -> None:
    for bad in (Widget(mode="loud"), Widget(include="p["), Widget(texts={"kk": {"x": "y"}})):
        assert _told(web, draft_key(bad)) == {}
    assert _told(web, draft_key(Widget(touch=False))) == {"attributes": {"touch": "off"}}


def test_a_database_that_is_away_breaks_no_page(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError(
            "SELECT", {}, Exception("connection refused"), connection_invalidated=True
        )

    monkeypatch.setattr(web.db, "read", away)
    answer = web.client.get("/tuzet.own.js?site=dala")
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "export default {}\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_navigation_says_where_one_is(web: Web, admin: Person) -> None:
    for page in ("snippet", "site", "words", "cms", "privacy"):
        opened = admin.open(_address(web, page))
        assert opened.status == 200
        assert opened.values(".settings > .nav [aria-current]", "href") == [_address(web, page)]


def test_an_administrator_of_one_site_is_led_to_it(web: Web, admin: Person) -> None:
    assert admin.open("/settings").address == _address(web)
    assert admin.open(f"/settings/{web.site.id}").address == _address(web)


def test_readers_are_told_the_key_of_the_site(web: Web) -> None:
    address = f"/corrections/{web.site.key}?lang=en"
    assert "press Ctrl+Enter" in web.client.get(address).get_data(as_text=True)
    with web.db.write() as session:
        session.get_one(Site, web.site.id).widget = {"key": "ctrl+shift+e"}
    assert "press Ctrl+Shift+E" in web.client.get(address).get_data(as_text=True)
