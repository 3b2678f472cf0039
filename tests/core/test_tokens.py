"""Programs come in by tokens that act as a person."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import tokens
from core.db import Database
from core.errors import Invalid
from core.models import Token, User
from tests import factories


@pytest.fixture
def user(db: Database, now: datetime) -> User:
    with db.write() as session:
        return factories.make_user(session, now, "aigerim@dala.example.kz")


def _add(db: Database, user: User, now: datetime, name: str = "cms") -> str:
    with db.write() as session:
        return tokens.add(session, user, name, now)


def test_a_token_finds_its_person(db: Database, user: User, now: datetime) -> None:
    token = _add(db, user, now)
    with db.read() as session:
        found = tokens.find(session, token, now)
    assert found is not None
    assert (found.user.email, found.name) == (user.email, "cms")


def test_the_token_itself_is_kept_nowhere(db: Database, user: User, now: datetime) -> None:
    token = _add(db, user, now)
    with db.read() as session:
        kept = session.scalars(select(Token)).one()
        assert token not in vars(kept).values()
        assert tokens.find(session, kept.digest, now) is None


@pytest.mark.parametrize("wrong", ["", "tuzet_", "ғ", "\0", "\ud800", "x" * 10_000])
def test_what_is_no_token_is_nobodys(db: Database, user: User, now: datetime, wrong: str) -> None:
    token = _add(db, user, now)
    with db.read() as session:
        assert tokens.find(session, wrong, now) is None
        assert tokens.find(session, token + wrong + "x", now) is None


def test_a_use_is_noted_about_once_an_hour(db: Database, user: User, now: datetime) -> None:
    token = _add(db, user, now)
    with db.write() as session:
        found = tokens.find(session, token, now)
        assert found is not None
        assert tokens.needs_note(found, now)
        tokens.note_use(session, found.id, now)
    with db.read() as session:
        noted = tokens.find(session, token, now)
        assert noted is not None
        assert noted.last_used_at == now
        assert not tokens.needs_note(noted, now + timedelta(minutes=59))
        assert tokens.needs_note(noted, now + timedelta(minutes=61))


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "a\0b", "x" * 101])
def test_a_token_has_a_name_that_can_be_read(
    db: Database, user: User, now: datetime, name: str
) -> None:
    with pytest.raises(Invalid):
        _add(db, user, now, name)
