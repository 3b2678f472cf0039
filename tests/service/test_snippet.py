"""How the snippet is served: codings, keeping, old addresses, the site's own language."""

import gzip
import json
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.models import Site
from service.snippet import FOLDER, choose_coding
from tests.service.conftest import Web

LISTING = json.loads((FOLDER / "parts.json").read_text(encoding="utf-8"))
KAZAKH = LISTING["languages"]["kk"]
LOADER_AT_MOST, OPEN_AT_MOST = 2_048, 8_192


@pytest.fixture
def client(web: Web) -> FlaskClient:
    return web.client


@pytest.mark.parametrize(
    "path", ["/tuzet.js", f"/{KAZAKH['part']}", f"/{KAZAKH['more']}", f"/{KAZAKH['whole']}"]
)
def test_every_page_of_the_world_may_load_it(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.2, gzip;q=0.9", "br"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("gzip;q=0, br;q=0.000", "identity"),
        ("BR", "br"),
        ("br;q=nonsense", "identity"),
        ("", "identity"),
    ],
)
def test_the_smallest_coding_that_is_welcome(
    client: FlaskClient, accepted: str, coding: str
) -> None:
    assert choose_coding(accepted) == coding
    answer = client.get("/tuzet.js", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding", "identity") == coding
    plain = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}[coding](
        answer.data
    )
    assert plain == (FOLDER / "tuzet.js").read_bytes()


def test_what_a_reader_downloads_is_within_the_budget(client: FlaskClient) -> None:
    brotli_only = {"Accept-Encoding": "br"}
    before = len(client.get("/tuzet.js", headers=brotli_only).data)
    assert before <= LOADER_AT_MOST
    for language, files in LISTING["languages"].items():
        opened = before + len(client.get(f"/{files['part']}", headers=brotli_only).data)
        assert opened <= OPEN_AT_MOST, language


def test_the_loader_is_kept_an_hour_and_asked_after_cheaply(client: FlaskClient) -> None:
    answer = client.get("/tuzet.js")
    assert answer.cache_control.max_age == 3600
    again = client.get(
        "/tuzet.js", headers={"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "br"}
    )
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["Vary"] == "Accept-Encoding"


def test_a_part_is_named_by_its_content_and_kept_for_good(client: FlaskClient) -> None:
    answer = client.get(f"/{KAZAKH['part']}")
    assert answer.cache_control.max_age == 31_536_000
    assert answer.cache_control.immutable is True


def test_a_loader_from_yesterday_gets_todays_part(client: FlaskClient) -> None:
    for kind, name in (("tuzet", "part"), ("tuzet-more", "more")):
        answer = client.get(f"/{kind}.kk.0000000.js")
        assert answer.status_code == 200
        assert answer.data == (FOLDER / KAZAKH[name]).read_bytes()
        assert answer.cache_control.no_store is True


@pytest.mark.parametrize(
    "path",
    [
        "/tuzet-whole.kk.0000000.js",
        "/tuzet.xx.0000000.js",
        "/tuzet.kk.js",
        "/tuzet.kk.a.b.js",
        "/tuzet.parts.json",
        "/tuzet...js",
        "/tuzet.kk.%2e%2e%2fapp.js",
    ],
)
def test_what_there_is_not_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_where_nobody_knows_the_language_the_site_does(web: Web) -> None:
    with web.db.write() as session:
        site = session.scalars(select(Site).where(Site.key == web.site.key)).one()
        site.languages = ["xx", "ru"]
    russian = (FOLDER / LISTING["languages"]["ru"]["part"]).read_bytes()
    english = (FOLDER / LISTING["languages"]["en"]["part"]).read_bytes()
    assert web.client.get(f"/tuzet.site.js?site={web.site.key}").data == russian
    assert web.client.get("/tuzet.site.js?site=nobody").data == english
    assert web.client.get("/tuzet.site.js").data == english


def test_the_build_holds_nothing_but_what_is_listed() -> None:
    listed = {"tuzet.js", "parts.json"}
    for files in LISTING["languages"].values():
        listed |= {files["part"], files["more"], files["whole"]}
    assert {path.name for path in Path(FOLDER).iterdir()} == listed
