"""What holds for every page of the desk: headers, languages, assets, faults."""

import re
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from core import accounts
from core.clock import utcnow
from core.models import Case, Membership, User
from core.rights import rights_of
from service.dashboard import assets
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, NewPerson, Opened, Person

STATIC = Path(assets.__file__).resolve().parent.parent / "static" / "desk"
TEMPLATES = STATIC.parent.parent / "templates" / "desk"
SETTINGS = ("snippet", "site", "channels", "rules", "words", "cms", "privacy")
LEFT_AS_IT_IS = (
    "kbd, [lang=en], .code, .table td:nth-child(2), .brand, .nav, h1 + p, [name=widget_language], "
    ".hint, h2 + .meta, .address"
)
NAMES = {"mail", "kk", "body", "CMS", "CSS", "UTF", "http", "https"}
NAMES |= {"Telegram", "Slack", "Discord", "Mattermost", "Microsoft", "Teams", "Apprise", "Atom"}
NAMES |= {"desk", "example", "kz", "ABCD"}  # of the examples desk@example.kz and C0123ABCD
CYRILLIC = re.compile("[а-яәғқңөұүһі]", re.IGNORECASE)


@pytest.fixture
def web(sqlite_web: Web) -> Web:
    """No database changes how a page looks."""
    return sqlite_web


@pytest.fixture
def pages(web: Web, editor: Person, person: NewPerson) -> list[Opened]:
    """Every page, with something on it, in English."""
    case: Case = web.case(
        title="A page", exact="wrnog", suggestion="wrong", prefix="A ", suffix=" b"
    )
    editor.decide(case, "accept")
    paths = [
        "/queue",
        "/queue?status=all&group=flat&kind=typo",
        "/queue?q=nothing",
        f"/queue?done=accept&moved={case.id}.1&stale=7.1&refused=8.1",
        f"/cases/{case.id}",
        "/deliveries",
        "/profile",
        "/numbers",
        "/profile/access",
        "/profile/second-step",
        "/keys",
        "/cases/99",
        "/install",
    ]
    admin = person("admin", email="admin@dala.example.kz")
    return [
        *(editor.open(path) for path in paths),
        *(admin.open(f"/settings/{web.site.id}/{room}") for room in SETTINGS),
        editor.decide(case, "accept", version=0),
        editor.decide(case, "snooze:date"),
        Opened(web.app.test_client().get("/login?lang=en", base_url=BASE)),
    ]


def test_no_page_has_an_inline_script_or_style_or_asks_another_host(pages: list[Opened]) -> None:
    for opened in pages:
        body = opened.answer.get_data(as_text=True)
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", body)
        for script in opened.page.css("script"):
            assert (script.attributes.get("src") or "").startswith("/assets/")
        for link in opened.values("link", "href") + opened.values("img", "src"):
            assert link.startswith("/assets/")


def test_every_page_has_the_headers_that_guard_it(pages: list[Opened]) -> None:
    for opened in pages:
        headers = opened.answer.headers
        assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"


def test_every_page_has_one_heading_a_title_and_no_id_twice(pages: list[Opened]) -> None:
    for opened in pages:
        assert len(opened.page.css("h1")) == 1
        assert opened.text("title").endswith("· Tuzet")
        ids = opened.values("[id]", "id")
        assert sorted(ids) == sorted(set(ids))
        for label in opened.values("label[for]", "for"):
            assert label in ids
        for target in opened.values("[popovertarget]", "popovertarget"):
            assert target in ids


def test_an_english_page_holds_no_other_language(pages: list[Opened]) -> None:
    for opened in pages:
        assert not CYRILLIC.search(_words(opened, "[lang=kk], [lang=ru], .findings, .nav"))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_page_in_another_language_holds_no_english(
    web: Web, person: NewPerson, language: str
) -> None:
    reader = person("admin", language=language, email="оқырман@дала.example.kz")
    case = web.case()
    reader.send(f"/cases/{case.id}/notes", text="Жазба")
    rooms = (
        "/queue",
        "/deliveries",
        "/numbers",
        "/profile",
        "/profile/access",
        "/profile/second-step",
        "/keys",
        "/install",
        "/settings",
        *(f"/settings/{web.site.id}/{room}" for room in SETTINGS),
    )
    other = web.other_site().id
    with web.db.write() as session:
        session.add(Membership(user_id=reader.user.id, site_id=other, role="admin"))
        by, email = session.get_one(User, reader.user.id), "жаңа@дала.қаз"
        role, now = rights_of(by), utcnow()
        _, invited = accounts.invite(session, email, "editor", web.site.key, by, role, now)
    for path in (*rooms, f"/cases/{case.id}", "/cases/99", f"/join/{invited}?lang={language}"):
        opened = reader.open(path)
        text = _words(opened, LEFT_AS_IT_IS)
        assert set(re.findall(r"[A-Za-z]{2,}", text)) <= NAMES, path


