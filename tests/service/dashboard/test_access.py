"""Who may come into which room: every route of the desk with every role."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from core.models import Case, Delivery, Membership
from service.dashboard.access import right_of
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, NewPerson, Opened

RANKS = {"nobody": 0, "viewer": 1, "editor": 2, "admin": 3, "owner": 4}
OPEN_TO_ALL = {
    "asset",
    "do_log_in",
    "come_from_provider",
    "do_second_step",
    "join_through_provider",
    "leave_for_provider",
    "second_step_owed",
    "entrance",
    "favicon",
    "feed",
    "do_join",
    "join",
    "log_in",
    "log_out",
}


def _routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every way into the desk: endpoint, method, path with its places to fill."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("desk."):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, method, rule.rule


def _filled(rule: str, case_id: int, delivery_id: int) -> str:
    return (
        rule.replace("<int:case_id>", str(case_id))
        .replace("<int:delivery_id>", str(delivery_id))
        .replace("<int:view_id>", "1")
        .replace("<key>", "0-0")
        .replace("<secret>", "0")
        .replace("<session_id>", "0")
        .replace("<int:user_id>", "1")
        .replace("<int:site_id>", "1")
        .replace("<int:token_id>", "1")
        .replace("<int:channel_id>", "1")
        .replace("<int:rule_id>", "1")
        .replace("<int:duty_id>", "1")
        .replace("<int:invitation_id>", "1")
        .replace("<digest>/<name>", "0/desk.css")
    )


@pytest.fixture
def case(web: Web) -> Case:
    return web.case()


@pytest.fixture
def delivery_id(web: Web, case: Case) -> int:
    with web.db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.status = "dead"
        return delivery.id


def test_every_route_says_who_may_use_it(web: Web) -> None:
    with web.app.app_context():
        silent = [e for e, _, _ in _routes(web.app) if right_of(e) is None]
        anyone = {
            e.removeprefix("desk.") for e, _, _ in _routes(web.app) if right_of(e) == "anyone"
        }
    assert silent == []
    assert anyone == OPEN_TO_ALL


@pytest.mark.parametrize("role", ["nobody", "viewer", "editor", "admin", "owner"])
def test_a_route_lets_in_whom_it_says(
    web: Web, person: NewPerson, case: Case, delivery_id: int, role: str
) -> None:
    client = web.app.test_client() if role == "nobody" else person(role).client
    someone = None if role == "nobody" else person(role, email="second@dala.example.kz")
    for endpoint, method, rule in _routes(web.app):
        with web.app.app_context():
            right = right_of(endpoint)
        if right == "anyone":
            continue
        path = _filled(rule, case.id, delivery_id)
        if someone is None:
            answer = Opened(client.open(path, base_url=BASE, method=method))
            assert answer.status == 303, endpoint
            assert answer.address.startswith("/login"), endpoint
            continue
        sent = someone.open(path) if method == "GET" else someone.send(path)
        allowed = RANKS[role] >= RANKS[str(right)]
        assert (sent.status != 403) == allowed, (endpoint, sent.status)


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_what_belongs_to_another_site_is_not_there(
    web: Web, person: NewPerson, case: Case, delivery_id: int, role: str
) -> None:
    assert person("editor", email="home@dala.example.kz").user.id == 1  # whom the routes name
    stranger = person(role, web.other_site(), email="stranger@tan.example.kz")
    objects = [r for r in _routes(web.app) if "_id>" in r[2]]
    assert len(objects) >= 4
    for endpoint, method, rule in objects:
        path = _filled(rule, case.id, delivery_id)
        sent = (
            stranger.open(path) if method == "GET" else stranger.send(path, do="accept", text="x")
        )
        with web.app.app_context():
            wanted = 403 if RANKS[role] < RANKS[str(right_of(endpoint))] else 404
        assert sent.status == wanted, (endpoint, method)
    assert stranger.open("/queue").texts(".case") == []
    if role != "viewer":
        assert stranger.open("/deliveries").texts("tbody tr") == []


def test_a_viewer_sees_no_button_that_decides(web: Web, person: NewPerson, case: Case) -> None:
    viewer = person("viewer")
    queue, page = viewer.open("/queue"), viewer.open(f"/cases/{case.id}")
    assert queue.page.css_first(".case") is not None
    assert queue.page.css("[name=do], .tick") == []
    assert page.page.css("[name=do], textarea") == []


def test_an_editor_of_one_site_only_looks_at_the_other(web: Web, person: NewPerson) -> None:
    case, both = web.case(), person("editor", web.other_site(), email="both@dala.example.kz")
    with web.db.write() as session:
        session.add(Membership(user_id=both.user.id, site_id=web.site.id, role="viewer"))
    assert both.open(f"/cases/{case.id}").page.css("[name=do]") == []
    assert both.decide(case, "accept").status == 403
    assert both.web_case(case).status == "new"
    sent = both.send(
        "/queue", {"Tuzet-Part": "rows"}, do="accept", case=case.id, **{f"version-{case.id}": 1}
    )
    assert "not an editor" in sent.text(".said")
