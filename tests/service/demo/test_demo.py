"""The demo's newsroom: its past, its pages, its own system and its inbox."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.clock import utcnow
from core.db import Database, migrate
from core.errors import Conflict
from core.models import Case, Delivery, Event, Page, Report, Site
from core.settings import Settings
from service.demo.house import House, prepare
from service.demo.stories import stories
from service.demo.web import create_newsroom, words
from tests.factories import make_settings, make_site

URL = "http://127.0.0.1:8001"

pytestmark = pytest.mark.xdist_group("demo")  # set up once, in one process


@dataclass
class Demo:
    """A demo that has been set up, and a visitor of its pages."""

    folder: Path
    settings: Settings
    db: Database
    visitor: FlaskClient
    site_key: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Set up once: each test here only looks, or changes an article of its own."""
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder / 'tuzet.sqlite3'}"
    migrate(url)
    db = Database(url)
    settings = make_settings(folder, url, base_url="http://127.0.0.1:8000")
    with House.at(folder, fresh=False) as house:
        surroundings = prepare(house, db, settings, URL)
        visitor = create_newsroom(surroundings).test_client()
        yield Demo(folder, settings, db, visitor, surroundings.site_key)
    db.close()


def _text(demo: Demo, path: str) -> str:
    answer = demo.visitor.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_each_story_becomes_one_case_with_its_status_and_readers(demo: Demo) -> None:
    with demo.db.read() as session:
        cases = session.scalars(select(Case)).all()
    told = sorted((story.status, story.readers) for story in stories())
    assert sorted((case.status, case.readers) for case in cases) == told
    assert [case.regressed for case in cases].count(True) == 1


def test_nothing_in_its_past_lies_in_the_future(demo: Demo) -> None:
    with demo.db.read() as session:
        newest = session.scalar(select(func.max(Event.at)))
        unsorted = session.scalar(
            select(func.count()).select_from(Report).where(Report.sorted_at.is_(None))
        )
        dead = session.scalar(
            select(func.count()).select_from(Delivery).where(Delivery.status == "dead")
        )
    assert newest is not None
    assert newest <= utcnow()
    assert (unsorted, dead) == (0, 0)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_article_carries_the_snippet_and_its_own_address(demo: Demo, language: str) -> None:
    front = _text(demo, f"/demo/{language}/")
    paths = re.findall(rf'href="(/demo/{language}/[a-z-]+)"', front)
    assert len(paths) >= 3
    for path in paths:
        page = _text(demo, path)
        assert '<script src="http://127.0.0.1:8000/tuzet.js" data-site="' in page
        assert f'<link rel="canonical" href="http://localhost{path}">' in page.replace(
            "127.0.0.1", "localhost"
        )
        assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_start_page_says_in_five_lines_what_to_try(demo: Demo, language: str) -> None:
    page = _text(demo, f"/demo/?lang={language}")
    assert page.count("<li><p>") == 5
    assert "aigerim@dala.example.kz" in page
    assert "tuzet-demo-2026" in page


def test_the_newsroom_says_the_same_things_in_each_language() -> None:
    said = words()
    assert said["kk"].keys() == said["ru"].keys() == said["en"].keys()
    assert all(all(texts.values()) for texts in said.values())


@pytest.mark.parametrize(
    ("language", "to"), [("kk", "aigerim"), ("ru", "maria"), ("en", "daniyar")]
)
def test_the_inbox_shows_each_colleagues_mails(demo: Demo, language: str, to: str) -> None:
    page = _text(demo, f"/demo/inbox/?lang={language}")
    keys = re.findall(r"/demo/inbox/([0-9a-f]{32})", page)
    assert len(keys) >= 40
    mail = _text(demo, f"/demo/inbox/{keys[0]}?lang={language}")
    assert f"{to}@dala.example.kz" in mail
    assert "sandbox=" in mail


def test_a_mail_is_shown_in_a_box_without_scripts(demo: Demo) -> None:
    key = re.findall(r"/demo/inbox/([0-9a-f]{32})", _text(demo, "/demo/inbox/"))[0]
    answer = demo.visitor.get(f"/demo/inbox/{key}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["..%2fsecret.key", "nothing", ".x"])
def test_the_inbox_shows_nothing_but_mails(demo: Demo, path: str) -> None:
    assert demo.visitor.get(f"/demo/inbox/{path}").status_code == 404


def test_a_correction_is_published_and_kept(demo: Demo) -> None:
    path = "/demo/cms/en/chess"
    text = "The red seats.\r\n\r\nSee [the map](/demo/en/river) & <b>more</b>."
    answer = demo.visitor.post(path, data={"lead": "A lead", "text": text})
    assert answer.status_code == 200
    page = _text(demo, "/demo/en/chess")
    assert "<p>The red seats.</p>" in page
    assert '<a href="/demo/en/river">the map</a> &amp; &lt;b&gt;more&lt;/b&gt;.' in page
    assert "childern" not in page


def test_a_foreign_page_cannot_publish(demo: Demo) -> None:
    headers = {"Origin": "https://evil.example"}
    answer = demo.visitor.post("/demo/cms/en/river", data={"text": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "Karasu" in _text(demo, "/demo/en/river")


def test_an_article_that_is_not_there_is_said(demo: Demo) -> None:
    assert demo.visitor.get("/demo/en/nothing").status_code == 404
    assert demo.visitor.get("/demo/cms/en/nothing").status_code == 404


def test_only_one_demo_uses_a_folder(demo: Demo) -> None:
    with pytest.raises(Conflict, match="Another demo"), House.at(demo.folder, fresh=True):
        pass


def test_a_folder_that_is_no_demos_is_not_cleared(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(Conflict, match="not a demo's folder"), House.at(tmp_path, fresh=True):
        pass
    assert (tmp_path / "thesis.odt").exists()


def test_a_database_with_other_sites_is_left_alone(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    with db.write() as session:
        make_site(session, utcnow())
    settings = make_settings(tmp_path, database_url)
    with House.at(tmp_path, fresh=False) as house, pytest.raises(Conflict, match="one of its own"):
        prepare(house, db, settings, URL)


def test_a_second_start_keeps_the_past_and_moves_with_the_port(demo: Demo, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    copytree(demo.folder, folder)
    url = f"sqlite:///{folder / 'tuzet.sqlite3'}"
    _start_again(folder, Database(url), make_settings(folder, url), demo.site_key)


def test_the_past_is_told_on_a_database_server_too(tmp_path: Path, postgresql_url: str) -> None:
    db, settings = Database(postgresql_url), make_settings(tmp_path, postgresql_url)
    with House.at(tmp_path, fresh=False) as house:
        first = prepare(house, db, settings, URL)
    _start_again(tmp_path, db, settings, first.site_key)


def _start_again(folder: Path, db: Database, settings: Settings, site_key: str) -> None:
    """The demo is started at another port, and has the newsroom that it had."""
    other = "http://127.0.0.1:9001"
    with House.at(folder, fresh=False) as house:
        assert house.port == 8001
        assert prepare(house, db, settings, other).site_key == site_key
    with db.read() as session:
        site = session.scalars(select(Site)).one()
        assert site.origins == [other, "http://localhost:9001"]
        links = session.scalars(select(Page.link)).all()
        cases = session.scalar(select(func.count()).select_from(Case))
    db.close()
    assert all(link.startswith(other) for link in links)
    assert cases == len(stories())
