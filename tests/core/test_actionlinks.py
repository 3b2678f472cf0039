"""Links that act: signed for one channel, one case and one action, and over after seven days."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import actionlinks
from core.errors import NotFound
from tests.factories import make_settings

SETTINGS = make_settings(Path("/nowhere"))


def test_a_link_says_what_it_may_do(now: datetime) -> None:
    action = actionlinks.read(SETTINGS, actionlinks.sign(SETTINGS, 12, 3, "fixed", now), now)
    assert (action.case_id, action.channel_id, action.verb) == (12, 3, "fixed")
    assert action.expires_at == now + timedelta(days=7)


def test_it_is_over_after_seven_days(now: datetime) -> None:
    token = actionlinks.sign(SETTINGS, 12, 3, "fixed", now)
    late = now + actionlinks.VALID_FOR
    actionlinks.read(SETTINGS, token, late - timedelta(seconds=1))
    with pytest.raises(NotFound):
        actionlinks.read(SETTINGS, token, late)


@pytest.mark.parametrize("token", ["", ".", "1.2.accept.3", "1.2.accept.3.", "қ", "a" * 5_000])
def test_what_nobody_signed_is_refused(token: str, now: datetime) -> None:
    with pytest.raises(NotFound):
        actionlinks.read(SETTINGS, token, now)


def test_another_installation_signs_another_way(now: datetime) -> None:
    other = make_settings(Path("/nowhere"), secret_key="o" * 43)
    with pytest.raises(NotFound):
        actionlinks.read(SETTINGS, actionlinks.sign(other, 12, 3, "accept", now), now)


@given(at=st.integers(0, 200), char=st.characters(codec="ascii"))
def test_no_altered_link_is_taken(at: int, char: str) -> None:
    now = datetime.fromisoformat("2026-03-10T04:30:00+00:00")
    token = actionlinks.sign(SETTINGS, 12, 3, "accept", now)
    at %= len(token)
    altered = token[:at] + char + token[at + 1 :]
    if altered != token:
        with pytest.raises(NotFound):
            actionlinks.read(SETTINGS, altered, now)


def test_its_address_lies_under_the_installations(now: datetime) -> None:
    address = actionlinks.address(SETTINGS, 12, 3, "accept", now)
    assert address.startswith("https://tuzet.example.kz/act/12.3.accept.")
