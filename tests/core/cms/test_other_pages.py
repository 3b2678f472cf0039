"""A number that a reader's browser names leads to no document but the page's own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from core import cms
from core.clock import utcnow
from core.cms import Connection, Miss, Outcome, Sought, Words
from tests.core.cms.newsroom import Request, caller, system
from tests.core.cms.test_changing import BODY
from tests.core.cms.test_ghost import KEY, TREE
from tests.factories import AFTER, BEFORE, RIGHT, WRONG

SITE = "https://dala.example.kz"
NUMBERS = {"kitapkhana": "a" * 24, "baska": "b" * 24}
WORDS = Words(WRONG, BEFORE[-32:], AFTER[:32], RIGHT)


@dataclass
class Shelf:
    """A system with two documents that have the same passage."""

    kind: str
    written: list[str] = field(default_factory=list)
    hides_addresses: bool = False

    def number(self, slug: str) -> str:
        """What the system calls a document: WordPress counts."""
        return NUMBERS[slug] if self.kind != "wordpress" else str(list(NUMBERS).index(slug) + 1)

    def link(self, slug: str) -> str:
        return "" if self.hides_addresses else f"{SITE}/{slug}/"

    def slug_of(self, number: str) -> str | None:
        return next((slug for slug in NUMBERS if self.number(slug) == number), None)

    def __call__(self, asked: Request) -> tuple[int, Any]:
        slug, listed = {"http": self._http, "ghost": self._ghost, "wordpress": self._wordpress}[
            self.kind
        ](asked)
        if slug is None:
            return (200, []) if listed else (404, {})
        if asked.method != "GET":
            self.written.append(slug)
        document = self._document(slug)
        return 200, [document] if listed else document

    def _http(self, asked: Request) -> tuple[str | None, bool]:
        query = parse_qs(urlsplit(asked.path).query)
        if "url" not in query:
            return self.slug_of(unquote(asked.path.rpartition("/")[2])), False
        by_number = self.slug_of(query.get("id", [""])[0])
        slug = urlsplit(query["url"][0]).path.strip("/")
        return by_number or (slug if slug in NUMBERS else None), False

    def _ghost(self, asked: Request) -> tuple[str | None, bool]:
        kind, _, name = (
            asked.path.partition("?")[0].removeprefix("/ghost/api/admin/").partition("/")
        )
        name = name.strip("/").removeprefix("slug/")
        slug = name if name in NUMBERS else self.slug_of(name)
        return slug if kind == "posts" else None, False

    def _wordpress(self, asked: Request) -> tuple[str | None, bool]:
        query = parse_qs(urlsplit(asked.path).query)
        kind, _, number = query["rest_route"][0].removeprefix("/wp/v2/").partition("/")
        if kind != "posts":
            return None, not number
        slug = query.get("slug", [""])[0]
        return (
            (self.slug_of(number), False) if number else (slug if slug in NUMBERS else None, True)
        )

    def _document(self, slug: str) -> Any:
        if self.kind == "http":
            return {
                "id": self.number(slug),
                "version": "1",
                "fields": {"body": BODY},
                "url": self.link(slug),
            }
        if self.kind == "ghost":
            post = {"id": self.number(slug), "title": "Зал", "url": self.link(slug)}
            return {"posts": [{**post, "lexical": json.dumps(TREE), "updated_at": "1"}]}
        return {
            "id": int(self.number(slug)),
            "link": self.link(slug),
            "modified_gmt": "1",
            "content": {"raw": BODY},
            "title": {"raw": "Зал"},
        }


@pytest.fixture(params=cms.KINDS)
def shelf(request: pytest.FixtureRequest) -> Shelf:
    return Shelf(request.param)


@pytest.fixture
def adapter(shelf: Shelf) -> Iterator[cms.Adapter]:
    with system(shelf) as running:
        connection = Connection(shelf.kind, running.address, "u", KEY)
        yield cms.adapter_of(connection, caller(), utcnow)


def sought(link: str, number: str, *aliases: str) -> Sought:
    hosts = frozenset({"dala.example.kz", "m.kz"})
    return Sought(link, number, frozenset(aliases), hosts)


def test_the_page_s_own_document_is_written_whatever_number_was_named(
    shelf: Shelf, adapter: cms.Adapter
) -> None:
    wanted = sought(f"{SITE}/kitapkhana/?utm_source=x", shelf.number("baska"))
    seen = cms.preview(adapter, wanted, WORDS)
    assert seen.document is not None
    assert seen.document.link == shelf.link("kitapkhana")
    assert cms.apply(adapter, wanted, WORDS, seen.expected).outcome is Outcome.DONE
    assert shelf.written == ["kitapkhana"]


def test_nothing_is_written_where_only_another_page_s_document_is_found(
    shelf: Shelf, adapter: cms.Adapter
) -> None:
    own = sought(f"{SITE}/baska/", shelf.number("baska"))
    wanted = sought(f"{SITE}/zhok/", shelf.number("baska"))
    expected = cms.preview(adapter, own, WORDS).expected
    assert cms.preview(adapter, wanted, WORDS).miss is Miss.OTHER_PAGE
    done = cms.apply(adapter, wanted, WORDS, expected)
    assert (done.outcome, done.miss) == (Outcome.NOT_FOUND, Miss.OTHER_PAGE)
    assert cms.locate(adapter, wanted) is None
    assert shelf.written == []


def test_the_same_path_on_another_host_of_the_site_is_another_page(
    shelf: Shelf, adapter: cms.Adapter
) -> None:
    wanted = sought("https://m.kz/kitapkhana/", shelf.number("kitapkhana"))
    assert cms.preview(adapter, wanted, WORDS).miss is Miss.OTHER_PAGE


def test_another_address_of_the_page_leads_to_its_document(
    shelf: Shelf, adapter: cms.Adapter
) -> None:
    alias = "dala.example.kz/kitapkhana"
    wanted = sought(f"{SITE}/eski-mekenzhai/", shelf.number("kitapkhana"), alias)
    seen = cms.preview(adapter, wanted, WORDS)
    assert seen.document is not None
    assert seen.document.link == shelf.link("kitapkhana")


def test_a_system_behind_the_site_is_known_by_the_path(shelf: Shelf, adapter: cms.Adapter) -> None:
    wanted = Sought("https://tan.example.kz/kitapkhana/", shelf.number("kitapkhana"))
    assert cms.preview(adapter, wanted, WORDS).outcome is Outcome.DONE


def test_a_system_of_ones_own_that_gives_no_addresses_is_believed() -> None:
    shelf = Shelf("http", hides_addresses=True)
    with system(shelf) as running:
        adapter = cms.adapter_of(Connection("http", running.address, "u", "t"), caller(), utcnow)
        found = cms.locate(adapter, sought(f"{SITE}/zhok/", shelf.number("baska")))
    assert found is not None
