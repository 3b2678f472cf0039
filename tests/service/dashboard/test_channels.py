"""Channels on the desk: added, tried, set to a rhythm, given another secret, taken away."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from core import delivery
from core.accounts.passwords import hashed
from core.clock import utcnow
from core.models import AdministrativeAct, Channel, Delivery, User
from core.sealing import unseal
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Opened, Person

PASSWORD = "kök ala qaz ushty"


@pytest.fixture
def admin(web: Web, person: NewPerson) -> Person:
    """An administrator who has a password to say again."""
    here = person("admin")
    with web.db.write() as session:
        session.get_one(User, here.user.id).password_hash = hashed(PASSWORD)
    return here


def _at(web: Web, rest: str = "") -> str:
    return f"/settings/{web.site.id}/channels{rest}"


def _chosen(opened: Opened, field: str) -> list[str]:
    return opened.values(f"{field} option[selected]", "value")


def test_a_webhooks_secret_is_shown_once_and_another_after_the_password(
    web: Web, admin: Person
) -> None:
    made = admin.send(
        _at(web), kind="webhook", target="https://hooks.example.kz/t", password=PASSWORD
    )
    secret = made.text("#made-secret")
    with web.db.read() as session:
        channel = session.scalars(select(Channel).where(Channel.kind == "webhook")).one()
    assert made.status == 201
    assert unseal(str(channel.sealed_secret), web.settings.secret_key) == secret
    assert secret not in admin.open(_at(web, f"/{channel.id}")).text()
    refused = admin.send(_at(web, f"/{channel.id}/rotate"), password="guess")
    assert refused.status == 403
    turned = admin.send(_at(web, f"/{channel.id}/rotate"), password=PASSWORD)
    assert re.match("whsec_", turned.text("#made-secret"))
    assert turned.text("#made-secret") != secret
    with web.db.read() as session:
        book = [(act.act, str(vars(act))) for act in session.scalars(select(AdministrativeAct))]
    assert [act for act, _ in book] == ["channel added", "channel rotated"]
    assert not any("whsec_" in line for _, line in book)


def test_a_wrong_address_is_told_at_its_field_and_stays_typed(web: Web, admin: Person) -> None:
    answer = admin.send(_at(web), kind="telegram", target="nowhere", password=PASSWORD)
    assert answer.status == 422
    assert answer.values("#target", "value") == ["nowhere"]
    assert answer.values("#target", "aria-invalid") == ["true"]
    assert _chosen(answer, "#kind") == ["telegram"]


def test_a_wrong_secret_is_told_at_the_secret(web: Web, admin: Person) -> None:
    for kind, target in (("slack", "C0123ABCD"), ("telegram", "-100123")):
        answer = admin.send(_at(web), kind=kind, target=target, secret="xoxb-1", password=PASSWORD)
        assert answer.values("[aria-invalid]", "id") == ["secret"], kind
        assert answer.values("[autofocus]", "id") == ["secret"], kind
        assert answer.values("#target", "value") == [target], kind


def test_minutes_that_are_none_are_told_at_the_minutes(web: Web, admin: Person) -> None:
    answer = admin.send(_at(web, "/1"), new="daily", minutes="x", language="kk")
    assert answer.values("[aria-invalid]", "id") == ["minutes"]
    assert answer.values("#minutes", "value") == ["x"]
    assert _chosen(answer, "#new") == ["daily"]


def test_a_channel_is_set_to_a_rhythm(web: Web, admin: Person) -> None:
    fields: dict[str, Any] = {
        "minutes": "20",
        "fact": "now",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
    }
    assert admin.send(_at(web, "/1"), language="ru", **fields).status == 303
    with web.db.read() as session:
        channel = session.get_one(Channel, 1)
    wanted = {"new": "20m", "kinds": {"fact": "now"}, "quiet": ["22:00", "07:00"]}
    assert (channel.options, channel.language) == (wanted, "ru")
    shown = admin.open(_at(web, "/1"))
    assert _chosen(shown, "#new") == ["20m"]
    wrong = admin.send(_at(web, "/1"), quiet_from="22:00")
    assert wrong.status == 422
    assert wrong.values("#quiet_from", "value") == ["22:00"]


def test_a_test_shows_what_came_of_it(web: Web, admin: Person) -> None:
    good = admin.send(_at(web, "/1/test"))
    assert "not taken" not in good.text(".notice.good")
    with web.db.write() as session:
        session.get_one(Channel, 1).target = "no address"
    assert admin.send(_at(web, "/1/test")).page.css_first(".notice.error") is not None
    with web.db.write() as session:
        session.get_one(Channel, 1).options = {"stopped": True}
    barred = admin.send(_at(web, "/1/test"))
    assert (barred.status, barred.page.css_first(".notice.error") is not None) == (409, True)


def test_a_channel_is_said_to_work_once_it_has_taken_something(web: Web, admin: Person) -> None:
    assert admin.open(_at(web, "/1")).texts("dd .status") == ["waits for an error"]
    web.case()
    with web.db.write() as session:
        session.query(Delivery).filter_by(channel_id=1).one().sent_at = utcnow()
    assert admin.open(_at(web, "/1")).texts("dd .status") == ["works"]
    assert admin.open(_at(web)).texts("td .status") == ["works"]


def test_a_paused_channel_says_why_and_goes_on_when_it_is_resumed(web: Web, admin: Person) -> None:
    admin.send(_at(web, "/1/pause"))
    listed = admin.open(_at(web))
    assert listed.values("td .status", "data-status") == ["dismissed"]  # no fault, somebody's wish
    assert listed.texts("td .meta")[-1] == "by hand"
    with web.db.write() as session:
        session.get_one(Channel, 1).paused_why = "The mail server cannot be reached."
    assert admin.open(_at(web)).values("td .status", "data-status") == ["regressed"]
    admin.send(_at(web, "/1/resume"))
    with web.db.read() as session:
        assert session.get_one(Channel, 1).paused_at is None
    assert web.bell.rung


@pytest.mark.parametrize(
    ("language", "why", "said"),
    [
        ("kk", "by hand", "қолмен"),
        ("ru", "The mail server cannot be reached.", "До почтового сервера не достучаться."),
    ],
)
def test_everybody_reads_in_their_own_language_why_a_channel_is_paused(
    web: Web, person: NewPerson, language: str, why: str, said: str
) -> None:
    reader = person("admin", language=language)
    with web.db.write() as session:
        delivery.pause(session.get_one(Channel, 1), why, utcnow())
    for place in ("", "/1"):
        page = reader.open(_at(web, place)).text("main")
        assert said in page
        assert why not in page


def test_a_channel_is_only_removed_after_the_password(web: Web, admin: Person) -> None:
    assert admin.send(_at(web, "/1/remove")).status == 422
    assert admin.send(_at(web, "/1/remove"), password=PASSWORD).status == 303
    assert admin.open(_at(web, "/1")).status == 404
    assert admin.open(_at(web)).texts("tbody tr") == []


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "http://0x7f.1/x", "http://localhost:8080/", "http://[::1]/"]
)
def test_a_webhook_that_no_delivery_would_reach_is_refused_at_the_form(
    web: Web, admin: Person, url: str
) -> None:
    fields: dict[str, Any] = {"kind": "webhook", "target": url, "password": PASSWORD}
    refused = admin.send(_at(web), **fields)
    assert refused.status == 422
    assert "TUZET_PRIVATE_NETWORKS" in refused.text("#wrong-target")
    assert refused.values("#target", "value") == [url]


def test_a_channel_that_fails_says_why(web: Web, admin: Person) -> None:
    web.case()
    with web.db.write() as session:
        message = session.scalars(select(Delivery)).one()
        message.last_error = "550 no such user"
        session.get_one(Channel, message.channel_id).failures = 1
        at = _at(web, f"/{message.channel_id}")
    assert "550 no such user" in admin.open(at).text(".facts")
    with web.db.write() as session:
        session.get_one(Channel, message.channel_id).failures = 0
    assert "550" not in admin.open(at).text(".facts")
