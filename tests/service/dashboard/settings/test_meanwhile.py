"""Two administrators at one form of the settings: the second replaces nothing unknowingly."""

from typing import Any

import pytest
from sqlalchemy import select

from core.models import Channel, RoutingRule
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Opened, Person

SITE = {
    "url": "https://dala.example.kz/",
    "origins": "https://m.dala.example.kz",
    "language": "kk",
    "languages": ["kk", "ru"],
    "timezone": "Asia/Almaty",
}
SNIPPET = {
    "mode": "correct",
    "widget_language": "",
    "key": "ctrl+enter",
    "include": "",
    "exclude": "",
}
RULE = {"section": "Спорт", "channels": "1", "do": "save"}
PLAN = {"match": "all", "remind_hours": "", "escalate_hours": ""}
TOLD = "Nothing was saved: somebody else has changed"
FORMS: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "site": ("site", "site", "name", SITE, "#name"),
    "snippet": ("snippet", "snippet", "accent", SNIPPET, "#accent"),
    "privacy": ("privacy", "privacy", "privacy.kk", {}, "#privacy-kk"),
    "cms": ("cms", "cms", "edit_link", {}, "#edit_link"),
    "words": ("words", "words", "words", {}, "#words"),
    "rule": ("rules/{rule}", "rules/{rule}", "name", RULE, "#name"),
    "plan": ("rules", "rules/plan", "thresholds", PLAN, "#thresholds"),
    "channel": ("channels/{channel}", "channels/{channel}", "daily_at", {"new": "daily"}, ""),
}
TYPED = {
    "snippet": ("#8c1d18", "#0b6472", "#1d6b3a"),
    "cms": tuple(f"https://{part}.example.kz/?post={{cms_id}}" for part in ("a", "b", "c")),
    "plan": ("3", "5", "7"),
    "channel": ("07:00", "08:00", "09:00"),
}
WORDS = ("Дала", "Тау", "Өзен")


@pytest.fixture
def admins(web: Web, person: NewPerson) -> tuple[Person, Person]:
    """Two who administer the site, which has a channel and a rule."""
    first, second = (person("admin", email=f"{name}@dala.example.kz") for name in ("ab", "cd"))
    assert (
        first.send(f"/settings/{web.site.id}/rules/new", None, name="Sport", **RULE).status == 303
    )
    return first, second


def _seen(opened: Opened, action: str) -> str:
    return opened.values(f"form[action$='{action}'] input[name=seen]", "value")[0]


@pytest.mark.parametrize("form", FORMS)
def test_the_second_is_told_keeps_what_was_typed_and_may_save_once_more(
    web: Web, admins: tuple[Person, Person], form: str
) -> None:
    first, second = admins
    page, to, field, rest, place = FORMS[form]
    with web.db.read() as session:
        numbers = {
            "rule": session.scalars(select(RoutingRule.id)).one(),
            "channel": session.scalars(select(Channel.id)).one(),
        }
    here = f"/settings/{web.site.id}/{page}".format(**numbers)
    there = f"/settings/{web.site.id}/{to}".format(**numbers)
    mine, theirs, last = TYPED.get(form, WORDS)
    seen = _seen(second.open(here), there)
    own = _seen(first.open(here), there)
    assert first.send(there, None, **rest, **{field: theirs}, seen=own).status == 303

    refused = second.send(there, None, **rest, **{field: mine}, seen=seen)
    assert refused.status == 409
    assert TOLD in refused.text("[role=alert]")
    shown = place or f"[name='{field}']"
    assert mine in (refused.values(shown, "value") + refused.texts(shown))
    now = first.open(here)
    assert theirs in (now.values(shown, "value") + now.texts(shown))

    again = {"seen": _seen(refused, there)}
    assert second.send(there, None, **rest, **{field: mine}, **again).status == 303
    now = first.open(here)
    assert mine in (now.values(shown, "value") + now.texts(shown))
    assert first.send(there, None, **rest, **{field: last}, seen=own).status == 409


def test_what_is_wrong_does_not_hide_that_another_was_faster(
    web: Web, admins: tuple[Person, Person]
) -> None:
    first, second = admins
    at = f"/settings/{web.site.id}/site"
    seen = _seen(second.open(at), at)
    wrong = second.send(at, None, **SITE, name=" ", seen=seen)
    assert wrong.status == 422
    assert first.send(at, None, **SITE, name="Дала", seen=seen).status == 303
    assert second.send(at, None, **SITE, name="Тау", seen=_seen(wrong, at)).status == 409
