"""Channels, rules, plans and rosters by the API, and whose they are."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from core.models import AdministrativeAct, Channel, Delivery, RoutingRule
from core.sealing import unseal
from service.api.operations import OPERATIONS, Operation
from tests.service.conftest import Web

API = "/api/v1"
CHANNEL = {"site": "dala", "kind": "email", "target": "sport@dala.example.kz"}
RULE = {"site": "dala", "name": "Sport", "when": {"section": ["Спорт"]}, "then": {"channels": [1]}}
TURN = {
    "site": "dala",
    "person": "editor.0@dala.example.kz",
    "begins_at": "2026-01-01T00:00:00Z",
    "ends_at": "2026-12-31T00:00:00Z",
}
OURS = ("/channels", "/rules", "/plans", "/duties")


def _ours() -> Iterator[Operation]:
    """What is taken away is taken away last."""
    found = [each for each in OPERATIONS if each.path.startswith(OURS)]
    yield from sorted(found, key=lambda each: each.method == "DELETE")


def _bodies(each: Operation, turn: Any) -> Any:
    return {
        ("POST", "/channels"): CHANNEL,
        ("PATCH", "/channels/{channel_id}"): {"rhythm": {"new": "15m"}},
        ("POST", "/rules"): RULE,
        ("PATCH", "/rules/{rule_id}"): {"position": 1},
        ("POST", "/rules/rehearse"): {"site": "dala"},
        ("PATCH", "/plans/{site_key}"): {"match": "first"},
        ("POST", "/duties"): turn,
    }.get((each.method, each.path))


def _call(web: Web, each: Operation, who: dict[str, str], turn: Any = TURN) -> int:
    path = each.path
    for name in ("channel_id", "rule_id", "duty_id"):
        path = path.replace(f"{{{name}}}", "1")
    path = path.replace("{site_key}", "dala")
    query = {"site": "dala"} if each.query else None
    answer = web.client.open(
        API + path, method=each.method, json=_bodies(each, turn), query_string=query, headers=who
    )
    return answer.status_code


def _filled(web: Web) -> None:
    """One rule and one turn, beside the channel that the site has."""
    admin = web.token("admin")
    email = list(web.people)[-1]
    web.client.post(f"{API}/rules", json=RULE, headers=admin)
    web.client.post(f"{API}/duties", json={**TURN, "person": email}, headers=admin)


@pytest.mark.parametrize(("role", "wanted"), [("viewer", 403), ("editor", 403), ("admin", 200)])
def test_only_administrators_of_the_site_reach_its_ways(web: Web, role: str, wanted: int) -> None:
    _filled(web)
    web.token("editor")
    turn = {**TURN, "person": list(web.people)[-1]}
    who = web.token(role)
    statuses = {f"{each.method} {each.path}": _call(web, each, who, turn) for each in _ours()}
    statuses.pop("POST /channels/{channel_id}/rotate")  # a mail channel has no secret of ours
    assert set(statuses.values()) == {wanted}, statuses


def test_what_belongs_to_another_site_is_not_there(web: Web) -> None:
    _filled(web)
    stranger = web.token("admin", web.other_site())
    statuses = {f"{each.method} {each.path}": _call(web, each, stranger) for each in _ours()}
    assert set(statuses.values()) == {404}, statuses
    assert web.client.get(f"{API}/channels", headers=stranger).get_json()["items"] == []


def test_a_webhook_tells_its_secret_once_and_the_book_never(web: Web) -> None:
    admin = web.token("admin")
    made = web.client.post(
        f"{API}/channels",
        json={"site": "dala", "kind": "webhook", "target": "https://hooks.example.kz/t"},
        headers=admin,
    ).get_json()
    listed = web.client.get(f"{API}/channels?site=dala", headers=admin).get_json()["items"]
    assert made["secret"].startswith("whsec_")
    assert all("secret" not in each for each in listed)
    turned = web.client.post(f"{API}/channels/{made['id']}/rotate", headers=admin).get_json()
    with web.db.read() as session:
        kept = session.get_one(Channel, made["id"]).sealed_secret
        book = [str(vars(act)) for act in session.scalars(select(AdministrativeAct))]
    assert unseal(str(kept), web.settings.secret_key) == turned["secret"] != made["secret"]
    assert len(book) == 2
    assert not any("whsec_" in line for line in book)


def test_an_address_that_no_delivery_would_reach_is_named(web: Web) -> None:
    for target in ("http://169.254.169.254/", "https://[::1]/x", "http://localhost:8080/"):
        wanted = {"site": "dala", "kind": "webhook", "target": target}
        answer = web.client.post(f"{API}/channels", json=wanted, headers=web.token("admin"))
        assert answer.status_code == 422
        (fault,) = answer.get_json()["errors"]
        assert fault["field"] == "target"
        assert "TUZET_PRIVATE_NETWORKS" in fault["message"]


def test_a_wrong_rhythm_is_named_and_nothing_is_made(web: Web) -> None:
    answer = web.client.post(
        f"{API}/channels",
        json={**CHANNEL, "rhythm": {"new": "sometimes", "quiet": "late"}},
        headers=web.token("admin"),
    )
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.get_json()["errors"]} == {"new", "quiet"}
    with web.db.read() as session:
        assert len(session.scalars(select(Channel)).all()) == 1


def test_what_is_emptied_is_as_usual_again(web: Web) -> None:
    admin = web.token("admin")

    def set_(**rhythm: str) -> Any:
        answer = web.client.patch(f"{API}/channels/1", json={"rhythm": rhythm}, headers=admin)
        return answer.get_json()["rhythm"]

    wanted = {"new": "15m", "fact": "now", "quiet": "22:00-07:00"}
    assert set_(**wanted) == wanted
    assert set_(quiet="", fact="") == {"new": "15m"}


def test_a_removed_channel_hears_nothing_and_can_be_named_again(web: Web) -> None:
    admin = web.token("admin")
    web.client.post(f"{API}/rules", json=RULE, headers=admin)
    assert web.client.delete(f"{API}/channels/1", headers=admin).status_code == 200
    assert web.client.patch(f"{API}/channels/1", json={}, headers=admin).status_code == 404
    web.case()
    with web.db.read() as session:
        assert session.scalars(select(Delivery)).all() == []
        assert session.scalars(select(RoutingRule)).one().then["channels"] == []
        target = session.get_one(Channel, 1).target
    again = web.client.post(f"{API}/channels", json={**CHANNEL, "target": target}, headers=admin)
    assert again.get_json()["id"] == 1
    assert again.get_json()["state"] == "working"


def test_rules_are_put_in_another_order(web: Web) -> None:
    admin = web.token("admin")
    ids = [
        web.client.post(f"{API}/rules", json={**RULE, "name": name}, headers=admin).get_json()["id"]
        for name in ("first", "second", "third")
    ]
    web.client.patch(f"{API}/rules/{ids[2]}", json={"position": 1}, headers=admin)
    listed = web.client.get(f"{API}/rules?site=dala", headers=admin).get_json()["items"]
    assert [each["name"] for each in listed] == ["third", "first", "second"]


def test_a_rule_that_names_a_foreign_channel_is_refused(web: Web) -> None:
    answer = web.client.post(
        f"{API}/rules", json={**RULE, "then": {"channels": [99]}}, headers=web.token("admin")
    )
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == "then.channels"


def test_rules_are_tried_on_last_week_before_they_are_kept(web: Web) -> None:
    case = web.case()
    rule = {"name": "All", "then": {"channels": [1]}}
    tried = web.client.post(
        f"{API}/rules/rehearse", json={"site": "dala", "rules": [rule]}, headers=web.token("admin")
    ).get_json()["items"]
    assert [(each["case_id"], each["rules"]) for each in tried] == [(case.id, ["All"])]
    with web.db.read() as session:
        assert session.scalars(select(RoutingRule)).all() == []


def test_a_test_says_what_came_of_it(web: Web) -> None:
    told = web.client.post(f"{API}/channels/1/test", headers=web.token("admin")).get_json()
    assert (told["taken"], told["fault"]) == (True, None)
    listed = web.client.get(f"{API}/channels", headers=web.token("admin")).get_json()["items"]
    assert listed[0]["last_success_at"] is not None
