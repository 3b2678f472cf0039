"""Rules on the desk: written, tried on last week, moved; the plan, and who is on duty."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from core import rulebook
from core.clock import utcnow
from core.models import Channel, Duty, Membership, RoutingPlan, RoutingRule
from tests.factories import SITE_URL
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person

RULE: dict[str, Any] = {"name": "Sport", "section": "Спорт\nФутбол", "channels": "1", "do": "save"}


@pytest.fixture
def admin(person: NewPerson) -> Person:
    return person("admin")


def _at(web: Web, rest: str = "") -> str:
    return f"/settings/{web.site.id}/rules{rest}"


def _rules(web: Web) -> list[RoutingRule]:
    with web.db.read() as session:
        return list(session.scalars(select(RoutingRule).order_by(RoutingRule.position)))


def test_a_rule_is_written_and_changed(web: Web, admin: Person) -> None:
    fields: dict[str, Any] = {
        "kind": "fact",
        "hours_from": "22:00",
        "hours_until": "08:00",
        "assign": "duty",
    }
    assert admin.send(_at(web, "/new"), **RULE, **fields).status == 303
    (rule,) = _rules(web)
    assert rule.when == {
        "section": ["Спорт", "Футбол"],
        "kind": ["fact"],
        "hours": ["22:00", "08:00"],
    }
    assert rule.then == {"channels": [1], "assign": "duty"}
    shown = admin.open(_at(web, f"/{rule.id}"))
    assert shown.text("#section").split() == ["Спорт", "Футбол"]
    admin.send(_at(web, f"/{rule.id}"), name="All", people=admin.user.email, do="save")
    (rule,) = _rules(web)
    assert (rule.name, rule.when, rule.then) == ("All", {}, {"people": [admin.user.id]})


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(web: Web, admin: Person) -> None:
    answer = admin.send(_at(web, "/new"), **{**RULE, "channels": "99"}, hours_from="22:00")
    assert answer.status == 422
    assert answer.values("#name", "value") == ["Sport"]
    assert answer.values("#hours_from", "aria-invalid") == ["true"]
    assert answer.values("#hours_from", "value") == ["22:00"]
    assert _rules(web) == []
    never = admin.send(
        _at(web, "/new"), **RULE, hours_from="08:00", hours_until="08:00", priority_from="69"
    )
    assert never.values("[aria-invalid]", "name") == ["priority_from", "hours_from"]
    number = admin.send(_at(web, "/new"), **{**RULE, "name": ""}, kind="fact", priority_from="many")
    assert number.values("[aria-invalid]", "name") == ["name", "priority_from"]
    assert number.values("#priority_from", "value") == ["many"]
    assert number.text("#section").split() == ["Спорт", "Футбол"]
    assert number.values("[name=kind][checked]", "value") == ["fact"]
    assert number.values("[name=channels][checked]", "value") == ["1"]


def test_a_rule_is_tried_on_last_week_without_being_kept(web: Web, admin: Person) -> None:
    case = web.case()
    tried = admin.send(_at(web, "/new"), name="All", channels="1", do="try")
    assert tried.values("tbody a", "href") == [f"/cases/{case.id}"]
    assert _rules(web) == []
    admin.send(_at(web, "/new"), **RULE)
    assert admin.open(_at(web, "/rehearsal")).values("tbody a", "href") == [f"/cases/{case.id}"]


def test_what_goes_the_same_way_is_one_line_with_the_first_of_its_cases(
    web: Web, admin: Person
) -> None:
    for n in range(7):
        web.case(url=f"{SITE_URL}/{n}", canonical_url=None)
    tried = admin.open(_at(web, "/rehearsal"))
    assert len(tried.page.css("tbody tr")) == 1
    assert len(tried.page.css("tbody a")) == 5
    assert tried.text("tbody td:last-child").endswith(" and 2 more")


def test_a_channel_that_is_no_mail_is_named_by_its_kind(web: Web, admin: Person) -> None:
    with web.db.write() as session:
        row = session.get_one(Channel, 1)
        row.kind, row.target = "telegram", "-100123"
    admin.send(_at(web, "/new"), **RULE)
    listed = admin.open(_at(web))
    assert "Telegram -100123" in listed.text(".lines")
    assert "Telegram -100123" in listed.texts("label:has([name=fallback])")


def test_rules_are_moved_and_removed(web: Web, admin: Person) -> None:
    for name in ("first", "second"):
        admin.send(_at(web, "/new"), **{**RULE, "name": name})
    last = _rules(web)[1]
    admin.send(_at(web, f"/{last.id}/move"), to="up")
    assert [rule.name for rule in _rules(web)] == ["second", "first"]
    admin.send(_at(web, f"/{last.id}/remove"))
    assert [rule.name for rule in _rules(web)] == ["first"]


def test_the_plan_is_settled_for_the_site(web: Web, admin: Person) -> None:
    fields: dict[str, Any] = {
        "match": "first",
        "fallback": "1",
        "thresholds": "50, 10",
        "remind_hours": "24",
    }
    weekly: dict[str, Any] = {"weekly_day": "mon", "weekly_time": "08:30"}
    assert admin.send(_at(web, "/plan"), **fields, **weekly).status == 303
    with web.db.read() as session:
        plan = session.get_one(RoutingPlan, web.site.id)
    assert (plan.match, plan.fallback, plan.thresholds) == ("first", [1], [10, 50])
    assert (plan.remind_hours, plan.escalate_hours, plan.weekly_at) == (24, None, "mon 08:30")
    wrong = admin.send(_at(web, "/plan"), thresholds="many")
    assert wrong.status == 422
    assert wrong.values("#thresholds", "value") == ["many"]
    early = admin.send(_at(web, "/plan"), remind_hours="5", escalate_hours="1")
    assert early.status == 422
    assert early.values("#escalate_hours", "aria-invalid") == ["true"]
    assert early.values("#escalate_hours", "value") == ["1"]


def test_a_turn_is_by_the_clock_of_the_newsroom(web: Web, admin: Person) -> None:
    at = f"/settings/{web.site.id}/duties"
    turn: dict[str, Any] = {"begins_at": "2026-03-10T09:00", "ends_at": "2099-03-10T18:00"}
    wrong = admin.send(at, person=admin.user.email, **turn)
    assert wrong.values("#ends_at", "aria-invalid") == ["true"]
    assert wrong.text(".settings > .nav [aria-current]") == "Rules"
    turn["ends_at"] = "2026-12-01T09:00"
    assert admin.send(at, person=admin.user.email, **turn).status == 303
    with web.db.read() as session:
        duty = session.scalars(select(Duty)).one()
    assert duty.begins_at.isoformat() == "2026-03-10T04:00:00+00:00"
    admin.send(f"{at}/{duty.id}/remove")
    with web.db.read() as session:
        assert session.scalars(select(Duty)).all() == []


def test_who_decides_no_more_is_not_called_on_duty(
    web: Web, admin: Person, person: NewPerson
) -> None:
    former, now = person("editor", email="dana@dala.example.kz"), utcnow()
    with web.db.write() as session:
        for someone, hours in ((admin, 2), (former, 1)):
            begins, ends = now - timedelta(hours=hours), now + timedelta(days=1)
            rulebook.add_duty(session, web.site, someone.user.email, begins, ends)
    roster = "[aria-labelledby=h-roster]"
    assert admin.open(_at(web)).text(f"{roster} .push") == f"now: {former.user.name}"
    with web.db.write() as session:
        session.execute(delete(Membership).where(Membership.user_id == former.user.id))
    page = admin.open(_at(web))
    assert page.text(f"{roster} .push") == f"now: {admin.user.name}"
    marked = [row for row in page.texts(f"{roster} li") if "does not count" in row]
    assert [row.startswith(former.user.name) for row in marked] == [True]


def test_all_that_is_wrong_with_a_plan_is_told_at_once(web: Web, admin: Person) -> None:
    wrong = admin.send(
        _at(web, "/plan"),
        thresholds="many",
        remind_hours="soon",
        escalate_hours="-3",
        escalate_to="nobody@example.kz",
    )
    assert wrong.status == 422
    fields = ("thresholds", "remind_hours", "escalate_hours", "escalate_to")
    marked = [wrong.values(f"#{field}", "aria-invalid") for field in fields]
    assert marked == [["true"]] * 4
    assert wrong.values("[autofocus]", "id") == ["thresholds"]
    late = admin.send(_at(web, "/plan"), weekly_day="mon", weekly_time="9")
    assert late.values("[aria-invalid]", "id") == ["weekly_time"]
