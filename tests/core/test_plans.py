"""What a site settles as a whole: what fits nowhere is refused with its name, whoever typed it."""

from datetime import datetime
from typing import Any

import pytest

from core import rulebook
from core.db import Database
from core.errors import Invalid
from core.models import Site
from core.settings import Settings
from tests.core.newsroom import Newsroom


@pytest.fixture
def newsroom(db: Database, settings: Settings, now: datetime) -> Newsroom:
    return Newsroom(db, settings, now)


def _wrong(newsroom: Newsroom, **values: Any) -> list[str]:
    """The fields that are refused."""
    with pytest.raises(Invalid) as refused:
        newsroom.plan(**values)
    return [error.field for error in refused.value.errors]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("match", (None, ["all"], "some")),
        ("fallback", (None, "1", 1, ["1"], [None], [True], [2**70], {"1": 1}, [99])),
        ("thresholds", (None, "x", 5, ["x"], [None], [1], [True], [2.5], [2**70])),
        ("remind_hours", ("3", 0, 2.5, True, [3], 8_761)),
        ("escalate_hours", ("3", 0, 2.5, True, [3], 8_761)),
        ("escalate_to", (5, ["zhanar@dala.example.kz"], "nobody@example.kz")),
        ("weekly_at", (9, ["mon 09:00"], "mon")),
        ("summary_at", (9, ["mon 09:00"], "mon")),
    ],
)
def test_what_is_no_plan_is_refused_at_its_field(
    newsroom: Newsroom, field: str, values: tuple[object, ...]
) -> None:
    for value in values:
        assert _wrong(newsroom, **{field: value}) == [field], value


def test_all_that_is_wrong_is_named(newsroom: Newsroom) -> None:
    assert _wrong(newsroom, thresholds="x", fallback=None, remind_hours="3") == [
        "remind_hours",
        "thresholds",
        "fallback",
    ]


def test_nothing_is_passed_on_before_it_is_reminded_of(newsroom: Newsroom) -> None:
    assert _wrong(newsroom, remind_hours=5, escalate_hours=1) == ["escalate_hours"]
    newsroom.plan(remind_hours=5, escalate_hours=5)
    assert _wrong(newsroom, remind_hours=6) == ["escalate_hours"]
    assert _wrong(newsroom, escalate_hours=4) == ["escalate_hours"]
    newsroom.plan(remind_hours=None, escalate_hours=1)


@pytest.mark.parametrize(
    ("field", "then"),
    [
        ("then.channels", {"channels": 5}),
        ("then.channels", {"channels": ["5"]}),
        ("then.people", {"people": 5}),
        ("then.people", {"people": [5]}),
        ("then.assign", {"assign": 5}),
    ],
)
def test_what_is_no_rule_is_refused_at_its_field(
    newsroom: Newsroom, field: str, then: dict[str, Any]
) -> None:
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        with pytest.raises(Invalid) as refused:
            rulebook.read_rule(session, site, rulebook.Draft("Sport", {}, then))
    assert [error.field for error in refused.value.errors] == [field]
