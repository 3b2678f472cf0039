"""One mailbox, however its address is typed."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from core import sites, tending
from core.db import Database
from core.errors import Conflict
from core.models import Channel
from core.sites import values
from tests import factories
from tests.core.newsroom import Newsroom


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, now: datetime) -> Newsroom:
    return Newsroom(db, factories.make_settings(tmp_path), now)


def _add(newsroom: Newsroom, target: str) -> Channel:
    with newsroom.db.write() as session:
        return sites.add_channel(
            session, "dala", "email", target, None, newsroom.settings, newsroom.now
        )[0]


def test_an_address_keeps_the_capitals_of_its_name_alone() -> None:
    assert values.mailbox(" Sports.Desk@News.Example.KZ ") == "Sports.Desk@news.example.kz"


@pytest.mark.parametrize("target", ["Desk@dala.example.kz", "desk@DALA.example.kz"])
def test_a_mailbox_is_no_second_channel(newsroom: Newsroom, target: str) -> None:
    with pytest.raises(Conflict):
        _add(newsroom, target)


def test_a_removed_mailbox_comes_back_as_it_is_typed_now(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        tending.remove(session, session.get_one(Channel, 1))
    again = _add(newsroom, "Desk@dala.example.kz")
    assert (again.id, again.target) == (1, "Desk@dala.example.kz")


def test_a_person_whose_mailbox_is_a_channel_hears_once(newsroom: Newsroom) -> None:
    number = _add(newsroom, "Zhanar@dala.example.kz").id
    newsroom.rule({}, {"channels": [number], "people": ["zhanar@dala.example.kz"]})
    newsroom.report()
    assert newsroom.owed() == [("Zhanar", "case.created", "now")]


def test_a_mailbox_that_has_two_channels_from_before_hears_once_by_the_first(
    newsroom: Newsroom,
) -> None:
    with newsroom.db.write() as session:
        factories.make_channel(session, newsroom.now, newsroom.site, "DESK@dala.example.kz")
    newsroom.report()
    assert sorted(row[0] for row in newsroom.owed()) == ["desk", "night", "sport"]
    with pytest.raises(Conflict):
        _add(newsroom, "dEsk@dala.example.kz")
    newsroom.rule({}, {"channels": [4]})
    newsroom.another()
    assert [row[0] for row in newsroom.owed()[3:]] == ["DESK"]
    with newsroom.db.read() as session:
        assert len(session.scalars(select(Channel)).all()) == 4
