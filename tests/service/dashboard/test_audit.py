"""The book of administrative acts: filtered, in pages, and only of one's own sites."""

import csv
import inspect
import io
import re
from pathlib import Path

import pytest

from core import accounts
from core.accounts import ActFilter
from core.clock import utcnow
from core.i18n import translator, words
from core.models import Site
from core.sites import set_site
from core.widget import Widget
from service.dashboard.audit import PAGE
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Opened, Person

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def admin(person: NewPerson) -> Person:
    """An administrator of the one site."""
    return person("admin")


def _note(web: Web, act: str, subject: str, site: Site | None, by: str = "a@b.kz") -> None:
    with web.db.write() as session:
        accounts.note_act(session, by, act, subject, site.id if site else None, utcnow())


def _subjects(opened: Opened) -> list[str]:
    return opened.texts("tbody td:nth-child(4)")


def test_an_administrator_reads_what_was_done_on_their_sites(
    web: Web, admin: Person, person: NewPerson
) -> None:
    _note(web, "site", "Дала үні", web.site)
    _note(web, "site", "Таң", web.other_site())
    _note(web, "token", "Бот", None)
    assert _subjects(admin.open("/audit")) == ["Дала үні"]
    owner = person("owner", email="owner@dala.example.kz")
    assert _subjects(owner.open("/audit")) == ["Бот", "Таң", "Дала үні"]


def test_the_book_is_filtered(web: Web, person: NewPerson) -> None:
    owner = person("owner")
    _note(web, "invited", "Maria@dala.example.kz", web.site, by="chief@dala.example.kz")
    _note(web, "role", "maria@dala.example.kz", web.site, by="other@dala.example.kz")
    _note(web, "token", "100% бот", None)
    shown = {
        "actor=CHIEF": ["Maria@dala.example.kz"],
        "subject=maria": ["maria@dala.example.kz", "Maria@dala.example.kz"],
        "subject=maria&act=role": ["maria@dala.example.kz"],
        f"site={web.site.id}": ["maria@dala.example.kz", "Maria@dala.example.kz"],
        "subject=100%25": ["100% бот"],
        "subject=nobody": [],
    }
    for query, subjects in shown.items():
        assert _subjects(owner.open(f"/audit?{query}")) == subjects, query
    kept = owner.open("/audit?subject=maria&act=role")
    assert kept.values("#subject", "value") == ["maria"]
    assert kept.values("#act option[selected]", "value") == ["role"]


def test_the_book_has_pages_that_stay_when_lines_are_added(web: Web, admin: Person) -> None:
    for n in range(PAGE + 2):
        _note(web, "site", f"{n}", web.site)
    first = admin.open("/audit?act=site")
    (onward,) = first.values("a[rel=next]", "href")
    _note(web, "site", "later", web.site)
    second = admin.open(onward)
    assert _subjects(second) == ["1", "0"]
    assert len(_subjects(first)) == PAGE
    assert second.values("a[rel=next]", "href") == []


def test_what_the_filter_of_the_book_shows_goes_out(web: Web, admin: Person) -> None:
    _note(web, "site", "Дала үні", web.site, by="=1@b.kz")
    _note(web, "role", "a@b.kz", web.site)
    _note(web, "site", "Таң", web.other_site())
    table, listed = admin.open("/audit?act=site").values(".more a[href*='.']", "href")
    answer = admin.open(table).answer
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [(row["subject"], row["site"], row["actor"]) for row in rows] == [
        ("Дала үні", "dala", "'=1@b.kz")
    ]
    assert 'filename="tuzet-audit.csv"' in answer.headers["Content-Disposition"]
    assert [item["subject"] for item in admin.open(listed).answer.get_json()] == ["Дала үні"]
    all_acts = admin.open("/audit.json").answer.get_json()
    assert [item["act"] for item in all_acts] == ["role", "site"]


def test_a_cursor_of_another_list_is_refused(admin: Person) -> None:
    assert admin.open("/audit?cursor=nonsense").status == 422


def test_the_people_page_shows_the_newest_and_leads_to_all(web: Web, admin: Person) -> None:
    for n in range(12):
        _note(web, "site", f"{n}", web.site)
    page = admin.open("/people")
    assert len(page.page.css("section[aria-labelledby=h-acts] tbody tr")) == 10
    assert "/audit" in page.values("section[aria-labelledby=h-acts] a", "href")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_act_that_is_noted_has_its_words(language: str) -> None:
    """Whoever notes a new act says it in core/i18n/words.py too."""
    named = set()
    for room in ("core", "service"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for call in re.findall(r"\b_?note(?:_act)?\(([^)]*)\)", text):
                named |= {name for name in re.findall(r'"([a-z ]+)"', call) if "_act" in text}
    assert {"role", "second step on", "token ended"} <= named
    unsaid = {act for act in named if words.act_word(translator(language), act) == act}
    assert unsaid == set()


def test_a_filter_of_the_book_takes_what_is_typed_as_it_is(web: Web) -> None:
    _note(web, "site", "a_b", web.site)
    _note(web, "site", "axb", web.site)
    with web.db.read() as session:
        found = accounts.acts(session, ActFilter(None, subject="a_b"), None, 10)
    assert [act.subject for act in found.items] == ["a_b"]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_what_was_changed_is_said_in_words(web: Web, person: NewPerson, language: str) -> None:
    admin = person("admin", language=language)
    fields = {"forget_reader_days": "90", "forget_words_days": "", "privacy.kk": "Сөз"}
    admin.send(f"/settings/{web.site.id}/privacy", None, **fields)
    (said,) = admin.open("/audit").texts(".acts td:nth-child(3) .meta")
    assert said
    assert not re.search("[A-Za-z_]", said)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_setting_has_its_word(language: str) -> None:
    settable = {
        *inspect.signature(set_site).parameters,
        *vars(Widget()),
        "privacy",
        "forget_reader_days",
        "forget_words_days",
        "edit_link",
        "house words",
    } - {"site"}
    t = translator(language)
    assert {name for name in settable if words.changed_words(t, name) == name} == set()
    assert words.changed_words(t, "name, of tomorrow").endswith(", of tomorrow")


def test_the_book_names_the_kind_of_a_channel_as_the_other_pages_do(
    web: Web, person: NewPerson
) -> None:
    _note(web, "channel added", "msteams https://prod.example.kz/…1", web.site)
    _note(web, "channel removed", "webhook https://hook.example.kz", web.site)
    _note(web, "rule added", "email first", web.site)
    assert _subjects(person("admin", language="ru").open("/audit")) == [
        "email first",
        "Вебхук https://hook.example.kz",
        "Microsoft Teams https://prod.example.kz/…1",
    ]