def _words(opened: Opened, but_for: str) -> str:
    """What a page says, but for the places where something else may stand."""
    page = opened.page
    for node in page.css(f"{but_for}, script, option[value]:not([value=''])"):
        node.decompose()
    assert page.body is not None
    return page.body.text()


def test_assets_are_good_for_ever_under_their_own_address(web: Web) -> None:
    with web.app.test_request_context():
        addresses = [assets.address(name) for name in ("desk.css", "desk.js", "mark.svg")]
    for address in addresses:
        answer = web.client.get(address, base_url=BASE)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        again = web.client.get(
            address, base_url=BASE, headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304
        old = web.client.get(re.sub(r"/assets/\w+/", "/assets/0000/", address), base_url=BASE)
        assert "immutable" not in old.headers["Cache-Control"]
    assert web.client.get("/assets/0/passwd", base_url=BASE).status_code == 404


def test_colours_and_sizes_stand_in_the_tokens_only() -> None:
    for path in STATIC.glob("*.css"):
        if path.name == "tokens.css":
            continue
        text = re.sub(
            r"/\*.*?\*/|@media[^{]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", text), path.name
        assert not re.search(r"font(?:-size)?: *[\d.]+(?:px|rem)", text.replace("10pt", "")), (
            path.name
        )


def test_both_dark_lists_of_the_tokens_are_alike() -> None:
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    lists = re.findall(r":root[^{]*\{\s*color-scheme: dark;(.*?)\}", tokens, re.DOTALL)
    assert len(lists) == 2
    assert lists[0] == lists[1]
    light = tokens.partition("@media")[0]
    for name in re.findall(r"(--[\w-]+):", lists[0]):
        assert f"{name}:" in light


def test_every_class_and_colour_that_a_template_uses_is_there() -> None:
    css = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.css"))
    for variable in set(re.findall(r"var\((--[\w-]+)\)", css)):
        assert f"{variable}:" in css, variable
    icons = (TEMPLATES / "sprite.html").read_text(encoding="utf-8")
    for path in TEMPLATES.glob("*.html"):
        for name in re.findall(r'icon\("(\w+)"\)', path.read_text(encoding="utf-8")):
            assert f'<symbol id="sign-{name}"' in icons, (path.name, name)


def test_a_database_that_is_away_is_told_on_a_page(
    web: Web, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr("core.accounts.current", away)
    answer = editor.open("/queue", **{"Accept-Language": "ru"})
    assert answer.status == 503
    assert int(answer.answer.headers["Retry-After"]) > 0
    assert "Данные сейчас недоступны" in answer.text("h1")


def test_a_fault_of_ours_is_told_on_a_page(
    web: Web, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    web.app.testing = False
    monkeypatch.setattr("core.queries.list_cases", broken)
    answer = editor.open("/queue")
    assert answer.status == 500
    assert "secret" not in answer.text()


@pytest.mark.parametrize("path", ["/nothing/here", "/cases/-1", "/cases/999999"])
def test_what_is_not_there_is_told_at_the_desk(web: Web, person: NewPerson, path: str) -> None:
    kazakh = person("editor", language="kk").open(path)
    assert (kazakh.status, kazakh.values("html", "lang")) == (404, ["kk"])
    assert kazakh.values(".buttons a", "href") == ["/queue"]
    if path != "/cases/999999":  # who has not come in is asked to
        stranger = Opened(web.app.test_client().get(path, base_url=BASE))
        assert (stranger.status, stranger.values(".buttons a", "href")) == (404, [])


def test_a_form_that_is_too_large_says_so(editor: Person) -> None:
    refused = editor.send("/views", name="x" * 3_000_000)
    assert (refused.status, refused.text("h1")) == (413, "The form is too large")
