"""The reader's own page from a message."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core import thanks
from core.models import ReaderAddress
from core.readermail import address_of
from tests.service.conftest import Web


@pytest.fixture
def link(web: Web, now: datetime) -> str:
    """The path of a reader's link."""
    with web.db.write() as session:
        digest = thanks.digest_of("oqyrman@example.kz", web.site.id, web.settings)
        address = ReaderAddress(site_id=web.site.id, digest=digest, created_at=now, attempts=0)
        session.add(address)
        session.flush()
        return address_of(web.settings, address.id).removeprefix(web.settings.base_url)


def _reader(web: Web) -> ReaderAddress:
    with web.db.read() as session:
        return session.scalars(select(ReaderAddress)).one()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_the_link_changes_nothing(web: Web, link: str, method: str) -> None:
    answer = web.client.open(link, method=method)
    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    reader = _reader(web)
    assert (reader.confirmed_at, reader.stopped_at) == (None, None)


def test_a_button_asks_for_more_and_another_stops(web: Web, link: str) -> None:
    assert web.client.post(link, data={"choice": "more"}).status_code == 200
    assert _reader(web).confirmed_at is not None
    assert web.client.post(link, data={"choice": "stop"}).status_code == 200
    reader = _reader(web)
    assert (reader.confirmed_at, reader.stopped_at is not None) == (None, True)


def test_a_mail_program_stops_with_one_click(web: Web, link: str) -> None:
    answer = web.client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert _reader(web).stopped_at is not None


def test_a_form_on_another_site_chooses_nothing(web: Web, link: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert web.client.post(link, data={"choice": "more"}, headers=headers).status_code == 403
    assert _reader(web).confirmed_at is None


def test_a_wrong_link_and_a_wrong_choice_are_refused(web: Web, link: str) -> None:
    assert web.client.get(link[:-3] + "xyz").status_code == 404
    assert web.client.post(link, data={"choice": "perhaps"}).status_code == 422


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "Хабарларыңыз жайлы хаттар"),
        ("ru", "Письма о ваших сообщениях"),
        ("en", "Messages about your reports"),
    ],
    ids=["kk", "ru", "en"],
)
def test_the_page_speaks_the_readers_language(
    web: Web, link: str, language: str, words: str
) -> None:
    page = web.client.get(f"{link}?lang={language}").get_data(as_text=True)
    assert words in page
    assert "@" not in page
